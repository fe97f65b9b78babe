import { sameValue, type Profile } from '../domain/profile.ts';
import type { User } from '../domain/user.ts';
import type { Tx } from '../store/database.ts';
import type { ImportRow } from '../store/import-rows.ts';
import { lockUsersByLogin, loginKeyOf } from '../store/users.ts';

/** The people of these rows, locked, by folded login. */
export async function usersOf(tx: Tx, rows: readonly ImportRow[]): Promise<ReadonlyMap<string, User>> {
  const users = await lockUsersByLogin(
    tx,
    rows.map((row) => row.loginKey),
  );
  return new Map(users.map((user) => [loginKeyOf(user.profile), user]));
}

/** Those whom the rows make different, as they were and as they become. */
export function changedPeople(known: ReadonlyMap<string, User>, rows: readonly ImportRow[]) {
  return rows.flatMap((row) => {
    const user = known.get(row.loginKey);
    if (user === undefined) return [];
    const profile = merged(user.profile, row.profile);
    return sameValue(profile, user.profile) ? [] : [{ id: user.id, profile, before: user.profile }];
  });
}

/** What the row says over what is there; null clears. */
export function merged(current: Profile, row: Profile): Profile {
  return Object.fromEntries(Object.entries({ ...current, ...row }).filter(([, value]) => value !== null));
}
