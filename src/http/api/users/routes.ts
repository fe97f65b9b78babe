import { Type } from 'typebox';
import type { ErrorCause } from '../../../lib/errors.ts';
import type { GroupId, TypeId } from '../../../lib/ids.ts';
import { endSessions } from '../../../services/sessions.ts';
import { deleteUser } from '../../../services/user-lifecycle.ts';
import { createUser, getUser, listUserGroups, replaceUser, updateUser } from '../../../services/users.ts';
import { listUsers } from '../../../services/user-list.ts';
import type { Api } from '../../api.ts';
import type { ServerDeps } from '../../deps.ts';
import { afterId, baseOf, pageOf } from '../../links.ts';
import { may } from '../../policy.ts';
import { defined, flag, given, invalidValue, pageLimit } from '../../query-values.ts';
import { contextOf } from '../../request-context.ts';
import { askedOf, DirectoryQuery } from '../directory-query.ts';
import { wordsOfSearch } from '../errors.ts';
import { presentGroups } from '../groups/present-groups.ts';
import { IdOf, Nullable, PageQuery, ProfileBody, Text } from '../schema.ts';
import { credentialRoutes } from './credential-routes.ts';
import { CredentialsBody, credentialsOf, providerOf } from './credentials-body.ts';
import { keyOf, UserParams } from './key.ts';
import { userLifecycleRoutes } from './lifecycle-routes.ts';
import { presentAppLink } from './present-app-link.ts';
import { presentOne } from './present-one.ts';
import { presentListedUser } from './present.ts';
import { listUserApps } from '../../../store/user-apps.ts';

const TypeBody = Nullable(Type.Object({ id: Nullable(IdOf<TypeId>()) }));
const NewUserBody = Type.Object({
  profile: ProfileBody,
  credentials: Nullable(CredentialsBody),
  groupIds: Nullable(Type.Array(IdOf<GroupId>())),
  type: TypeBody,
});
const UserChangesBody = Type.Object({
  profile: Nullable(ProfileBody),
  credentials: Nullable(CredentialsBody),
  type: TypeBody,
});

/** An attribute nobody knows is a fault of the whole, not of a field. */
const subject = (whole: 'newUser' | 'user') => (cause: ErrorCause) =>
  cause.reason.startsWith('Property name ') ? whole : cause.field;

export function userRoutes(api: Api, deps: ServerDeps): void {
  collectionRoutes(api, deps);
  memberRoutes(api, deps);
  userLifecycleRoutes(api, deps);
  credentialRoutes(api, deps);
  relatedRoutes(api, deps);
}

function collectionRoutes(api: Api, deps: ServerDeps): void {
  const ListQuery = Type.Object(DirectoryQuery);
  const listing = { ...may('users.read'), okta: wordsOfSearch };
  api.get('/users', { config: listing, schema: { querystring: ListQuery } }, async (request, reply) => {
    const { query } = request;
    const limit = pageLimit(query.limit, { fallback: given(query.q) === undefined ? 200 : 10, most: 200 });
    const asked = askedOf(deps, request, query);
    const rows = await listUsers(contextOf(deps, request), { ...asked, limit: limit + 1 });
    const base = baseOf(deps, request);
    return pageOf(deps, reply, { rows, limit, cursorOf: ({ end }) => end }).map(({ row }) =>
      presentListedUser(row, base),
    );
  });

  const CreateQuery = Type.Object({ activate: Text, nextLogin: Text, provider: Text });
  const config = { ...may('users.manage'), okta: { subject: subject('newUser') } };
  api.post('/users', { config, schema: { querystring: CreateQuery, body: NewUserBody } }, async (request, reply) => {
    const { activate, nextLogin, provider } = request.query;
    const { profile, credentials, groupIds, type } = request.body;
    const user = await createUser(contextOf(deps, request), {
      profile,
      ...credentialsOf(credentials),
      ...(groupIds == null ? {} : { groupIds }),
      ...(type?.id == null ? {} : { typeId: type.id }),
      ...(flag('provider', provider, false) ? { provider: providerOf(credentials) } : {}),
      activate: flag('activate', activate, true),
      mustChangePassword: mustChangePassword(nextLogin),
    });
    return presentOne(deps, reply, user);
  });
}

