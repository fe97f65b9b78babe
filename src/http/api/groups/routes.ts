import { Type } from 'typebox';
import type { AppId, GroupId, UserId } from '../../../lib/ids.ts';
import {
  addMembers,
  createGroup,
  deleteGroup,
  getGroup,
  listMembers,
  removeMember,
  updateGroup,
} from '../../../services/groups.ts';
import { visibleApps } from '../../../services/authorize.ts';
import { listGroups } from '../../../services/group-list.ts';
import { listGroupApps } from '../../../store/user-apps.ts';
import type { Api } from '../../api.ts';
import type { ServerDeps } from '../../deps.ts';
import { afterId, baseOf, pageOf } from '../../links.ts';
import { may } from '../../policy.ts';
import { defined, pageLimit } from '../../query-values.ts';
import { contextOf } from '../../request-context.ts';
import { presentApps } from '../apps/present-apps.ts';
import { askedOf, DirectoryQuery } from '../directory-query.ts';
import { wordsOfSearch } from '../errors.ts';
import { IdOf, PageQuery, ProfileBody, Text } from '../schema.ts';
import { presentListedUser } from '../users/present.ts';
import { presentGroups, presentOneGroup, toExpand } from './present-groups.ts';
import { presentGroup } from './present.ts';

const GroupParams = Type.Object({ groupId: IdOf<GroupId>() });
const GroupBody = Type.Object({ profile: ProfileBody });

export function groupRoutes(api: Api, deps: ServerDeps): void {
  collectionRoutes(api, deps);
  memberRoutes(api, deps);
  groupUserRoutes(api, deps);

  const options = {
    config: may('apps.read'),
    schema: { params: GroupParams, querystring: Type.Object(PageQuery) },
  };
  api.get('/groups/:groupId/apps', options, async (request, reply) => {
    const context = contextOf(deps, request);
    const limit = pageLimit(request.query.limit, { fallback: 20, most: 200 });
    const { id } = await getGroup(context, request.params.groupId);
    const after = afterId<AppId>(deps, request);
    const page = { ...defined({ after }), within: visibleApps(context), limit: limit + 1 };
    const rows = await listGroupApps(context.db, id, page);
    const apps = pageOf(deps, reply, { rows, limit, cursorOf: (app) => app.id });
    return presentApps(deps, request, apps);
  });
}

function collectionRoutes(api: Api, deps: ServerDeps): void {
  const ListQuery = Type.Object({ ...DirectoryQuery, expand: Text });
  const listing = { ...may('groups.read'), okta: wordsOfSearch };
  api.get('/groups', { config: listing, schema: { querystring: ListQuery } }, async (request, reply) => {
    const { query } = request;
    const expanded = toExpand(query.expand);
    const limit = pageLimit(query.limit, { fallback: 10_000, most: 10_000 });
    const asked = askedOf(deps, request, query);
    const rows = await listGroups(contextOf(deps, request), { ...asked, limit: limit + 1 });
    const page = pageOf(deps, reply, { rows, limit, cursorOf: ({ end }) => end }).map(({ row }) => row);
    return presentGroups(deps, request, page, expanded);
  });

  api.post('/groups', { config: may('groups.manage'), schema: { body: GroupBody } }, async (request) =>
    presentGroup(await createGroup(contextOf(deps, request), request.body.profile), baseOf(deps, request)),
  );
}

function memberRoutes(api: Api, deps: ServerDeps): void {
  api.get('/groups/:groupId', { config: may('groups.read'), schema: { params: GroupParams } }, async (request) =>
    presentOneGroup(deps, request, await getGroup(contextOf(deps, request), request.params.groupId)),
  );

  const changes = { config: may('groups.manage'), schema: { params: GroupParams, body: GroupBody } };
  api.put('/groups/:groupId', changes, async (request) => {
    const group = await updateGroup(contextOf(deps, request), request.params.groupId, request.body.profile);
    return presentGroup(group, baseOf(deps, request));
  });

  api.delete(
    '/groups/:groupId',
    { config: may('groups.manage'), schema: { params: GroupParams } },
    async (request, reply) => {
      await deleteGroup(contextOf(deps, request), request.params.groupId);
      return reply.code(204).send();
    },
  );
}

function groupUserRoutes(api: Api, deps: ServerDeps): void {
  const listing = {
    config: may('groups.read'),
    schema: { params: GroupParams, querystring: Type.Object(PageQuery) },
  };
  api.get('/groups/:groupId/users', listing, async (request, reply) => {
    const limit = pageLimit(request.query.limit, { fallback: 1_000, most: 1_000 });
    const page = { ...defined({ after: afterId<UserId>(deps, request) }), limit: limit + 1 };
    const rows = await listMembers(contextOf(deps, request), request.params.groupId, page);
    const base = baseOf(deps, request);
    return pageOf(deps, reply, { rows, limit, cursorOf: (user) => user.id }).map((user) =>
      presentListedUser(user, base),
    );
  });

  const params = Type.Object({ groupId: IdOf<GroupId>(), userId: IdOf<UserId>() });
  api.put(
    '/groups/:groupId/users/:userId',
    { config: may('groups.members'), schema: { params } },
    async (request, reply) => {
      await addMembers(contextOf(deps, request), request.params.groupId, [request.params.userId]);
      return reply.code(204).send();
    },
  );

  api.delete(
    '/groups/:groupId/users/:userId',
    { config: may('groups.members'), schema: { params } },
    async (request, reply) => {
      await removeMember(contextOf(deps, request), request.params.groupId, request.params.userId);
      return reply.code(204).send();
    },
  );
}
