import { Progress, SimpleGrid, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { progressOf } from '../api/app-progress';
import type { Schemas } from '../api/client';
import { AppHealth } from '../parts/app-health';
import { changesOf } from '../parts/event-changes';
import { Figure } from '../parts/figure';
import { ListTable, useList } from '../parts/list';
import { Outcome } from '../parts/outcome';
import { Card } from '../parts/page';
import { Empty, ErrorNote, Waiting } from '../parts/states';
import { Time } from '../parts/time';
import { t } from '../text';
import { UnprovisionedNote } from './app-unprovisioned';

type App = Schemas['Application'];
type Operation = Schemas['Operation'];

/** How far everybody is, and what was last written to the app. */
export function AppOverview({ app }: { readonly app: App }) {
  return (
    <>
      <UnprovisionedNote appId={app.id} />
      <Progressed app={app} />
      <Operations appId={app.id} />
    </>
  );
}

function Progressed({ app }: { readonly app: App }) {
  const progress = useQuery(progressOf([app.id]));
  const { error, refetch } = progress;
  const data = progress.data?.get(app.id);
  if (progress.isPending || progress.isPlaceholderData) return <Waiting />;
  if (data === undefined && error !== null) return <ErrorNote error={error} retry={() => void refetch()} />;
  // It went, or it may not be seen any more, since the page was opened.
  if (data === undefined) return null;
  const { assigned, waiting, failed, unprovisioned } = data;
  const here = `/admin/applications/${app.id}`;
  // The rest: what is counted as in work may be a leaver's, who is assigned no more.
  const good = Math.max(0, assigned - waiting - failed - unprovisioned);
  return (
    <Card title={t.app.accounts} actions={<AppHealth {...data} />}>
      <SimpleGrid cols={{ base: 2, sm: 4 }} mb="md">
        <Figure value={assigned} label={t.app.assigned} to={`${here}/assignments`} />
        <Figure value={good} label={t.app.asTheyShould} to={`${here}/accounts?state=SYNCHRONIZED`} />
        <Figure value={waiting} label={t.app.waiting} to={`${here}/accounts?state=OUT_OF_SYNC`} />
        <Figure value={failed} label={t.app.failed} to={`${here}/accounts?state=ERROR`} />
      </SimpleGrid>
      <Progress.Root size="lg">
        <Progress.Section
          value={assigned === 0 ? 0 : (100 * good) / assigned}
          aria-label={t.app.asTheyShould}
          aria-valuetext={t.app.goodOf(good, assigned)}
        />
      </Progress.Root>
    </Card>
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
          { title: t.app.whom, cell: (operation) => <Whom operation={operation} />, heads: true },
          { title: t.app.kind, cell: (operation) => t.operationKinds[operation.kind] ?? operation.kind },
          {
            title: t.app.changes,
            cell: (operation) => <Names operation={operation} />,
          },
          {
            title: t.log.outcome,
            cell: (operation) => (
              <>
                <Outcome result={operation.outcome} />
                {operation.error !== null && (
                  <Text size="xs" mt={4} maw={360}>
                    {operation.error}
                  </Text>
                )}
              </>
            ),
          },
          {
            title: t.app.took,
            cell: ({ durationMs }) => <Text style={{ whiteSpace: 'nowrap' }}>{t.app.ms(Math.round(durationMs))}</Text>,
          },
        ]}
      />
    </section>
  );
}

function Whom({ operation: { userId, subject } }: { readonly operation: Operation }) {
  if (userId === null || subject === null) return subject;
  return (
    <Link className="u-link" to={`/admin/people/${userId}`}>
      {subject}
    </Link>
  );
}

/** Names shown of one write; an account has dozens. */
const namesMax = 4;

function Names({ operation }: { readonly operation: Operation }) {
  const names = changesOf(operation)
    .map(({ name }) => name)
    .filter((name) => !ownNames.includes(name));
  const more = names.length - namesMax;
  return (
    <>
      <span className="u-mono">{names.slice(0, namesMax).join(', ')}</span>
      {more > 0 && <Text size="xs">{t.app.moreChanges(more)}</Text>}
    </>
  );
}

/** What Usher writes down with a write and does not send: the group of its own, and how it knows that it was done. */
const ownNames: readonly string[] = ['group', 'proof'];
