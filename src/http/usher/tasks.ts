import { Type } from 'typebox';
import { adviceByCode } from '../../domain/failure-advice.ts';
import { taskKinds, type Task, type TaskKind, type TaskStatus } from '../../domain/task.ts';
import { userTarget } from '../../domain/event-targets.ts';
import { invalidCursor } from '../../lib/cursor.ts';
import type { AppId, GroupPushId, TaskId, UserId } from '../../lib/ids.ts';
import type { Json } from '../../lib/json.ts';
import * as tasks from '../../services/tasks.ts';
import type { TaskEnd } from '../../store/tasks.ts';
import { findUsers } from '../../store/users.ts';
import type { Api } from '../api.ts';
import { IdOf, PageQuery, Text } from '../api/schema.ts';
import type { ServerDeps } from '../deps.ts';
import { afterId, afterOf, pageOf } from '../links.ts';
import { may } from '../policy.ts';
import { defined, given, invalidValue, pageLimit } from '../query-values.ts';
import { contextOf, principalOf } from '../request-context.ts';

const closed = { additionalProperties: false };
const TaskParams = Type.Object({ taskId: IdOf<TaskId>() });
/** As many people as a request may name; without any it is all of them. */
const MappingIds = Type.Optional(Type.Array(IdOf<GroupPushId>(), { minItems: 1, maxItems: 10_000 }));
const UserIds = Type.Optional(Type.Array(IdOf<UserId>(), { minItems: 1, maxItems: 10_000 }));

/** What waits for a person: failures by app and cause, and what has to be done in apps without an API. */
export function taskRoutes(api: Api, deps: ServerDeps): void {
  listRoutes(api, deps);
  retryRoutes(api, deps);
  decisionRoutes(api, deps);
}

function listRoutes(api: Api, deps: ServerDeps): void {
  const ListQuery = Type.Object({
    ...{ ...PageQuery, status: Text, kind: Text },
    appId: Type.Optional(IdOf<AppId>()),
    assigneeId: Type.Optional(IdOf<UserId>()),
  });
  api.get('/tasks', { config: may('apps.read'), schema: { querystring: ListQuery } }, async (request, reply) => {
    const { query } = request;
    const limit = pageLimit(query.limit, { fallback: 50, most: 200 });
    const { appId, assigneeId } = query;
    const rows = await tasks.listTasks(contextOf(deps, request), {
      ...defined({
        status: statusOf(given(query.status) ?? 'OPEN'),
        kind: kindOf(given(query.kind)),
        appId,
        assigneeId: assigneeId === 'me' ? principalOf(request).userId : assigneeId,
        after: endOf(afterOf(deps, request)),
      }),
      limit: limit + 1,
    });
    return presentTasks(deps, pageOf(deps, reply, { rows, limit, cursorOf }));
  });

  api.get('/tasks/summary', { config: may('apps.read') }, async (request) =>
    tasks.countTasks(contextOf(deps, request)),
  );

  const one = { config: may('apps.read'), schema: { params: TaskParams } };
  api.get('/tasks/:taskId', one, async (request) => {
    return presentTask(deps, await tasks.getTask(contextOf(deps, request), request.params.taskId));
  });

  const people = { config: may('apps.read'), schema: { params: TaskParams, querystring: Type.Object(PageQuery) } };
  api.get('/tasks/:taskId/people', people, async (request, reply) => {
    const limit = pageLimit(request.query.limit, { fallback: 100, most: 1_000 });
    const page = { ...defined({ after: afterId<UserId>(deps, request) }), limit: limit + 1 };
    const rows = await tasks.listTaskPeople(contextOf(deps, request), request.params.taskId, page);
    return pageOf(deps, reply, { rows, limit, cursorOf: (person) => person.userId });
  });

  api.get('/tasks/:taskId/groups', people, async (request, reply) => {
    const limit = pageLimit(request.query.limit, { fallback: 100, most: 1_000 });
    const page = { ...defined({ after: afterId<GroupPushId>(deps, request) }), limit: limit + 1 };
    const rows = await tasks.listTaskGroups(contextOf(deps, request), request.params.taskId, page);
    return pageOf(deps, reply, { rows, limit, cursorOf: (group) => group.id });
  });
}

