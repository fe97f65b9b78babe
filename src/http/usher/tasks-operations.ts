import { Type } from 'typebox';
import { taskKinds } from '../../domain/task.ts';
import { Moment, MomentOrNull, named, orNull, TextOrNull } from '../openapi/answer-parts.ts';
import { exampleIds } from '../openapi/example-ids.ts';
import { ok, type OperationGroup } from '../openapi/operation.ts';

const count = Type.Integer({ minimum: 0 });

const TaskSchema = named('Task', 'One cause in one app, and how many people or groups it concerns.', {
  id: Type.String({ description: 'The same whenever the same cause comes back' }),
  kind: Type.Enum([...taskKinds]),
  app: Type.Object({ id: Type.String(), label: Type.String() }),
  status: Type.Enum(['OPEN', 'IGNORED']),
  people: count,
  groups: Type.Integer({ minimum: 0, description: 'Groups that cannot be pushed; such a task has no people' }),
  leavers: Type.Integer({ minimum: 0, description: 'Those of them who may still get in and should not' }),
  retrying: Type.Integer({ minimum: 0, description: 'Those who are tried again without anybody’s doing' }),
  firstSeen: Moment,
  lastSeen: Moment,
  nextAttempt: MomentOrNull,
  errorCode: TextOrNull,
  error: orNull(Type.String({ description: 'What was said of one of them' })),
  probableCause: TextOrNull,
  suggestion: Type.String(),
  assignee: orNull(Type.Object({ id: Type.String(), login: TextOrNull })),
  ignored: MomentOrNull,
  reason: orNull(Type.String({ description: 'Why it is ignored' })),
});
const PersonSchema = named('TaskPerson', 'Somebody a task concerns.', {
  userId: Type.String(),
  login: TextOrNull,
  userName: TextOrNull,
  externalId: TextOrNull,
  leaver: Type.Boolean(),
  errorCode: TextOrNull,
  error: TextOrNull,
  attempts: count,
  since: Moment,
  nextAttempt: MomentOrNull,
});
const GroupSchema = named('TaskGroup', 'A group that cannot be pushed.', {
  id: Type.String({ description: 'Of its mapping' }),
  groupId: Type.String(),
  name: TextOrNull,
  nameInApp: Type.String(),
  errorCode: TextOrNull,
  error: TextOrNull,
  attempts: count,
  since: MomentOrNull,
  nextAttempt: MomentOrNull,
});
const Retried = named('RetryCount', 'How many people and groups are tried again.', { retried: count });
const task = ok(TaskSchema, 'The task as it is now');

export const taskOperations: OperationGroup = {
  tag: 'Task',
  about: 'What waits for a person: failures by app and cause, and what has to be done in apps without an API.',
  operations: {
    'GET /usher/v1/tasks': {
      id: 'listTasks',
      summary: 'List what waits for a person',
      parameters: {
        status: 'OPEN, which it is without it, IGNORED or ALL',
        kind: 'FAILURE, GROUP_PUSH, PROVISION or DEPROVISION',
        appId: 'Only of this app',
        assigneeId: 'Only of this colleague; `me` is the caller',
      },
      answers: ok(Type.Array(TaskSchema), 'A page: those with leavers first, then those of the most people or groups'),
    },
    'GET /usher/v1/tasks/summary': {
      id: 'countTasks',
      summary: 'Count what waits for a person',
      answers: ok(
        named('TaskCounts', 'All open tasks together.', {
          tasks: count,
          people: count,
          groups: Type.Integer({ minimum: 0, description: 'Groups that cannot be pushed' }),
          leavers: count,
          ignored: Type.Integer({ minimum: 0, description: 'Tasks that are ignored' }),
        }),
      ),
    },
    'GET /usher/v1/tasks/:taskId': { id: 'getTask', summary: 'Get a task', answers: ok(TaskSchema, 'The task') },
    'GET /usher/v1/tasks/:taskId/people': {
      id: 'listTaskPeople',
      summary: 'List whom a task concerns',
      answers: ok(Type.Array(PersonSchema), 'A page in order of user ids'),
    },
    'GET /usher/v1/tasks/:taskId/groups': {
      id: 'listTaskGroups',
      summary: 'List the groups a task concerns',
      answers: ok(Type.Array(GroupSchema), 'A page in order of the ids of their mappings'),
    },
    'POST /usher/v1/tasks/retry': {
      id: 'retryAllTasks',
      summary: 'Try every failure again, or every one of an app',
      example: { appId: exampleIds.app },
      answers: ok(Retried),
    },
    'POST /usher/v1/tasks/:taskId/retry': {
      id: 'retryTask',
      summary: 'Try the people or groups of a task again',
      description: 'Without `userIds` or `mappingIds` all of them. Those who succeed leave the task by themselves.',
      example: { userIds: [exampleIds.user] },
      answers: ok(Retried),
    },
    'POST /usher/v1/tasks/:taskId/assign': {
      id: 'assignTask',
      summary: 'Give a task to a colleague',
      example: { userId: exampleIds.user },
      answers: task,
    },
    'POST /usher/v1/tasks/:taskId/ignore': {
      id: 'ignoreTask',
      summary: 'Leave a task alone',
      description: 'Until somebody else meets its cause. Retries go on.',
      example: { reason: 'The vendor adds licences on Monday.' },
      answers: task,
    },
    'POST /usher/v1/tasks/:taskId/complete': {
      id: 'completeTask',
      summary: 'Say what was done by hand',
      description: 'The accounts of these people, or of all, count as made, or as taken away, from now on.',
      example: {
        userIds: [exampleIds.user],
        evidence: { text: 'Made in the admin panel.', link: 'https://tickets.acme.example/4711' },
      },
      answers: ok(named('CompletionCount', 'How many people were completed.', { completed: count })),
    },
    'POST /usher/v1/tasks/:taskId/reopen': {
      id: 'reopenTask',
      summary: 'Take an ignored task up again',
      example: {},
      answers: task,
    },
  },
};
