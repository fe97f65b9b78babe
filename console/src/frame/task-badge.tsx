import { useQuery } from '@tanstack/react-query';
import { get } from '../api/client';
import { t } from '../text';

/** How many tasks are open; nothing where none is. */
export function TaskBadge() {
  const { data } = useQuery({
    queryKey: ['task-counts'],
    queryFn: () => get('/usher/v1/tasks/summary', { unattended: true }),
  });
  if (data === undefined || data.tasks === 0) return null;
  return (
    <span className="u-count" data-tone={data.leavers > 0 ? 'bad' : 'warn'} aria-label={t.tasks.waiting(data.tasks)}>
      {data.tasks > 99 ? '99+' : data.tasks}
    </span>
  );
}
