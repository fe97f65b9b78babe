import type { FastifyRequest } from 'fastify';
import type { Permission } from '../domain/admin-role.ts';
import { mayEverything } from '../domain/rights.ts';
import { isJsonObject } from '../lib/json.ts';
import type { AppId, GroupId, UserId } from '../lib/ids.ts';
import { authorize, type Objects } from '../services/authorize.ts';
import type { Db } from '../store/database.ts';
import { findUser } from '../store/users.ts';
import type { Principal } from './authenticate.ts';

/**
 * Compares the objects a path names (`:userId`, `:groupId`, `:appId`) with what the caller's roles are for. A route's
 * permission is asked for objects of its own kind; of the others the right to see them. Services ask again when they
 * write: this makes sure that no route, and no one that only shows, was forgotten.
 *
 * @throws {UsherError} `forbidden`
 */
export async function authorizeObjects(db: Db, request: FastifyRequest, principal: Principal): Promise<void> {
  const { policy } = request.routeOptions.config;
  const { params } = request;
  if (policy === undefined || policy === 'public' || policy === 'signed-in' || !isParams(params)) return;
  if (mayEverything(principal.rights)) return;
  for (const kind of kinds) {
    const key = params[kind.parameter];
    if (key === undefined) continue;
    const permission = kind.permissions.test(policy) ? policy : kind.reading;
    await authorize(principal, db, permission, await kind.objects(db, key, principal));
  }
}

interface Kind {
  readonly parameter: string;
  /** Permissions that are held for objects of this kind. */
  readonly permissions: RegExp;
  readonly reading: Permission;
  objects(db: Db, key: string, principal: Principal): Promise<Objects>;
}

const kinds: readonly Kind[] = [
  {
    parameter: 'userId',
    permissions: /^users\./,
    reading: 'users.read',
    objects: async (db, key, principal) => {
      if (key === 'me') return { users: [principal.userId] };
      // Somebody who does not exist is in nobody's group.
      const user = await findUser(db, key);
      return { users: [user?.id ?? (key as UserId)] };
    },
  },
  {
    parameter: 'groupId',
    permissions: /^groups\./,
    reading: 'groups.read',
    objects: async (_db, key) => ({ groups: [key as GroupId] }),
  },
  {
    parameter: 'appId',
    permissions: /^(apps|connections|mappings)\./,
    reading: 'apps.read',
    objects: async (_db, key) => ({ apps: [key as AppId] }),
  },
];

function isParams(params: unknown): params is Readonly<Record<string, string | undefined>> {
  return isJsonObject(params);
}
