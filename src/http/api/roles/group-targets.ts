import { Type } from 'typebox';
import type { GroupId } from '../../../lib/ids.ts';
import { getRole } from '../../../services/admin-roles.ts';
import { addGroupTarget, removeGroupTarget } from '../../../services/admin-targets.ts';
import { findGroups } from '../../../store/groups.ts';
import type { Api } from '../../api.ts';
import type { ServerDeps } from '../../deps.ts';
import { afterId, baseOf, pageOf } from '../../links.ts';
import { may } from '../../policy.ts';
import { pageLimit } from '../../query-values.ts';
import { contextOf } from '../../request-context.ts';
import { presentGroup } from '../groups/present.ts';
import { PageQuery } from '../schema.ts';
import { paramsOf, type HolderKind, type RoleParams } from './holders.ts';

interface TargetParams extends RoleParams {
  readonly targetGroupId: GroupId;
}

/** What a group or help desk administrator is for: these groups and the people in them. An empty list: all. */
export function groupTargetRoutes(api: Api, deps: ServerDeps, kind: HolderKind): void {
  const { holderOf } = kind;
  const path = `${kind.path}/:roleId/targets/groups`;
  const listing = {
    config: may('roles.read'),
    schema: { params: paramsOf<RoleParams>(kind, 'roleId'), querystring: Type.Object(PageQuery) },
  };
  api.get(path, listing, async (request, reply) => {
    const holder = await holderOf(deps, request, request.params);
    const { groups } = await getRole(contextOf(deps, request), holder, request.params.roleId);
    const limit = pageLimit(request.query.limit, { fallback: 20, most: 200 });
    const after = afterId<GroupId>(deps, request) ?? '';
    const ids = groups === 'all' ? [] : [...groups].sort().filter((id) => id > after);
    const rows = pageOf(deps, reply, { rows: ids.slice(0, limit + 1), limit, cursorOf: (id) => id });
    const found = await findGroups(deps.db, rows);
    return found.map((group) => presentGroup(group, baseOf(deps, request)));
  });

  const change = {
    config: may('roles.manage'),
    schema: { params: paramsOf<TargetParams>(kind, 'roleId', 'targetGroupId') },
  };
  api.put(`${path}/:targetGroupId`, change, async (request, reply) => {
    const holder = await holderOf(deps, request, request.params);
    await addGroupTarget(contextOf(deps, request), holder, request.params.roleId, request.params.targetGroupId);
    return reply.code(204).send();
  });

  api.delete(`${path}/:targetGroupId`, change, async (request, reply) => {
    const holder = await holderOf(deps, request, request.params);
    await removeGroupTarget(contextOf(deps, request), holder, request.params.roleId, request.params.targetGroupId);
    return reply.code(204).send();
  });
}
