import { Button, Group, SegmentedControl, Stack, Text, useMatches } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { send, type Schemas } from '../../api/client';
import { Badge, type Tone } from '../../parts/badge';
import { ListTable, useList } from '../../parts/list';
import { Empty, ErrorNote } from '../../parts/states';
import { t } from '../../text';
import { StepCard } from './step-card';
import { useKeep } from './steps';
import type { StepProps } from './wizard';

type Kind = Schemas['WizardAccount']['match'];
type Counts = NonNullable<Schemas['WizardDraft']['match']>;
const kinds = ['exact', 'partial', 'ambiguous', 'none'] as const;
const tones: Readonly<Record<Kind, Tone>> = { exact: 'good', partial: 'warn', ambiguous: 'bad', none: 'quiet' };

/** Whose the accounts are that the app has already. Nothing is linked here. */
export function MatchStep({ wizard, goTo }: StepProps) {
  const keep = useKeep();
  const isDone = wizard.draft.done.includes('match');
  const { match } = wizard.draft;
  const compare = useMutation({
    mutationFn: async () =>
      keep(await send('post', '/usher/v1/wizards/{wizardId}/match', { path: { wizardId: wizard.id } })),
  });
  return (
    <StepCard
      step="match"
      onBack={() => goTo('mappings')}
      forward={isDone && <Button onClick={() => goTo('people')}>{t.common.goOn}</Button>}
    >
      <Stack>
        <Text size="sm">{t.wizard.matchWhat}</Text>
        <ErrorNote error={compare.error} />
        <Group>
          <Button variant={isDone ? 'default' : 'filled'} loading={compare.isPending} onClick={() => compare.mutate()}>
            {isDone ? t.wizard.compareAgain : t.wizard.compare}
          </Button>
        </Group>
        {isDone && match !== undefined && <Found match={match} />}
        {isDone && match !== undefined && match.accounts > 0 && <Accounts wizardId={wizard.id} match={match} />}
      </Stack>
    </StepCard>
  );
}

/** Broken only where it is very long. */
function UserName({ children }: { readonly children: string }) {
  return <div style={{ minInlineSize: 180, maxInlineSize: 340, overflowWrap: 'anywhere' }}>{children}</div>;
}

function Found({ match }: { readonly match: Counts }) {
  return (
    <div role="status">
      <Text fw={600}>{match.accounts === 0 ? t.wizard.noAccounts : t.wizard.accounts(match.accounts)}</Text>
      <Text size="sm">{t.wizard.peopleWithout(match.peopleWithout)}</Text>
      {!match.complete && (
        <div className="u-note" data-tone="warn" style={{ marginBlockStart: 8 }}>
          <Text size="sm">{t.wizard.incomplete}</Text>
        </div>
      )}
    </div>
  );
}

function Accounts({ wizardId, match }: { readonly wizardId: string; readonly match: Counts }) {
  const [kind, setKind] = useState<Kind | 'all'>('all');
  const orientation = useMatches({ base: 'vertical' as const, sm: 'horizontal' as const });
  const list = useList('/usher/v1/wizards/{wizardId}/accounts', {
    path: { wizardId },
    query: kind === 'all' ? {} : { kind },
  });
  return (
    <>
      <SegmentedControl
        orientation={orientation}
        aria-label={t.wizard.kind}
        value={kind}
        onChange={setKind}
        data={[
          { value: 'all' as const, label: t.wizard.kinds.all },
          ...kinds.map((value) => ({ value, label: `${t.wizard.kinds[value]} (${match[value]})` })),
        ]}
      />
      {kind !== 'all' && (
        <Text size="sm" c="var(--mantine-color-dimmed)">
          {t.wizard.kindWhat[kind]}
        </Text>
      )}
      <ListTable
        label={t.wizard.names.match}
        list={list}
        keyOf={(account) => account.externalId}
        empty={<Empty what={t.wizard.noneOfKind} />}
        columns={[
          { title: t.wizard.account, cell: ({ userName }) => <UserName>{userName}</UserName> },
          {
            title: t.wizard.match,
            cell: ({ match: found }) => <Badge tone={tones[found]}>{t.wizard.kinds[found]}</Badge>,
          },
          {
            title: t.wizard.whose,
            cell: ({ people }) => (
              <Group gap="sm">
                {people.map(({ id, login }) => (
                  <Link key={id} className="u-link" to={`/admin/people/${id}`}>
                    {login}
                  </Link>
                ))}
              </Group>
            ),
          },
          {
            title: t.wizard.state,
            cell: ({ active }) => (active === null ? t.wizard.unknown : active ? t.wizard.active : t.wizard.inactive),
          },
        ]}
      />
    </>
  );
}
