import { Group, Select, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { get, send, type Schemas } from '../api/client';
import { useMay } from '../frame/session';
import { useAddress } from '../parts/address';
import { Badge } from '../parts/badge';
import { ConfirmButton } from '../parts/confirm';
import { ListTable, useList } from '../parts/list';
import { PageBody } from '../parts/page';
import { useChange } from '../parts/said';
import { adviceOn } from '../parts/task-advice';
import { Empty } from '../parts/states';
import { Time } from '../parts/time';
import { t } from '../text';

type Task = Schemas['Task'];

const statuses = ['OPEN', 'IGNORED', 'ALL'] as const;
const kinds = ['FAILURE', 'GROUP_PUSH', 'PROVISION', 'DEPROVISION'] as const;

/** What waits for a person, by application and cause, the worst first. */
export function TasksPage() {
  const may = useMay();
  const { get, set } = useAddress();
  const status = get('status') ?? 'OPEN';
  const kind = get('kind');
  const appId = get('app');
  const filtered = status !== 'OPEN' || kind !== null || appId !== null;
  const list = useList('/usher/v1/tasks', { query: { status, kind: kind ?? '', appId: appId ?? '' } });
  const retryAll = useChange(() => send('post', '/usher/v1/tasks/retry', { body: {} }), t.tasks.retried);
  const hasFailures = list.items?.some((task) => task.kind === 'FAILURE' || task.kind === 'GROUP_PUSH') === true;
  return (
    <PageBody
      title={t.tasks.title}
      actions={
        may('apps.assign') &&
        hasFailures && (
          <ConfirmButton
            label={t.tasks.retryAll}
            title={t.tasks.retryAllTitle}
            consequence={t.tasks.retryAllWhat}
            onConfirm={() => retryAll.mutateAsync(undefined)}
          />
        )
      }
    >
      <Text c="var(--mantine-color-dimmed)" size="sm" mb="md" maw={720}>
        {t.tasks.what}
      </Text>
      <Together />
      <div className="u-surface">
        <Group p="md" align="flex-end">
          <Select
            label={t.tasks.status}
            allowDeselect={false}
            data={statuses.map((value) => ({ value, label: t.tasks.statuses[value] }))}
            value={status}
            onChange={(value) => set('status', value === 'OPEN' ? null : value)}
          />
          <Select
            label={t.tasks.kind}
            placeholder={t.tasks.anyKind}
            clearable
            clearButtonProps={{ 'aria-label': t.common.clear }}
            data={kinds.map((value) => ({ value, label: t.tasks.kinds[value] ?? value }))}
            value={kind}
            onChange={(value) => set('kind', value)}
          />
        </Group>
        <ListTable
          label={t.tasks.title}
          list={list}
          keyOf={(task) => task.id}
          empty={<Empty what={filtered ? t.tasks.emptyFiltered : t.tasks.empty} />}
          columns={[
            { title: t.tasks.task, cell: (task) => <What task={task} /> },
            {
              title: t.tasks.concerned,
              cell: (task) => (
                <>
                  <Text size="sm" fw={600} style={{ whiteSpace: 'nowrap' }}>
                    {task.kind === 'GROUP_PUSH' ? t.tasks.groupCount(task.groups) : t.tasks.peopleCount(task.people)}
                  </Text>
                  {task.leavers > 0 && <Badge tone="bad">{t.tasks.leavers(task.leavers)}</Badge>}
                </>
              ),
            },
            { title: t.tasks.firstSeen, cell: (task) => <Time at={task.firstSeen} /> },
            { title: t.tasks.lastSeen, cell: (task) => <Time at={task.lastSeen} /> },
          ]}
        />
      </div>
    </PageBody>
  );
}

/** All open tasks in a sentence, however many pages of them there are. */
function Together() {
  const { data } = useQuery({
    queryKey: ['task-counts'],
    queryFn: () => get('/usher/v1/tasks/summary', { unattended: true }),
  });
  if (data === undefined || data.tasks === 0) return null;
  return (
    <Text fw={600} size="sm" mb="md">
      {t.tasks.together(data)}
    </Text>
  );
}

function What({ task }: { readonly task: Task }) {
  return (
    <div style={{ minWidth: 240, maxWidth: 560 }}>
      <Group gap="xs">
        <Link className="u-link" to={`/admin/tasks/${task.id}`}>
          {task.app.label}
        </Link>
        <span className="u-chip">{t.tasks.kinds[task.kind] ?? task.kind}</span>
      </Group>
      <Text size="sm" mt={4} lineClamp={2} style={{ overflowWrap: 'anywhere' }}>
        {task.error ?? adviceOn(task).fix}
      </Text>
      {task.error !== null && (
        <Text size="xs" mt={4} c="var(--mantine-color-dimmed)">
          {adviceOn(task).fix}
        </Text>
      )}
      {task.reason !== null && (
        <Text size="xs" mt={4} c="var(--mantine-color-dimmed)" style={{ overflowWrap: 'anywhere' }}>
          {t.tasks.ignoredBecause(task.reason)}
        </Text>
      )}
    </div>
  );
}
