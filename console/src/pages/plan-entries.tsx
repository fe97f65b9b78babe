import { Group, Text, UnstyledButton } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import type { Schemas } from '../api/client';
import { hidden } from '../api/mask';
import { useAddress } from '../parts/address';
import { AddressField } from '../parts/address-field';
import { Badge } from '../parts/badge';
import { PersonLink } from '../parts/links';
import { ListTable, useList } from '../parts/list';
import { countsInOrder, PlanKind } from '../parts/plan-parts';
import { Empty } from '../parts/states';
import { Table } from '../parts/table';
import { t } from '../text';

type Entry = Schemas['PlanEntry'];
type Diff = NonNullable<Entry['diff']>[number];

/** The accounts a plan is about, with what would change of each: all, or those of one kind. */
export function PlanEntries({ plan }: { readonly plan: Schemas['Plan'] }) {
  const address = useAddress();
  const kind = address.get('kind') ?? '';
  const [attribute] = useDebouncedValue((address.get('attribute') ?? '').trim(), 250);
  const list = useList('/usher/v1/plans/{planId}/entries', {
    path: { planId: plan.id },
    query: { kind, attribute },
  });
  const total = Object.values(plan.counts).reduce((sum, count) => sum + count, 0);
  if (total === 0) return <Empty what={t.plans.noEntries} />;
  const cards = [['', total] as const, ...countsInOrder(plan.counts)];
  return (
    <>
      <div className="u-counts" role="group" aria-label={t.plans.show}>
        {cards.map(([name, count]) => (
          <UnstyledButton
            key={name}
            className="u-surface u-count-card"
            aria-pressed={kind === name}
            onClick={() => address.set('kind', name)}
          >
            <Text fz={26} fw={700} lh={1.2}>
              {t.plans.count(count)}
            </Text>
            <Group h={26}>{name === '' ? <Text size="sm">{t.plans.all}</Text> : <PlanKind kind={name} />}</Group>
          </UnstyledButton>
        ))}
      </div>
      <div className="u-surface">
        {plan.change['kind'] !== 'duplicate' && (
          <Group p="md">
            <AddressField name="attribute" type="search" label={t.plans.attributeFilter} />
          </Group>
        )}
        <ListTable
          label={t.plans.entries}
          list={list}
          keyOf={(entry) => entry.userId}
          empty={<Empty what={t.plans.noneFound} />}
          columns={[
            {
              title: t.plans.person,
              cell: (entry) => <PersonLink id={entry.userId} name={nameOf(entry)} below={entry.userName} />,
            },
            { title: t.plans.action, cell: (entry) => <PlanKind kind={entry.kind} /> },
            { title: t.plans.changes, cell: (entry) => <Changes entry={entry} />, prose: true },
          ]}
        />
      </div>
    </>
  );
}

function nameOf({ displayName, login, userId }: Entry): string {
  return displayName ?? login ?? userId;
}

function Changes({ entry }: { readonly entry: Entry }) {
  const reason = entry.reason ?? (entry.diff === null ? entry.kind : null);
  if (reason !== null) {
    return (
      <Text size="sm" maw={420} {...(entry.kind === 'error' ? { c: 'var(--u-bad)' } : {})}>
        {t.plans.reasons[reason] ?? reason}
      </Text>
    );
  }
  if (entry.diff === null || entry.diff.length === 0) return null;
  return (
    <details className="u-details">
      <summary>
        {t.plans.attributes(entry.diff.length)}
        <Text span size="xs" ml={8} c="var(--mantine-color-dimmed)">
          {entry.diff.map(({ attribute }) => attribute).join(', ')}
        </Text>
      </summary>
      <Table
        label={t.plans.changesOf(nameOf(entry))}
        flush
        items={entry.diff}
        keyOf={({ attribute }) => attribute}
        columns={[
          { title: t.plans.diff.attribute, cell: ({ attribute }) => attribute, mono: true },
          { title: t.plans.diff.now, cell: ({ now }) => valueOf(now) },
          { title: t.plans.diff.after, cell: ({ after }) => valueOf(after) },
          { title: t.plans.diff.how, cell: howOf },
        ]}
      />
    </details>
  );
}

function howOf({ now, after }: Diff) {
  if (isNothing(now)) return <Badge tone="good">{t.plans.how.added}</Badge>;
  if (isNothing(after)) return <Badge tone="warn">{t.plans.how.removed}</Badge>;
  return <Badge tone="info">{t.plans.how.changed}</Badge>;
}

function valueOf(value: unknown): string {
  if (isNothing(value)) return t.plans.noValue;
  if (value === hidden) return t.plans.secret;
  if (typeof value === 'boolean') return value ? t.plans.yes : t.plans.no;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function isNothing(value: unknown): boolean {
  return value == null || value === '' || (Array.isArray(value) && value.length === 0);
}