function retryRoutes(api: Api, deps: ServerDeps): void {
  const Whom = Type.Object({ userIds: UserIds, mappingIds: MappingIds }, closed);
  const some = { config: may('apps.assign'), schema: { params: TaskParams, body: Whom } };
  api.post('/tasks/:taskId/retry', some, async (request) => ({
    retried: await tasks.retryTask(contextOf(deps, request), request.params.taskId, defined(request.body)),
  }));

  const Which = Type.Object({ appId: Type.Optional(IdOf<AppId>()) }, closed);
  api.post('/tasks/retry', { config: may('apps.assign'), schema: { body: Which } }, async (request) => ({
    retried: await tasks.retryAll(contextOf(deps, request), request.body.appId),
  }));
}

function decisionRoutes(api: Api, deps: ServerDeps): void {
  const route = <Body extends Type.TSchema>(body: Body) => ({
    config: may('apps.assign'),
    schema: { params: TaskParams, body },
  });
  const Assignee = Type.Object({ userId: Type.Union([IdOf<UserId>(), Type.Null()]) }, closed);
  api.post('/tasks/:taskId/assign', route(Assignee), async (request) => {
    const { userId } = request.body;
    return presentTask(deps, await tasks.assignTask(contextOf(deps, request), request.params.taskId, userId));
  });

  const Reason = Type.Object({ reason: Type.String({ minLength: 1, maxLength: 1_000, pattern: '\\S' }) }, closed);
  api.post('/tasks/:taskId/ignore', route(Reason), async (request) => {
    const { reason } = request.body;
    return presentTask(deps, await tasks.ignoreTask(contextOf(deps, request), request.params.taskId, reason));
  });

  const Done = Type.Object(
    {
      userIds: UserIds,
      all: Type.Optional(Type.Literal(true)),
      externalId: Type.Optional(Type.String({ minLength: 1, maxLength: 500 })),
      evidence: Type.Object(
        {
          text: Type.String({ minLength: 1, maxLength: 2_000, pattern: '\\S' }),
          link: Type.Optional(Type.String({ pattern: '^https?://', maxLength: 2_000 })),
        },
        closed,
      ),
    },
    closed,
  );
  api.post('/tasks/:taskId/complete', route(Done), async (request) => {
    const { all, userIds, ...done } = request.body;
    if ((userIds === undefined) === (all === undefined)) {
      throw invalidValue('userIds', 'or all must be given, and not both');
    }
    const completion = { ...done, ...defined({ userIds }) };
    return { completed: await tasks.completeTask(contextOf(deps, request), request.params.taskId, completion) };
  });

  api.post('/tasks/:taskId/reopen', route(Type.Object({}, closed)), async (request) =>
    presentTask(deps, await tasks.reopenTask(contextOf(deps, request), request.params.taskId)),
  );
}

async function presentTask(deps: ServerDeps, task: Task) {
  const [presented] = await presentTasks(deps, [task]);
  return presented;
}

/** With the names of those they are assigned to, in one query. */
async function presentTasks(deps: ServerDeps, list: readonly Task[]) {
  const ids = list.flatMap(({ assigneeId }) => assigneeId ?? []);
  const users = ids.length === 0 ? [] : await findUsers(deps.db, ids);
  const loginsById = new Map(users.map((user) => [user.id, userTarget(user).alternateId]));
  return list.map(({ assigneeId, appId, appLabel, errorCode, ...task }) => ({
    ...task,
    app: { id: appId, label: appLabel },
    errorCode,
    ...(errorCode === null ? manualAdvice : adviceByCode[errorCode]),
    assignee: assigneeId === null ? null : { id: assigneeId, login: loginsById.get(assigneeId) ?? null },
  }));
}

const manualAdvice = {
  probableCause: null,
  suggestion: 'Do it in the app by hand, then complete the task and say what was done.',
};

function cursorOf({ leavers, people, groups, id }: Task): Json {
  return [leavers > 0, people + groups, id];
}

function endOf(after: Json | undefined): TaskEnd | undefined {
  if (after === undefined) return undefined;
  const [urgent, size, id] = Array.isArray(after) ? after : [];
  if (typeof urgent !== 'boolean' || typeof size !== 'number' || typeof id !== 'string') throw invalidCursor();
  return [urgent, size, id as TaskId];
}

/** ALL is both. */
function statusOf(text: string): TaskStatus | undefined {
  if (text === 'ALL') return undefined;
  if (text === 'OPEN' || text === 'IGNORED') return text;
  throw invalidValue('status', 'must be OPEN, IGNORED or ALL');
}

function kindOf(text: string | undefined): TaskKind | undefined {
  if (text === undefined) return undefined;
  const kind = taskKinds.find((known) => known === text);
  if (kind === undefined) throw invalidValue('kind', `must be one of ${taskKinds.join(', ')}`);
  return kind;
}
