import { Group, Select, Text } from '@mantine/core';
import { Link } from 'react-router';
import type { Schemas } from '../api/client';
import { useAddress } from '../parts/address';
import { ListTable, useList } from '../parts/list';
import { PageBody } from '../parts/page';
import { AppName, countsInOrder, PlanKind, PlanStatus } from '../parts/plan-parts';
import { Empty } from '../parts/states';
import { Time } from '../parts/time';
import { t } from '../text';

const statuses = ['COMPUTING', 'READY', 'APPLIED', 'DISCARDED', 'FAILED'] as const;

/** Every change somebody has looked at before making it, the newest first. */
export function PlansPage() {
  const { get, set } = useAddress();
  const status = get('status');
  const appId = get('app') ?? '';
  const list = useList('/usher/v1/plans', { query: { status: status ?? '', appId } });
  return (
    <PageBody title={t.plans.title}>
      <Text c="var(--mantine-color-dimmed)" size="sm" mb="md" maw={720}>
        {t.plans.what}
      </Text>
      <div className="u-surface">
        <Group p="md">
          <Select
            label={t.plans.status}
            placeholder={t.plans.anyStatus}
            clearable
            clearButtonProps={{ 'aria-label': t.common.clear }}
            data={statuses.map((value) => ({ value, label: t.plans.statuses[value] ?? value }))}
            value={status}
            onChange={(value) => set('status', value)}
          />
        </Group>
        <ListTable
          label={t.plans.title}
          list={list}
          keyOf={(plan) => plan.id}
          empty={<Empty what={status === null && appId === '' ? t.plans.empty : t.plans.emptyFiltered} />}
          columns={[
            {
              title: t.plans.plan,
              cell: (plan) => (
                <Link className="u-link" to={`/admin/plans/${plan.id}`}>
                  {plan.title}
                </Link>
              ),
            },
            { title: t.plans.app, cell: (plan) => <AppName appId={plan.appId} /> },
            { title: t.plans.status, cell: (plan) => <PlanStatus status={plan.status} /> },
            { title: t.plans.accounts, cell: (plan) => <Counts plan={plan} /> },
            { title: t.plans.by, cell: (plan) => plan.createdBy.displayName },
            { title: t.plans.made, cell: (plan) => <Time at={plan.created} /> },
          ]}
        />
      </div>
    </PageBody>
  );
}

function Counts({ plan }: { readonly plan: Schemas['Plan'] }) {
  return (
    <Group gap={6}>
      {countsInOrder(plan.counts).map(([kind, count]) => (
        <Group gap={4} key={kind} wrap="nowrap">
          <PlanKind kind={kind} />
          <Text size="sm" fw={600}>
            {t.plans.count(count)}
          </Text>
        </Group>
      ))}
    </Group>
  );
}