function mustChangePassword(nextLogin: string | undefined): boolean {
  if (nextLogin === undefined || nextLogin === '') return false;
  if (nextLogin === 'changePassword') return true;
  throw invalidValue('nextLogin', 'must be changePassword or left out');
}

function memberRoutes(api: Api, deps: ServerDeps): void {
  api.get('/users/:userId', { config: may('users.read'), schema: { params: UserParams } }, async (request, reply) => {
    const user = await getUser(contextOf(deps, request), keyOf(request, request.params.userId));
    return presentOne(deps, reply, user);
  });

  const config = { ...may('users.manage'), okta: { subject: subject('user') } };
  const changes = { config, schema: { params: UserParams, body: UserChangesBody } };
  for (const [method, change] of [
    ['POST', updateUser],
    ['PUT', replaceUser],
  ] as const) {
    api.route({
      method,
      url: '/users/:userId',
      ...changes,
      handler: async (request, reply) => {
        const input = { ...changesOf(request.body), ...defined({ version: versionFrom(request.headers['if-match']) }) };
        const key = keyOf(request, request.params.userId);
        return presentOne(deps, reply, await change(contextOf(deps, request), key, input));
      },
    });
  }

  // Whether a mail is to be sent, and whether to wait, makes no difference: none is, and it is done at once.
  api.delete(
    '/users/:userId',
    { config: { ...may('users.manage'), proof: true }, schema: { params: UserParams } },
    async (request, reply) => {
      await deleteUser(contextOf(deps, request), keyOf(request, request.params.userId));
      return reply.code(204).send();
    },
  );
}

/** Undefined where any version will do. */
function versionFrom(header: string | undefined): string | undefined {
  if (header === undefined || header.trim() === '*') return undefined;
  const tag = /^(?:W\/)?"([\w-]*)"$/.exec(header.trim())?.[1];
  if (tag !== undefined) return tag;
  throw invalidValue('If-Match', 'must be the ETag of this user, with its quotation marks');
}

function relatedRoutes(api: Api, deps: ServerDeps): void {
  const options = { config: may('users.read'), schema: { params: UserParams } };
  const listing = {
    config: may('users.read'),
    schema: { params: UserParams, querystring: Type.Object(PageQuery) },
  };
  api.get('/users/:userId/groups', listing, async (request, reply) => {
    const limit = pageLimit(request.query.limit, { fallback: groupsOfUserMax, most: groupsOfUserMax });
    const page = { ...defined({ after: afterId<GroupId>(deps, request) }), limit: limit + 1 };
    const rows = await listUserGroups(contextOf(deps, request), keyOf(request, request.params.userId), page);
    const groups = pageOf(deps, reply, { rows, limit, cursorOf: (group) => group.id });
    return presentGroups(deps, request, groups);
  });

  api.get('/users/:userId/appLinks', options, async (request) => {
    const context = contextOf(deps, request);
    const user = await getUser(context, keyOf(request, request.params.userId));
    const apps = await listUserApps(context.db, user.id);
    return apps.map((app, index) => presentAppLink(app, user.id, baseOf(deps, request), index));
  });

  const clearing = { config: may('users.credentials'), schema: { params: UserParams } };
  api.delete('/users/:userId/sessions', clearing, async (request, reply) => {
    await endSessions(contextOf(deps, request), keyOf(request, request.params.userId));
    return reply.code(204).send();
  });
}

/** Okta's: clients that do not page get all of a person's groups. */
const groupsOfUserMax = 10_000;

function changesOf({ profile, credentials, type }: Type.Static<typeof UserChangesBody>) {
  return {
    ...(profile == null ? {} : { profile }),
    ...credentialsOf(credentials),
    ...(type?.id == null ? {} : { typeId: type.id }),
  };
}
