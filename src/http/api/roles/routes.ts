import { Type } from 'typebox';
import { adminRoles } from '../../../domain/admin-role.ts';
import { getRole, grantRole, listRolesOf, revokeRole } from '../../../services/admin-roles.ts';
import type { Api } from '../../api.ts';
import type { ServerDeps } from '../../deps.ts';
import { baseOf } from '../../links.ts';
import { may } from '../../policy.ts';
import { contextOf } from '../../request-context.ts';
import { Text } from '../schema.ts';
import { holderKinds, paramsOf, type HolderKind, type HolderParams, type RoleParams } from './holders.ts';
import { presentRole } from './present.ts';
import { appTargetRoutes } from './app-targets.ts';
import { groupTargetRoutes } from './group-targets.ts';

const GrantBody = Type.Object({ type: Type.Enum([...adminRoles]) });

/** Administrator roles of people and of groups. A new one is for everything until it is given a target. */
export function roleRoutes(api: Api, deps: ServerDeps): void {
  for (const kind of holderKinds) {
    rolesOf(api, deps, kind);
    appTargetRoutes(api, deps, kind);
    groupTargetRoutes(api, deps, kind);
  }
}

function rolesOf(api: Api, deps: ServerDeps, kind: HolderKind): void {
  const { path, holderOf } = kind;
  const params = paramsOf<HolderParams>(kind);
  api.get(path, { config: may('roles.read'), schema: { params } }, async (request) => {
    const roles = await listRolesOf(contextOf(deps, request), await holderOf(deps, request, request.params));
    return roles.map((role) => presentRole(role, baseOf(deps, request)));
  });

  const config = { ...may('roles.manage'), okta: { conflict: [409, 'E0000090'] as const } };
  // Nobody is written to, whatever the query says.
  const querystring = Type.Object({ disableNotifications: Text });
  api.post(path, { config, schema: { params, querystring, body: GrantBody } }, async (request, reply) => {
    const holder = await holderOf(deps, request, request.params);
    const role = await grantRole(contextOf(deps, request), holder, request.body.type);
    return reply.code(201).send(presentRole(role, baseOf(deps, request)));
  });

  const one = { config: may('roles.read'), schema: { params: paramsOf<RoleParams>(kind, 'roleId') } };
  api.get(`${path}/:roleId`, one, async (request) => {
    const holder = await holderOf(deps, request, request.params);
    return presentRole(await getRole(contextOf(deps, request), holder, request.params.roleId), baseOf(deps, request));
  });

  const removal = { config: may('roles.manage'), schema: { params: paramsOf<RoleParams>(kind, 'roleId') } };
  api.delete(`${path}/:roleId`, removal, async (request, reply) => {
    const holder = await holderOf(deps, request, request.params);
    await revokeRole(contextOf(deps, request), holder, request.params.roleId);
    return reply.code(204).send();
  });
}
