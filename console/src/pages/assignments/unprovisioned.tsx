import { Button, Group, Select, Stack, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { get, send, type Schemas } from '../../api/client';
import { useMay } from '../../frame/session';
import { useAddress } from '../../parts/address';
import { Badge, type Tone } from '../../parts/badge';
import { ConfirmButton } from '../../parts/confirm';
import { PersonLink } from '../../parts/links';
import { ListTable, useList } from '../../parts/list';
import type { Column } from '../../parts/table';
import { isOver, RunProgress, useRun } from '../../parts/run-progress';
import { useChange } from '../../parts/said';
import { Empty, ErrorNote } from '../../parts/states';
import { t } from '../../text';

type Person = Schemas['UnprovisionedPerson'];
type Match = Person['match'];
/** What happens with an account that may be theirs. */
type Partial = 'link' | 'create';

const words = t.unprovisioned;
const matches = ['exact', 'partial', 'ambiguous', 'none', 'unknown'] as const;
const tones: Readonly<Record<Match, Tone>> = {
  exact: 'good',
  partial: 'warn',
  ambiguous: 'bad',
  none: 'quiet',
  unknown: 'quiet',
};

/** People who have the app and no account in it: compared with its accounts, looked at, and provisioned. */
export function Unprovisioned({ appId }: { readonly appId: string }) {
  const may = useMay();
  const { get: read, set } = useAddress();
  const match = matches.find((known) => known === read('match'));
  const list = useList('/usher/v1/apps/{appId}/unprovisioned', {
    path: { appId },
    query: match === undefined ? {} : { match },
  });
  const summary = useQuery({
    queryKey: ['unprovisioned', appId],
    queryFn: () => get('/usher/v1/apps/{appId}/unprovisioned/summary', { path: { appId }, unattended: true }),
  });
  const actions: readonly Column<Person>[] = may('apps.assign')
    ? [{ title: t.common.actions, cell: (person) => <PersonActions appId={appId} person={person} /> }]
    : [];
  const total = match === undefined ? summary.data?.total : summary.data?.[match];
  return (
    <>
      <Stack px="md" pb="md">
        <Text size="sm" c="var(--mantine-color-dimmed)" maw={720}>
          {words.what}
        </Text>
        <Group align="flex-end">
          <Select
            label={words.match}
            placeholder={words.any}
            clearable
            clearButtonProps={{ 'aria-label': t.common.clear }}
            data={matches.map((value) => ({ value, label: words.withCount(value, summary.data?.[value] ?? 0) }))}
            value={match ?? null}
            onChange={(value) => set('match', value)}
          />
          {may('apps.assign') && <Compare appId={appId} />}
          {may('apps.assign') && total !== undefined && total > 0 && (
            <ProvisionAll appId={appId} match={match} total={total} />
          )}
        </Group>
      </Stack>
      <ListTable
        label={words.list}
        list={list}
        keyOf={(person) => person.userId}
        empty={<Empty what={match === undefined ? words.empty : words.emptyFiltered} />}
        columns={[
          { title: t.people.name, cell: (person) => <PersonLink id={person.userId} name={nameOf(person)} /> },
          {
            title: words.match,
            cell: (person) => (
              <>
                <Badge tone={tones[person.match]}>{words.matches[person.match]}</Badge>
                <Text size="xs" mt={4} maw={300}>
                  {person.reason === null ? words.why[person.match] : sentence(person.reason)}
                </Text>
              </>
            ),
          },
          { title: words.account, cell: ({ accountName, externalId }) => accountName ?? externalId ?? '' },
          {
            title: words.changes,
            cell: ({ diff }) => <span className="u-mono">{diff?.map(({ attribute }) => attribute).join(', ')}</span>,
          },
          ...actions,
        ]}
      />
    </>
  );
}

/** What the server says within a sentence. */
function sentence(reason: string): string {
  return `${reason.charAt(0).toUpperCase()}${reason.slice(1)}.`;
}

function nameOf({ displayName, login }: Person): string {
  return displayName ?? login;
}

/** Reads the app's accounts once, with a bar; the list follows. */
function Compare({ appId }: { readonly appId: string }) {
  const [runId, setRunId] = useState<string>();
  const { data: run } = useRun(runId);
  const queries = useQueryClient();
  const over = isOver(run);
  useEffect(() => {
    if (!over) return;
    void queries.invalidateQueries({ queryKey: ['unprovisioned', appId] });
    void queries.invalidateQueries({ queryKey: ['list', '/usher/v1/apps/{appId}/unprovisioned'] });
  }, [over, queries, appId]);
  const compare = useChange(async () => {
    const begun = await send('post', '/usher/v1/apps/{appId}/unprovisioned/match', { path: { appId } });
    setRunId(begun.id);
  });
  return (
    <>
      <Button variant="default" loading={compare.isPending} onClick={() => compare.mutate(undefined)}>
        {words.compare}
      </Button>
      <ErrorNote error={compare.error} />
      {run !== undefined && !over && <RunProgress run={run} />}
      {run !== undefined && over && run.status !== 'SUCCEEDED' && (
        <Link className="u-link" to={`/admin/runs/${run.id}`}>
          {t.runs.statuses[run.status] ?? run.status}
        </Link>
      )}
    </>
  );
}

function ProvisionAll(props: { readonly appId: string; readonly match: Match | undefined; readonly total: number }) {
  const { appId, match, total } = props;
  const navigate = useNavigate();
  return (
    <ConfirmButton
      label={t.app.provisionAll(total)}
      title={words.allTitle(total)}
      consequence={words.allWhat}
      onConfirm={async () => {
        const body = match === undefined ? {} : { match };
        const run = await send('post', '/usher/v1/apps/{appId}/unprovisioned/provision', { path: { appId }, body });
        await navigate(`/admin/runs/${run.id}`);
      }}
    />
  );
}

/** What can be done for one: of an account that may be theirs it has to be said what becomes of it. */
function PersonActions({ appId, person }: { readonly appId: string; readonly person: Person }) {
  const provision = useChange(
    (partial: Partial | undefined) =>
      send('post', '/usher/v1/apps/{appId}/unprovisioned/provision', {
        path: { appId },
        body: { userIds: [person.userId], ...(partial === undefined ? {} : { partial }) },
      }),
    words.begun,
  );
  const button = (label: string, partial?: Partial) => (
    <Button
      size="compact-sm"
      variant="default"
      aria-label={t.common.actionOn(label, nameOf(person))}
      loading={provision.isPending && provision.variables === partial}
      onClick={() => provision.mutate(partial)}
    >
      {label}
    </Button>
  );
  return (
    <>
      <ErrorNote error={provision.error} />
      <Group gap="xs" wrap="nowrap">
        {person.match === 'partial' ? (
          <>
            {button(words.link, 'link')}
            {button(words.create, 'create')}
          </>
        ) : (
          button(words.provision)
        )}
      </Group>
    </>
  );
}
