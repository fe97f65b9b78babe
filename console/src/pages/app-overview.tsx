import { Group, Progress, SimpleGrid, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { get, type Schemas } from '../api/client';
import { whileWaiting } from '../api/unsettled';
import { Badge } from '../parts/badge';
import { ListTable, useList } from '../parts/list';
import { Card } from '../parts/page';
import { Empty, ErrorNote, Waiting } from '../parts/states';
import { Time } from '../parts/time';
import { t } from '../text';
import { UnprovisionedNote } from './app-unprovisioned';

type App = Schemas['Application'];

/** How far everybody is, and what was last written to the app. */
export function AppOverview({ app }: { readonly app: App }) {
  const { data, error, refetch } = useQuery({
    queryKey: ['progress', app.id],
    queryFn: () => get('/usher/v1/apps/{appId}/progress', { path: { appId: app.id }, unattended: true }),
    refetchInterval: ({ state }) => whileWaiting(state.data?.waiting ?? 0),
  });
  if (data === undefined)
    return error === null ? <Waiting /> : <ErrorNote error={error} retry={() => void refetch()} />;
  const { assigned, waiting, failed, unprovisioned } = data;
  // The rest: what is counted as in work may be a leaver's, who is assigned no more.
  const good = Math.max(0, assigned - waiting - failed - unprovisioned);
  return (
    <>
      <UnprovisionedNote appId={app.id} />
      <Card title={t.app.accounts}>
        <SimpleGrid cols={{ base: 2, sm: 4 }} mb="md">
          <Figure value={assigned} label={t.app.assigned} />
          <Figure value={good} label={t.app.asTheyShould} />
          <Figure value={waiting} label={t.app.waiting} />
          <Figure value={failed} label={t.app.failed} />
        </SimpleGrid>
        <Progress.Root size="lg">
          <Progress.Section
            value={assigned === 0 ? 0 : (100 * good) / assigned}
            aria-label={t.app.asTheyShould}
            aria-valuetext={t.app.goodOf(good, assigned)}
          />
        </Progress.Root>
        <Group mt="md">
          <Badge tone={data.health.state === 'OK' ? 'good' : 'warn'}>{t.health[data.health.state]}</Badge>
        </Group>
      </Card>
      <Operations appId={app.id} />
    </>
  );
}

function Figure({ value, label }: { readonly value: number; readonly label: string }) {
  return (
    <div>
      <Text fz="1.9rem" fw={650} lh={1.1}>
        {value.toLocaleString(t.locale)}
      </Text>
      <Text size="sm" c="var(--mantine-color-dimmed)">
        {label}
      </Text>
    </div>
  );
}

function Operations({ appId }: { readonly appId: string }) {
  const list = useList('/usher/v1/apps/{appId}/operations', { path: { appId }, query: { limit: 20 } });
  return (
    <section className="u-surface" aria-label={t.app.writes}>
      <Text component="h2" fw={650} p="md" m={0} fz="1.15rem">
        {t.app.writes}
      </Text>
      <ListTable
        label={t.app.writes}
        list={list}
        keyOf={(operation) => String(operation.id)}
        empty={<Empty what={t.app.noWrites} />}
        columns={[
          { title: t.log.time, cell: (operation) => <Time at={operation.at} /> },
          { title: t.app.kind, cell: (operation) => t.operationKinds[operation.kind] ?? operation.kind },
          {
            title: t.app.changes,
            cell: (operation) => <span className="u-mono">{namesOf(operation.changes)}</span>,
          },
          {
            title: t.log.outcome,
            cell: (operation) => (
              <>
                <Badge
                  tone={operation.outcome === 'SUCCESS' ? 'good' : operation.outcome === 'FAILURE' ? 'bad' : 'warn'}
                >
                  {operation.outcome}
                </Badge>
                {operation.error !== null && (
                  <Text size="xs" mt={4} maw={360}>
                    {operation.error}
                  </Text>
                )}
              </>
            ),
          },
          { title: t.app.took, cell: (operation) => t.app.ms(Math.round(operation.durationMs)) },
        ]}
      />
    </section>
  );
}

function namesOf(changes: unknown): string {
  return typeof changes === 'object' && changes !== null ? Object.keys(changes).join(', ') : '';
}
