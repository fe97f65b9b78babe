import { EventDetail } from './event-detail';
import { EventList } from './event-list';
import { useAddress } from './address';
import { useList } from './list';

/** The events a filter of the log finds, each to be opened. */
export function EventTab({ filter }: { readonly filter: string }) {
  const { set } = useAddress();
  const list = useList('/api/v1/logs', { query: { sortOrder: 'DESCENDING', filter } });
  return (
    <div className="u-surface">
      <EventList list={list} onOpen={(event) => set('event', event.uuid)} />
      <EventDetail known={list.items ?? []} />
    </div>
  );
}
