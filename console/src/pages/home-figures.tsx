import { Group, SimpleGrid, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { get } from '../api/client';
import { pace } from '../api/pace';
import { useMay } from '../frame/session';
import { Badge } from '../parts/badge';
import { Figure } from '../parts/figure';
import { useList } from '../parts/list';
import { Card } from '../parts/page';
import { adviceOn } from '../parts/task-advice';
import { t } from '../text';

const figuresEveryMs = 15_000;

/** What there is, and how much of it waits for somebody. */
export function FiguresCard() {
  const may = useMay();
  const { data } = useQuery({
    queryKey: ['figures'],
    queryFn: () => get('/usher/v1/figures', { unattended: true }),
    // Everybody and every account is counted: not anew for each that is made.
    meta: { live: false },
    refetchInterval: (query) => pace(query, figuresEveryMs),
  });
  const tasks = useQuery({
    queryKey: ['task-counts'],
    queryFn: () => get('/usher/v1/tasks/summary', { unattended: true }),
  });
  if (data === undefined || tasks.data === undefined) return null;
  return (
    <section className="u-surface" style={{ padding: 20, marginBlockEnd: 20 }} aria-label={t.home.figures}>
      <SimpleGrid cols={{ base: 2, sm: 4 }}>
        {data.people !== null && (
          <Figure value={data.people} label={t.home.people} {...(may('users.read') ? { to: '/admin/people' } : {})} />
        )}
        <Figure value={data.apps} label={t.home.apps} to="/admin/applications" />
        <Figure
          value={data.accounts}
          label={t.home.managed}
          {...(may('reports.read') ? { to: '/admin/reports/app-usage' } : {})}
        />
        <Figure value={tasks.data.tasks} label={t.home.openTasks} to="/admin/tasks" />
      </SimpleGrid>
    </section>
  );
}

/** The tasks to begin with; nothing where none is open. */
export function TasksCard() {
  const { items } = useList('/usher/v1/tasks', { query: { limit: 4 } });
  if (items === undefined || items.length === 0) return null;
  return (
    <Card
      title={t.home.tasks}
      actions={
        <Link className="u-link" to="/admin/tasks">
          {t.tasks.back}
        </Link>
      }
    >
      <ul className="u-checklist">
        {items.map((task) => (
          <li key={task.id}>
            <Group gap="xs">
              <Link className="u-link" to={`/admin/tasks/${task.id}`}>
                {task.app.label}
              </Link>
              <span className="u-chip">{t.tasks.kinds[task.kind] ?? task.kind}</span>
              <Text size="sm">
                {task.kind === 'GROUP_PUSH' ? t.tasks.groupCount(task.groups) : t.tasks.peopleCount(task.people)}
              </Text>
              {task.leavers > 0 && <Badge tone="bad">{t.tasks.leavers(task.leavers)}</Badge>}
            </Group>
            <Text size="sm" lineClamp={2} style={{ overflowWrap: 'anywhere' }}>
              {task.error ?? adviceOn(task).fix}
            </Text>
          </li>
        ))}
      </ul>
    </Card>
  );
}
