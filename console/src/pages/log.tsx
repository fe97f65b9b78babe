import { Button, Group, Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useAddress } from '../parts/address';
import { AddressField } from '../parts/address-field';
import { EventList } from '../parts/event-list';
import { useList } from '../parts/list';
import { PageBody } from '../parts/page';
import { t } from '../text';

/** Okta's System Log: what was searched for and how is in the address, to be sent to others. */
export function LogPage() {
  const { get, set } = useAddress();
  const q = get('q') ?? '';
  const outcome = get('outcome');
  const filter = get('filter') ?? '';
  const [asked] = useDebouncedValue({ q, filter }, 300);
  const conditions = [
    ...(outcome === null ? [] : [`outcome.result eq "${outcome}"`]),
    ...(asked.filter === '' ? [] : [`(${asked.filter})`]),
  ];
  const live = get('live') === '1';
  const list = useList(
    '/api/v1/logs',
    { query: { sortOrder: 'DESCENDING', q: asked.q, filter: conditions.join(' and ') } },
    { live },
  );
  return (
    <PageBody
      title={t.log.title}
      actions={
        <Button variant="default" aria-pressed={live} onClick={() => set('live', live ? null : '1')}>
          {live ? t.log.stopFollowing : t.log.follow}
        </Button>
      }
    >
      <div className="u-surface">
        <Group p="md" align="flex-end">
          <AddressField name="q" style={{ flex: 1, minWidth: 180 }} label={t.log.search} />
          <Select
            label={t.log.outcome}
            placeholder={t.log.any}
            clearable
            clearButtonProps={{ 'aria-label': t.common.clear }}
            data={['SUCCESS', 'FAILURE', 'SKIPPED', 'DEFERRED']}
            value={outcome}
            onChange={(value) => set('outcome', value)}
          />
          <AddressField
            name="filter"
            style={{ flex: 2, minWidth: 240 }}
            label={t.log.filter}
            placeholder={t.log.filterExample}
          />
        </Group>
        <EventList list={list} />
      </div>
    </PageBody>
  );
}
