import type { FastifyRequest } from 'fastify';
import { Type, type TProperties } from 'typebox';
import type { GroupId, RoleId, UserId } from '../../../lib/ids.ts';
import { readUser } from '../../../services/users.ts';
import type { RoleHolder } from '../../../store/admins.ts';
import type { ServerDeps } from '../../deps.ts';
import { principalOf } from '../../request-context.ts';

/** One of the two, as the path says. */
export interface HolderParams {
  readonly userId?: UserId;
  readonly groupId?: GroupId;
}

export interface RoleParams extends HolderParams {
  readonly roleId: RoleId;
}

/** Whom a role can be given to: where its paths begin, and who a path means. */
export interface HolderKind {
  readonly path: string;
  readonly parameter: keyof HolderParams;
  holderOf(deps: ServerDeps, request: FastifyRequest, params: HolderParams): Promise<RoleHolder>;
}

export const holderKinds: readonly HolderKind[] = [
  {
    path: '/users/:userId/roles',
    parameter: 'userId',
    holderOf: async ({ db }, request, { userId = '' }) => {
      const key = userId === 'me' ? principalOf(request).userId : userId;
      return { userId: (await readUser(db, key)).id };
    },
  },
  {
    path: '/groups/:groupId/roles',
    parameter: 'groupId',
    holderOf: async (_deps, _request, { groupId = '' as GroupId }) => ({ groupId }),
  },
];

/** The parameters of a path that begins with a kind's, and has these besides. */
export function paramsOf<Params extends HolderParams>({ parameter }: HolderKind, ...others: (keyof Params & string)[]) {
  const names: string[] = [parameter, ...others];
  const properties: TProperties = Object.fromEntries(names.map((name) => [name, Type.String()]));
  return Type.Unsafe<Params>(Type.Object(properties));
}
