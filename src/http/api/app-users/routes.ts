import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { AppUser } from '../../../domain/app-user.ts';
import type { AppId, UserId } from '../../../lib/ids.ts';
import {
  assignUser,
  getAppUser,
  listAppUsers,
  unassignUser,
  updateAssignment,
  type AssignmentValues,
} from '../../../services/app-assignments.ts';
import { findUsers } from '../../../store/users.ts';
import type { Api } from '../../api.ts';
import type { ServerDeps } from '../../deps.ts';
import { baseOf, pageOf } from '../../links.ts';
import { may } from '../../policy.ts';
import { defined, pageLimit } from '../../query-values.ts';
import { contextOf } from '../../request-context.ts';
import { IdOf, Nullable, pageById, ProfileBody, Text } from '../schema.ts';
import { presentAppUser } from './present.ts';

const AppParams = Type.Object({ appId: IdOf<AppId>() });
const AppUserParams = Type.Object({ appId: IdOf<AppId>(), userId: IdOf<UserId>() });
const AssignmentBody = Type.Object({
  scope: Nullable(Type.Enum(['USER', 'GROUP'])),
  credentials: Nullable(Type.Object({ userName: Nullable(Type.String()) })),
  profile: Nullable(ProfileBody),
});
const NewAssignmentBody = Type.Interface([AssignmentBody], { id: IdOf<UserId>() });

export function appUserRoutes(api: Api, deps: ServerDeps): void {
  const ListQuery = Type.Object({ ...pageById<UserId>(), q: Text, expand: Text });
  const listing = { config: may('apps.read'), schema: { params: AppParams, querystring: ListQuery } };
  api.get('/apps/:appId/users', listing, async (request, reply) => {
    const { q, after, expand } = request.query;
    const limit = pageLimit(request.query.limit, { fallback: 50, most: 500 });
    const page = { ...defined({ prefix: q, after }), limit: limit + 1 };
    const rows = await listAppUsers(contextOf(deps, request), request.params.appId, page);
    return present(deps, request, pageOf(deps, reply, { rows, limit, cursorOf: (row) => row.userId }), expand);
  });

  const creation = { config: may('apps.assign'), schema: { params: AppParams, body: NewAssignmentBody } };
  api.post('/apps/:appId/users', creation, async (request) => {
    const assignment = { userId: request.body.id, ...valuesOf(request.body) };
    return presentOne(deps, request, await assignUser(contextOf(deps, request), request.params.appId, assignment));
  });

  const one = {
    config: may('apps.read'),
    schema: { params: AppUserParams, querystring: Type.Object({ expand: Text }) },
  };
  api.get('/apps/:appId/users/:userId', one, async (request) => {
    const { appId, userId } = request.params;
    return presentOne(deps, request, await getAppUser(contextOf(deps, request), appId, userId), request.query.expand);
  });

  const change = { config: may('apps.assign'), schema: { params: AppUserParams, body: AssignmentBody } };
  api.post('/apps/:appId/users/:userId', change, async (request) => {
    const { appId, userId } = request.params;
    const { scope } = request.body;
    const update = { ...valuesOf(request.body), ...(scope == null ? {} : { scope }) };
    return presentOne(deps, request, await updateAssignment(contextOf(deps, request), appId, userId, update));
  });

  api.delete(
    '/apps/:appId/users/:userId',
    { config: may('apps.assign'), schema: { params: AppUserParams } },
    async (request, reply) => {
      await unassignUser(contextOf(deps, request), request.params.appId, request.params.userId);
      return reply.code(204).send();
    },
  );
}

async function present(
  deps: ServerDeps,
  request: FastifyRequest,
  rows: readonly AppUser[],
  expand: string | undefined,
) {
  const people = await findUsers(
    deps.db,
    rows.map((row) => row.userId),
  );
  const peopleById = new Map(people.map((user) => [user.id, user]));
  return rows.map((row) => {
    const user = peopleById.get(row.userId);
    const login = user?.profile['login'];
    return presentAppUser(
      row,
      typeof login === 'string' ? login : undefined,
      baseOf(deps, request),
      expand === 'user' ? user : undefined,
    );
  });
}

async function presentOne(deps: ServerDeps, request: FastifyRequest, row: AppUser, expand?: string) {
  const [presented] = await present(deps, request, [row], expand);
  return presented;
}

function valuesOf({ profile, credentials }: Type.Static<typeof AssignmentBody>): AssignmentValues {
  return {
    ...(profile == null ? {} : { profile }),
    ...(credentials?.userName == null ? {} : { userName: credentials.userName }),
  };
}
