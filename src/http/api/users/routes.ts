import { Type } from 'typebox';
import type { FastifyRequest } from 'fastify';
import { lifecycleVerbs, type LifecycleVerb } from '../../../domain/user.ts';
import type { ErrorCause } from '../../../lib/errors.ts';
import type { GroupId, UserId } from '../../../lib/ids.ts';
import { changeLifecycle, deleteUser } from '../../../services/user-lifecycle.ts';
import { createUser, getUser, listUserGroups, listUsers, replaceUser, updateUser } from '../../../services/users.ts';
import type { Credentials } from '../../../services/users.ts';
import { findUserSchema } from '../../../store/user-schema.ts';
import type { Api } from '../../api.ts';
import type { ServerDeps } from '../../deps.ts';
import { baseOf, pageOf, setLinks } from '../../links.ts';
import { may } from '../../policy.ts';
import { defined, flag, invalidValue, pageLimit } from '../../query-values.ts';
import { contextOf, principalOf } from '../../request-context.ts';
import type { OktaWords } from '../errors.ts';
import { presentGroup } from '../groups/present.ts';
import { IdOf, Nullable, pageById, ProfileBody, Text } from '../schema.ts';
import { presentAppLink } from './present-app-link.ts';
import { presentListedUser, presentUser } from './present.ts';
import { listUserApps } from '../../../store/user-apps.ts';

const UserParams = Type.Object({ userId: Type.String() });
const CredentialsBody = Type.Object({
  password: Nullable(Type.Object({ value: Nullable(Type.String()) })),
  recovery_question: Nullable(Type.Object({ question: Type.String(), answer: Type.String() })),
});
const NewUserBody = Type.Object({
  profile: ProfileBody,
  credentials: Nullable(CredentialsBody),
  groupIds: Nullable(Type.Array(IdOf<GroupId>())),
});
const UserChangesBody = Type.Object({ profile: Nullable(ProfileBody), credentials: Nullable(CredentialsBody) });

/** An attribute nobody knows is a fault of the whole, not of a field. */
const subject = (whole: 'newUser' | 'user') => (cause: ErrorCause) =>
  cause.reason.startsWith('Property name ') ? whole : cause.field;

export function userRoutes(api: Api, deps: ServerDeps): void {
  collectionRoutes(api, deps);
  memberRoutes(api, deps);
  lifecycleRoutes(api, deps);
  relatedRoutes(api, deps);
}

function collectionRoutes(api: Api, deps: ServerDeps): void {
  const ListQuery = Type.Object({ ...pageById<UserId>(), q: Text, filter: Text, search: Text });
  api.get('/users', { config: may('users.read'), schema: { querystring: ListQuery } }, async (request, reply) => {
    const { q, after, filter, search } = request.query;
    if (filter !== undefined) throw invalidValue('filter', 'is not supported for users yet; use q');
    if (search !== undefined) throw invalidValue('search', 'is not supported for users yet; use q');
    const limit = pageLimit(request.query.limit, { fallback: q === undefined ? 200 : 10, most: 200 });
    const page = { ...defined({ prefix: q, after }), limit: limit + 1 };
    const rows = await listUsers(contextOf(deps, request), page);
    const base = baseOf(deps, request);
    return pageOf(deps, reply, { rows, limit, cursorOf: (user) => user.id }).map((user) =>
      presentListedUser(user, base),
    );
  });

  const CreateQuery = Type.Object({ activate: Text, nextLogin: Text });
  const config = { ...may('users.manage'), okta: { subject: subject('newUser') } };
  api.post('/users', { config, schema: { querystring: CreateQuery, body: NewUserBody } }, async (request) => {
    const { activate, nextLogin } = request.query;
    const { profile, credentials, groupIds } = request.body;
    const context = contextOf(deps, request);
    const user = await createUser(context, {
      profile,
      ...credentialsOf(credentials),
      ...(groupIds == null ? {} : { groupIds }),
      activate: flag('activate', activate, true),
      mustChangePassword: nextLogin === 'changePassword',
    });
    return presentUser(user, baseOf(deps, request), (await findUserSchema(context.db)).id);
  });
}

