import { Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { get, type Schemas } from '../api/client';
import { useMay } from '../frame/session';
import { t } from '../text';
import type { LogEvent } from './event-list';
import { Facts } from './facts';
import { ErrorNote, Waiting } from './states';
import { Table } from './table';

/** What the event changed: of a write to an app the values before and after, of anything else what was recorded with it. */
export function EventChanges({ event }: { readonly event: LogEvent }) {
  const may = useMay();
  const appId = event.target.find(({ type }) => type === 'AppInstance')?.id ?? null;
  const userId = event.target.find(({ type }) => type === 'User')?.id ?? null;
  const isWrite = event.eventType.startsWith('application.provision.user.');
  const asks = isWrite && appId !== null && userId !== null && may('apps.read');
  const written = useQuery({
    queryKey: ['log-event', 'write', event.uuid],
    queryFn: async () => {
      const query = { userId: userId ?? '', limit: 500 };
      const writes = await get('/usher/v1/apps/{appId}/operations', { path: { appId: appId ?? '' }, query });
      return writes.find(({ at }) => at === event.published) ?? null;
    },
    enabled: asks,
  });
  const recorded = Object.entries(event.debugContext.debugData).filter(([name]) => !ofRequest.includes(name));
  const changes = written.data == null ? [] : changesOf(written.data);
  if (asks && written.data === undefined && written.error === null) return <Waiting />;
  return (
    <Stack>
      <ErrorNote error={written.error} />
      {changes.length > 0 && <ChangeTable changes={changes} />}
      {recorded.length > 0 && (
        <Facts label={t.log.recorded} facts={recorded.map(([name, value]) => [name, wordOf(value)] as const)} />
      )}
      {changes.length === 0 && recorded.length === 0 && <Text size="sm">{t.log.noChanges}</Text>}
    </Stack>
  );
}

/** What every request says of itself is in the summary. */
const ofRequest = ['requestId', 'requestUri'];

export interface Change {
  readonly name: string;
  readonly before: string;
  readonly after: string;
}

export function ChangeTable({ changes }: { readonly changes: readonly Change[] }) {
  return (
    <Table
      label={t.log.tabs.changes}
      flush
      items={changes}
      keyOf={({ name }) => name}
      columns={[
        { title: t.log.attribute, cell: ({ name }) => name },
        { title: t.log.before, cell: ({ before }) => (before === '' ? '–' : <del>{before}</del>) },
        { title: t.log.after, cell: ({ after }) => (after === '' ? '–' : <ins>{after}</ins>) },
      ]}
    />
  );
}

/** What a write changed, attribute by attribute. */
export function changesOf({ before, changes }: Schemas['Operation']): readonly Change[] {
  const old = flat(before);
  return [...flat(changes)].flatMap(([name, value]) => {
    const [was, is] = [wordOf(old.get(name)), wordOf(value)];
    return was === is ? [] : [{ name, before: was, after: is }];
  });
}

/** The values of an account by their names; those of its profile beside the others. */
function flat(image: unknown): ReadonlyMap<string, unknown> {
  if (typeof image !== 'object' || image === null) return new Map();
  return new Map(
    Object.entries(image).flatMap(([name, value]) =>
      name === 'profile' ? [...flat(value)] : [[name, value] as const],
    ),
  );
}

export function wordOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
