import { Type } from 'typebox';
import { adminRoles, roleLabels } from '../../domain/admin-role.ts';
import { groupTarget, userTarget } from '../../domain/event-targets.ts';
import type { AppTarget } from '../../domain/rights.ts';
import type { GroupId, RoleId, UserId } from '../../lib/ids.ts';
import { grantRole, listAdmins } from '../../services/admin-roles.ts';
import { appTargetsNamed } from '../../services/app-targets.ts';
import type { AssignedRole } from '../../store/admins.ts';
import { findApps } from '../../store/apps.ts';
import type { Db } from '../../store/database.ts';
import { findGroups } from '../../store/groups.ts';
import { findUsers } from '../../store/users.ts';
import type { Api } from '../api.ts';
import { oktaDate } from '../api/dates.ts';
import { IdOf, PageQuery } from '../api/schema.ts';
import type { ServerDeps } from '../deps.ts';
import { afterId, pageOf } from '../links.ts';
import { may } from '../policy.ts';
import { defined, invalidValue, pageLimit } from '../query-values.ts';
import { contextOf } from '../request-context.ts';

const targetsMax = 1_000;

/**
 * All administrators in one list, and a role with its targets in one step: with Okta's endpoints a new role is for
 * everything until its first target is set.
 */
export function adminRoutes(api: Api, deps: ServerDeps): void {
  const listing = { config: may('roles.read'), schema: { querystring: Type.Object(PageQuery) } };
  api.get('/admins', listing, async (request, reply) => {
    const limit = pageLimit(request.query.limit, { fallback: 100, most: 1_000 });
    const page = { ...defined({ after: afterId<RoleId>(deps, request) }), limit: limit + 1 };
    const rows = await listAdmins(contextOf(deps, request), page);
    return present(deps.db, pageOf(deps, reply, { rows, limit, cursorOf: (role) => role.id }));
  });

  const GrantBody = Type.Object(
    {
      userId: Type.Optional(IdOf<UserId>()),
      groupId: Type.Optional(IdOf<GroupId>()),
      type: Type.Enum([...adminRoles]),
      // Keys of integrations, names of private apps, and ids of apps.
      apps: Type.Optional(Type.Array(Type.String(), { minItems: 1, maxItems: targetsMax })),
      groups: Type.Optional(Type.Array(IdOf<GroupId>(), { minItems: 1, maxItems: targetsMax })),
    },
    { additionalProperties: false },
  );
  api.post('/admins', { config: may('roles.manage'), schema: { body: GrantBody } }, async (request) => {
    const { type, apps, groups } = request.body;
    const context = contextOf(deps, request);
    const role = await grantRole(
      context,
      holderOf(request.body),
      type,
      defined({ apps: apps && (await appTargetsNamed(context.db, apps)), groups }),
    );
    return (await present(deps.db, [role]))[0];
  });
}

function holderOf({ userId, groupId }: { readonly userId?: UserId; readonly groupId?: GroupId }) {
  if (userId !== undefined && groupId === undefined) return { userId };
  if (groupId !== undefined && userId === undefined) return { groupId };
  throw invalidValue('userId', 'or groupId must be given, and not both');
}

async function present(db: Db, roles: readonly AssignedRole[]) {
  const holders = roles.map(({ holder }) => holder);
  const users = await findUsers(
    db,
    holders.flatMap((holder) => ('userId' in holder ? [holder.userId] : [])),
  );
  const groups = await findGroups(db, [
    ...holders.flatMap((holder) => ('groupId' in holder ? [holder.groupId] : [])),
    ...roles.flatMap((role) => (role.groups === 'all' ? [] : role.groups)),
  ]);
  const apps = await findApps(db, roles.flatMap(({ apps }) => (apps === 'all' ? [] : apps)).flatMap(idOf));
  const namesById = new Map<string, string>([
    ...users.map((user) => [user.id, userTarget(user).alternateId] as const),
    ...groups.map(({ id, profile: { name } }) => [id, groupTarget({ id, name }).displayName] as const),
    ...apps.map(({ id, label }) => [id, label] as const),
  ]);
  const named = (id: string) => ({ id, name: namesById.get(id) ?? id });
  return roles.map(({ id, role, holder, created, apps, groups }) => ({
    id,
    type: role,
    label: roleLabels[role],
    created: oktaDate(created),
    holder:
      'userId' in holder ? { type: 'USER', ...named(holder.userId) } : { type: 'GROUP', ...named(holder.groupId) },
    // Null: not limited.
    apps: apps === 'all' ? null : apps.map(({ name, appId }) => (appId === null ? { id: null, name } : named(appId))),
    groups: groups === 'all' ? null : groups.map(named),
  }));
}

function idOf({ appId }: AppTarget) {
  return appId === null ? [] : [appId];
}