function memberRoutes(api: Api, deps: ServerDeps): void {
  api.get('/users/:userId', { config: may('users.read'), schema: { params: UserParams } }, async (request) => {
    const context = contextOf(deps, request);
    const user = await getUser(context, keyOf(request, request.params.userId));
    return presentUser(user, baseOf(deps, request), (await findUserSchema(context.db)).id);
  });

  const config = { ...may('users.manage'), okta: { subject: subject('user') } };
  const changes = { config, schema: { params: UserParams, body: UserChangesBody } };
  api.post('/users/:userId', changes, async (request) => {
    const context = contextOf(deps, request);
    const user = await updateUser(context, keyOf(request, request.params.userId), changesOf(request.body));
    return presentUser(user, baseOf(deps, request), (await findUserSchema(context.db)).id);
  });

  api.put('/users/:userId', changes, async (request) => {
    const context = contextOf(deps, request);
    const user = await replaceUser(context, keyOf(request, request.params.userId), changesOf(request.body));
    return presentUser(user, baseOf(deps, request), (await findUserSchema(context.db)).id);
  });

  api.delete(
    '/users/:userId',
    { config: may('users.manage'), schema: { params: UserParams } },
    async (request, reply) => {
      await deleteUser(contextOf(deps, request), keyOf(request, request.params.userId));
      return reply.code(204).send();
    },
  );
}

/** What Okta says where the person's status does not allow the verb. */
const refusals: Readonly<Record<LifecycleVerb, NonNullable<OktaWords['wrongState']>>> = {
  activate: [403, 'E0000016'],
  reactivate: [403, 'E0000038'],
  deactivate: [403, 'E0000038'],
  suspend: [400, 'E0000001'],
  unsuspend: [400, 'E0000001'],
  unlock: [403, 'E0000032'],
};

function lifecycleRoutes(api: Api, deps: ServerDeps): void {
  for (const verb of lifecycleVerbs) {
    const permission = verb === 'unlock' ? 'users.credentials' : 'users.manage';
    const config = { ...may(permission), okta: { wrongState: refusals[verb] } };
    api.post(`/users/:userId/lifecycle/${verb}`, { config, schema: { params: UserParams } }, async (request) => {
      await changeLifecycle(contextOf(deps, request), keyOf(request, request.params.userId), verb);
      return {};
    });
  }
}

function relatedRoutes(api: Api, deps: ServerDeps): void {
  const options = { config: may('users.read'), schema: { params: UserParams } };
  api.get('/users/:userId/groups', options, async (request, reply) => {
    const groups = await listUserGroups(contextOf(deps, request), keyOf(request, request.params.userId));
    setLinks(deps, reply, { limit: groupsOfUserMax, next: undefined });
    return groups.map((group) => presentGroup(group, baseOf(deps, request)));
  });

  api.get('/users/:userId/appLinks', options, async (request) => {
    const context = contextOf(deps, request);
    const user = await getUser(context, keyOf(request, request.params.userId));
    const apps = await listUserApps(context.db, user.id);
    return apps.map((app, index) => presentAppLink(app, user.id, baseOf(deps, request), index));
  });
}

/** All of a person's groups come in one page; the link to it names Okta's limit. */
const groupsOfUserMax = 10_000;

/** `me` is whoever the token acts as. */
function keyOf(request: FastifyRequest, key: string): string {
  return key === 'me' ? principalOf(request).userId : key;
}

type GivenCredentials = Type.Static<typeof CredentialsBody> | null | undefined;

/** `password: {}` (Terraform always sends it) is no password. */
function credentialsOf(given: GivenCredentials): Credentials {
  const password = given?.password?.value ?? undefined;
  const recoveryQuestion = given?.recovery_question ?? undefined;
  return {
    ...(password === undefined ? {} : { password }),
    ...(recoveryQuestion === undefined ? {} : { recoveryQuestion }),
  };
}

function changesOf({ profile, credentials }: Type.Static<typeof UserChangesBody>) {
  return { ...(profile == null ? {} : { profile }), ...credentialsOf(credentials) };
}
