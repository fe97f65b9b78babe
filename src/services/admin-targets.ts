import type { AppTarget } from '../domain/rights.ts';
import { UsherError } from '../lib/errors.ts';
import type { GroupId, RoleId } from '../lib/ids.ts';
import type { RoleHolder } from '../store/admins.ts';
import { changeAppTargets, changeGroupTargets } from './admin-roles.ts';
import type { AppContext, Context } from './context.ts';

/**
 * Limits a role to an integration's apps, or one of them, besides what it is limited to already. A role for everything
 * becomes one for this only.
 *
 * @throws {UsherError} as `changeAppTargets` does; `conflict` for one app where the role is for all of its integration.
 */
export function addAppTarget(
  context: AppContext,
  holder: RoleHolder,
  roleId: RoleId,
  target: AppTarget,
): Promise<void> {
  return changeAppTargets(context, holder, roleId, (current) => {
    const targets = current === 'all' ? [] : current;
    if (targets.some((each) => same(each, target))) return targets;
    if (target.appId === null) return [...targets.filter(({ name }) => name !== target.name), target];
    if (!targets.some(({ name, appId }) => name === target.name && appId === null)) return [...targets, target];
    throw new UsherError(
      'conflict',
      `The role is for all apps of ${target.name} already; take that away from it first.`,
    );
  });
}

/** @throws {UsherError} as `changeAppTargets` does; `invalid_input` for the last target. */
export function removeAppTarget(
  context: AppContext,
  holder: RoleHolder,
  roleId: RoleId,
  target: AppTarget,
): Promise<void> {
  return changeAppTargets(context, holder, roleId, (current) =>
    current === 'all' ? [] : current.filter((each) => !same(each, target)),
  );
}

/** @throws {UsherError} as `changeGroupTargets` does. */
export function addGroupTarget(context: Context, holder: RoleHolder, roleId: RoleId, groupId: GroupId): Promise<void> {
  return changeGroupTargets(context, holder, roleId, (current) => [
    ...new Set([...(current === 'all' ? [] : current), groupId]),
  ]);
}

/** @throws {UsherError} as `changeGroupTargets` does; `invalid_input` for the last target. */
export function removeGroupTarget(
  context: Context,
  holder: RoleHolder,
  roleId: RoleId,
  groupId: GroupId,
): Promise<void> {
  return changeGroupTargets(context, holder, roleId, (current) =>
    current === 'all' ? [] : current.filter((id) => id !== groupId),
  );
}

function same(left: AppTarget, right: AppTarget): boolean {
  return left.name === right.name && left.appId === right.appId;
}
