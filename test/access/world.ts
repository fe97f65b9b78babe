import type { AdminRole } from '../../src/domain/admin-role.ts';
import type { AppTarget } from '../../src/domain/rights.ts';
import { newId, type AppId, type GroupId, type RoleId, type UserId } from '../../src/lib/ids.ts';
import { hashToken } from '../../src/services/api-tokens.ts';
import { insertRole, saveAppTargets, saveGroupTargets } from '../../src/store/admins.ts';
import { insertToken } from '../../src/store/api-tokens.ts';
import type { HttpTest } from '../http-context.ts';

/** An administrator of a test: a person, their token and the one role they hold. */
export interface TestAdmin {
  readonly userId: UserId;
  readonly token: string;
  readonly roleId: RoleId;
}

export interface Limits {
  readonly apps?: readonly AppTarget[];
  readonly groups?: readonly GroupId[];
}

export async function addAdmin(on: HttpTest, role: AdminRole, limits: Limits = {}): Promise<TestAdmin> {
  const userId = await on.addUser(`${newId('user').toLowerCase()}@admins.example`);
  const token = `00${newId('token')}${newId('token')}`;
  const roleId = await on.db.transaction(async (tx) => {
    const id = await insertRole(tx, { userId }, role);
    if (id === undefined) throw new Error('The role was not given.');
    if (limits.apps !== undefined) await saveAppTargets(tx, id, limits.apps);
    if (limits.groups !== undefined) await saveGroupTargets(tx, id, limits.groups);
    await insertToken(tx, { id: newId('token'), name: 'test', userId, expires: null, hash: hashToken(token) });
    return id;
  });
  return { userId, token, roleId };
}

/** An app of a catalog integration, or a private bookmark. */
export async function addApp(on: HttpTest, label: string, key = 'bookmark'): Promise<AppId> {
  const settings = { app: { url: 'https://wiki.example' } };
  const body = { name: key, label, signOnMode: 'BOOKMARK', ...(key === 'bookmark' ? { settings } : {}) };
  const answer = await on.call('POST', '/api/v1/apps', body);
  if (answer.statusCode !== 200) throw new Error(answer.body);
  return answer.json<{ id: AppId }>().id;
}
