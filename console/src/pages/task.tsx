import { Button, Group, SimpleGrid, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from 'react-router';
import { ApiError, get, send, type Schemas } from '../api/client';
import { useMay } from '../frame/session';
import { Badge } from '../parts/badge';
import { PickButton } from '../parts/pick';
import { adviceOn } from '../parts/task-advice';
import { PersonLink } from '../parts/links';
import { ListTable, useList } from '../parts/list';
import type { Column } from '../parts/table';
import { Card, PageBody } from '../parts/page';
import { useChange } from '../parts/said';
import { Empty, ErrorNote } from '../parts/states';
import { Time } from '../parts/time';
import { Unread } from '../parts/unread';
import { t } from '../text';
import { CompleteButton, IgnoreButton } from './task-dialogs';

type Task = Schemas['Task'];
type Person = Schemas['TaskPerson'];
type TaskGroup = Schemas['TaskGroup'];

const above = { to: '/admin/tasks', label: t.tasks.title };

/** One cause in one application: what lies behind it, what to do, and whom it concerns. */
export function TaskPage() {
  const { taskId = '' } = useParams();
  const { data, error, refetch } = useQuery({
    queryKey: ['task', taskId],
    queryFn: () => get('/usher/v1/tasks/{taskId}', { path: { taskId } }),
  });
  if (error instanceof ApiError && error.status === 404) return <Closed />;
  if (data === undefined) return <Unread above={above} error={error} retry={() => void refetch()} />;
  return (
    <PageBody
      title={t.tasks.titleOf(t.tasks.kinds[data.kind] ?? data.kind, data.app.label)}
      above={[above]}
      actions={<Actions task={data} />}
    >
      <Facts task={data} />
      {data.kind === 'GROUP_PUSH' ? <Groups task={data} /> : <People task={data} />}
    </PageBody>
  );
}

/** What was retried and succeeded closes its task: nobody has done anything wrong. */
function Closed() {
  return (
    <PageBody title={t.tasks.title} above={[above]}>
      <div className="u-surface">
        <Empty what={t.tasks.closed}>
          <Button component={Link} to="/admin/tasks">
            {t.tasks.back}
          </Button>
        </Empty>
      </div>
    </PageBody>
  );
}

function Actions({ task }: { readonly task: Task }) {
  const may = useMay();
  const path = { taskId: task.id };
  const reopen = useChange(() => send('post', '/usher/v1/tasks/{taskId}/reopen', { path, body: {} }), t.tasks.reopened);
  const retry = useChange(() => send('post', '/usher/v1/tasks/{taskId}/retry', { path, body: {} }), t.tasks.retried);
  const assign = useChange(
    (userId: string) => send('post', '/usher/v1/tasks/{taskId}/assign', { path, body: { userId } }),
    t.tasks.assigned,
  );
  if (!may('apps.assign')) return null;
  return (
    <>
      <ErrorNote error={reopen.error ?? retry.error} />
      {may('users.read') && (
        <PickButton kind="people" quiet label={t.tasks.assign} action={t.tasks.assignOne} onPick={assign.mutateAsync} />
      )}
      {task.status === 'IGNORED' ? (
        <Button variant="default" loading={reopen.isPending} onClick={() => reopen.mutate(undefined)}>
          {t.tasks.reopen}
        </Button>
      ) : (
        <IgnoreButton taskId={task.id} />
      )}
      {isFailure(task) ? (
        <Button loading={retry.isPending} onClick={() => retry.mutate(undefined)}>
          {t.tasks.retry}
        </Button>
      ) : (
        <CompleteButton taskId={task.id} label={t.tasks.completeAll} people={task.people} />
      )}
    </>
  );
}

function Facts({ task }: { readonly task: Task }) {
  return (
    <Card>
      <Group gap="xs" mb="sm">
        <Badge tone={isFailure(task) ? 'bad' : 'warn'}>{t.tasks.kinds[task.kind] ?? task.kind}</Badge>
        <Badge tone="quiet">
          {task.kind === 'GROUP_PUSH' ? t.tasks.groupCount(task.groups) : t.tasks.peopleCount(task.people)}
        </Badge>
        {task.leavers > 0 && <Badge tone="bad">{t.tasks.leavers(task.leavers)}</Badge>}
      </Group>
      {task.error !== null && (
        <Text fw={600} style={{ overflowWrap: 'anywhere' }}>
          {task.error}
        </Text>
      )}
      {task.reason !== null && (
        <div className="u-note" data-tone="warn" style={{ marginBlock: 12, overflowWrap: 'anywhere' }}>
          {t.tasks.ignoredBecause(task.reason)}
        </div>
      )}
      <SimpleGrid cols={{ base: 1, sm: task.probableCause === null ? 1 : 2 }} mt="md">
        {task.probableCause !== null && <Fact label={t.tasks.probableCause}>{adviceOn(task).cause}</Fact>}
        <Fact label={t.tasks.fix}>{adviceOn(task).fix}</Fact>
      </SimpleGrid>
      <SimpleGrid cols={{ base: 2, sm: 4 }} mt="md">
        <Fact label={t.tasks.firstSeen}>
          <Time at={task.firstSeen} />
        </Fact>
        <Fact label={t.tasks.lastSeen}>
          <Time at={task.lastSeen} />
        </Fact>
        {task.nextAttempt !== null && (
          <Fact label={t.tasks.nextAttempt}>
            <Time at={task.nextAttempt} />
          </Fact>
        )}
        {task.assignee !== null && <Fact label={t.tasks.assignee}>{task.assignee.login ?? t.tasks.gone}</Fact>}
        <Fact label={t.tasks.app}>
          <Link className="u-link" to={`/admin/applications/${task.app.id}`}>
            {t.tasks.toApp}
          </Link>
        </Fact>
      </SimpleGrid>
      {task.retrying > 0 && (
        <Text size="sm" mt="md" c="var(--mantine-color-dimmed)">
          {task.kind === 'GROUP_PUSH' ? t.tasks.groupsRetrying(task.retrying) : t.tasks.retrying(task.retrying)}
        </Text>
      )}
    </Card>
  );
}

function Fact({ label, children }: { readonly label: string; readonly children: React.ReactNode }) {
  return (
    <div>
      <Text size="xs" fw={600} c="var(--mantine-color-dimmed)">
        {label}
      </Text>
      <Text size="sm" component="div">
        {children}
      </Text>
    </div>
  );
}

/** What the app said to somebody's account or to a group, and how often it was asked. */
const failure: readonly Column<Pick<Person, 'error' | 'attempts'>>[] = [
  {
    title: t.tasks.error,
    prose: true,
    cell: ({ error }) => (
      <Text size="sm" style={{ maxWidth: 420, overflowWrap: 'anywhere' }}>
        {error ?? ''}
      </Text>
    ),
  },
  { title: t.tasks.attempts, cell: ({ attempts }) => attempts },
];

function People({ task }: { readonly task: Task }) {
  const may = useMay();
  const list = useList('/usher/v1/tasks/{taskId}/people', { path: { taskId: task.id } });
  const action: Column<Person> = {
    title: t.common.actions,
    cell: (person) => <PersonAction task={task} person={person} />,
  };
  return (
    <section className="u-surface" aria-label={t.tasks.people}>
      <ListTable
        label={t.tasks.people}
        list={list}
        keyOf={(person) => person.userId}
        empty={<Empty what={t.tasks.closed} />}
        columns={[
          { title: t.tasks.person, cell: (person) => <PersonLink id={person.userId} name={nameIn(person)} /> },
          ...(isFailure(task) ? failure : []),
          { title: t.tasks.since, cell: (person) => <Time at={person.since} /> },
          ...(may('apps.assign') ? [action] : []),
        ]}
      />
    </section>
  );
}

function isFailure(task: Task): boolean {
  return task.kind === 'FAILURE' || task.kind === 'GROUP_PUSH';
}

function Groups({ task }: { readonly task: Task }) {
  const may = useMay();
  const list = useList('/usher/v1/tasks/{taskId}/groups', { path: { taskId: task.id } });
  const action: Column<TaskGroup> = {
    title: t.common.actions,
    cell: (group) => (
      <RetryOne taskId={task.id} what={{ mappingIds: [group.id] }} name={group.name ?? group.nameInApp} />
    ),
  };
  return (
    <section className="u-surface" aria-label={t.tasks.groups}>
      <ListTable
        label={t.tasks.groups}
        list={list}
        keyOf={(group) => group.id}
        empty={<Empty what={t.tasks.closed} />}
        columns={[
          {
            title: t.tasks.group,
            cell: (group) => (
              <Link className="u-link" to={`/admin/applications/${task.app.id}/push-groups`}>
                {group.name ?? group.nameInApp}
              </Link>
            ),
          },
          ...failure,
          { title: t.tasks.since, cell: (group) => group.since !== null && <Time at={group.since} /> },
          ...(may('apps.assign') ? [action] : []),
        ]}
      />
    </section>
  );
}

function nameIn({ login, userName }: Person): string {
  return login ?? userName ?? t.tasks.gone;
}

function PersonAction({ task, person }: { readonly task: Task; readonly person: Person }) {
  const name = nameIn(person);
  if (task.kind !== 'FAILURE') {
    const { completeNamed, complete } = t.tasks;
    const whom = { taskId: task.id, userId: person.userId, people: 1 };
    return <CompleteButton {...whom} compact label={complete} accessibleLabel={completeNamed(name)} />;
  }
  return <RetryOne taskId={task.id} what={{ userIds: [person.userId] }} name={name} />;
}

interface RetryOneProps {
  readonly taskId: string;
  readonly what: { readonly userIds: string[] } | { readonly mappingIds: string[] };
  readonly name: string;
}

function RetryOne({ taskId, what, name }: RetryOneProps) {
  const retry = useChange(
    () => send('post', '/usher/v1/tasks/{taskId}/retry', { path: { taskId }, body: what }),
    t.tasks.retried,
  );
  return (
    <>
      <ErrorNote error={retry.error} />
      <Button
        size="compact-sm"
        variant="default"
        aria-label={t.tasks.retryNamed(name)}
        loading={retry.isPending}
        onClick={() => retry.mutate(undefined)}
      >
        {t.tasks.retryOne}
      </Button>
    </>
  );
}
