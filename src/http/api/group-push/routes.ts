import { Type } from 'typebox';
import type { AppId, GroupId, GroupPushId } from '../../../lib/ids.ts';
import {
  createGroupPush,
  deleteGroupPush,
  getGroupPush,
  listGroupPushes,
  setGroupPushStatus,
} from '../../../services/app-group-push.ts';
import type { Api } from '../../api.ts';
import type { ServerDeps } from '../../deps.ts';
import { afterId, baseOf, pageOf } from '../../links.ts';
import { may } from '../../policy.ts';
import { defined, flag, invalidValue, pageLimit } from '../../query-values.ts';
import { contextOf } from '../../request-context.ts';
import { IdOf, Nullable, PageQuery, Text } from '../schema.ts';
import { presentGroupPush } from './present.ts';

const AppParams = Type.Object({ appId: IdOf<AppId>() });
const PushParams = Type.Object({ appId: IdOf<AppId>(), pushId: IdOf<GroupPushId>() });
const Status = Type.Enum(['ACTIVE', 'INACTIVE']);
const path = '/apps/:appId/group-push/mappings';

/** Groups that an app is given, with their members. */
export function groupPushRoutes(api: Api, deps: ServerDeps): void {
  collectionRoutes(api, deps);
  memberRoutes(api, deps);
}

function collectionRoutes(api: Api, deps: ServerDeps): void {
  const ListQuery = Type.Object({
    ...PageQuery,
    sourceGroupId: Type.Optional(IdOf<GroupId>()),
    status: Text,
  });
  const listing = { config: may('apps.read'), schema: { params: AppParams, querystring: ListQuery } };
  api.get(path, listing, async (request, reply) => {
    const { sourceGroupId, status } = request.query;
    const after = afterId<GroupPushId>(deps, request);
    const limit = pageLimit(request.query.limit, { fallback: 100, most: 1_000 });
    const page = { ...defined({ sourceGroupId, status: statusOf(status), after }), limit: limit + 1 };
    const rows = await listGroupPushes(contextOf(deps, request), request.params.appId, page);
    const base = baseOf(deps, request);
    return pageOf(deps, reply, { rows, limit, cursorOf: (push) => push.id }).map((push) =>
      presentGroupPush(push, base),
    );
  });

  const NewPushBody = Type.Object({
    sourceGroupId: IdOf<GroupId>(),
    targetGroupId: Nullable(IdOf<GroupId>()),
    targetGroupName: Nullable(Type.String()),
    status: Nullable(Status),
    appConfig: Nullable(Type.Unknown()),
  });
  const creation = { config: may('apps.manage'), schema: { params: AppParams, body: NewPushBody } };
  api.post(path, creation, async (request) => {
    const { sourceGroupId, targetGroupId, targetGroupName, status, appConfig } = request.body;
    if (appConfig != null) throw invalidValue('appConfig', 'is for Active Directory, which this is not');
    const push = await createGroupPush(contextOf(deps, request), request.params.appId, {
      sourceGroupId,
      ...defined({ targetGroupId: targetGroupId ?? undefined, targetGroupName: targetGroupName ?? undefined }),
      ...defined({ status: status ?? undefined }),
    });
    return presentGroupPush(push, baseOf(deps, request));
  });
}

function memberRoutes(api: Api, deps: ServerDeps): void {
  const one = `${path}/:pushId`;
  api.get(one, { config: may('apps.read'), schema: { params: PushParams } }, async (request) => {
    const { appId, pushId } = request.params;
    return presentGroupPush(await getGroupPush(contextOf(deps, request), appId, pushId), baseOf(deps, request));
  });

  const change = {
    config: may('apps.manage'),
    schema: { params: PushParams, body: Type.Object({ status: Status }) },
  };
  api.patch(one, change, async (request) => {
    const { appId, pushId } = request.params;
    const push = await setGroupPushStatus(contextOf(deps, request), appId, pushId, request.body.status);
    return presentGroupPush(push, baseOf(deps, request));
  });

  const okta = { wrongState: [400, 'E0000001'] as const };
  const removal = {
    config: { ...may('apps.manage'), okta },
    schema: { params: PushParams, querystring: Type.Object({ deleteTargetGroup: Text }) },
  };
  api.delete(one, removal, async (request, reply) => {
    const { appId, pushId } = request.params;
    const deleteTargetGroup = flag('deleteTargetGroup', request.query.deleteTargetGroup, false);
    await deleteGroupPush(contextOf(deps, request), appId, pushId, { deleteTargetGroup });
    return reply.code(204).send();
  });
}

function statusOf(text: string | undefined): 'ACTIVE' | 'INACTIVE' | 'ERROR' | undefined {
  if (text === undefined || text === '') return undefined;
  if (text === 'ACTIVE' || text === 'INACTIVE' || text === 'ERROR') return text;
  throw invalidValue('status', 'must be ACTIVE, INACTIVE or ERROR');
}
