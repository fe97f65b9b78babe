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
import type { Api } from '../../api.ts';
import type { ServerDeps } from '../../deps.ts';
import { afterId, pageOf } from '../../links.ts';
import { may } from '../../policy.ts';
import { defined, given, invalidValue, pageLimit } from '../../query-values.ts';
import { contextOf } from '../../request-context.ts';
import { IdOf, Nullable, PageQuery, ProfileBody, Text } from '../schema.ts';
import { presentAppUsers } from './present-app-users.ts';

const AppParams = Type.Object({ appId: IdOf<AppId>() });
const AppUserParams = Type.Object({ appId: IdOf<AppId>(), userId: IdOf<UserId>() });
const AssignmentBody = Type.Object({
  scope: Nullable(Type.Enum(['USER', 'GROUP'])),
  credentials: Nullable(
    Type.Object({
      userName: Nullable(Type.String()),
      password: Nullable(Type.Object({ value: Nullable(Type.String()) })),
    }),
  ),
  profile: Nullable(ProfileBody),
});
const NewAssignmentBody = Type.Interface([AssignmentBody], { id: IdOf<UserId>() });

export function appUserRoutes(api: Api, deps: ServerDeps): void {
  const ListQuery = Type.Object({ ...PageQuery, q: Text, filter: Text, expand: Text });
  const listing = { config: may('apps.read'), schema: { params: AppParams, querystring: ListQuery } };
  api.get('/apps/:appId/users', listing, async (request, reply) => {
    const { q, filter, expand } = request.query;
    assertExpand(expand);
    const limit = pageLimit(request.query.limit, { fallback: 50, most: 500 });
    const asked = defined({ prefix: given(q), filter: given(filter), after: afterId<UserId>(deps, request) });
    const page = { ...asked, limit: limit + 1 };
    const rows = await listAppUsers(contextOf(deps, request), request.params.appId, page);
    return presentAppUsers(deps, request, pageOf(deps, reply, { rows, limit, cursorOf: (row) => row.userId }), expand);
  });

  const creation = { config: may('apps.assign'), schema: { params: AppParams, body: NewAssignmentBody } };
  api.post('/apps/:appId/users', creation, async (request) => {
    if (request.body.scope === 'GROUP') {
      throw invalidValue('scope', 'must be USER here: a group gives its apps to its members by itself');
    }
    const assignment = { userId: request.body.id, ...valuesOf(request.body) };
    return presentOne(deps, request, await assignUser(contextOf(deps, request), request.params.appId, assignment));
  });

  const one = {
    config: may('apps.read'),
    schema: { params: AppUserParams, querystring: Type.Object({ expand: Text }) },
  };
  api.get('/apps/:appId/users/:userId', one, async (request) => {
    const { appId, userId } = request.params;
    assertExpand(request.query.expand);
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

async function presentOne(deps: ServerDeps, request: FastifyRequest, row: AppUser, expand?: string) {
  return (await presentAppUsers(deps, request, [row], expand))[0];
}

/** A user name of null is the template's. A password without a value says nothing: Terraform sends `{}` with everybody. */
function valuesOf({ profile, credentials }: Type.Static<typeof AssignmentBody>): AssignmentValues {
  return defined({
    profile: profile ?? undefined,
    userName: credentials?.userName,
    password: credentials?.password?.value ?? undefined,
  });
}

/** `user` is all there is to expand. */
function assertExpand(expand: string | undefined): void {
  if (expand !== undefined && expand !== '' && expand !== 'user') throw invalidValue('expand', 'must be user');
}
