import type { AppUser } from '../domain/app-user.ts';
import type { User } from '../domain/user.ts';
import type { UserId } from '../lib/ids.ts';
import { setUpApp, userNameAttribute, type AppSetup } from '../provisioning/app-setup.ts';
import { expressionScope, userNameFor } from '../provisioning/mapped-values.ts';
import { loadAppConfig } from '../store/app-config.ts';
import type { Context } from './context.ts';

/**
 * The name each of these has, or will have, in the app, in their order: the account's, the one given individually,
 * what the app's template makes, else the login. The template is asked where all rows are of one app.
 */
export async function namesInApps(
  context: Context,
  rows: readonly AppUser[],
  peopleById: ReadonlyMap<UserId, User>,
): Promise<(string | null)[]> {
  const known = rows.map(knownName);
  const apps = new Set(rows.map((row) => row.appId));
  const [appId] = apps;
  const ask = apps.size === 1 && appId !== undefined && known.includes(undefined);
  const config = ask ? await loadAppConfig(context.db, appId) : undefined;
  const setup = config === undefined ? undefined : setUpApp(config);
  return rows.map((row, index) => known[index] ?? expectedName(context, setup, peopleById.get(row.userId)) ?? null);
}

function knownName({ userName, assignedProfile }: AppUser): string | undefined {
  const given = assignedProfile[userNameAttribute];
  return userName ?? (typeof given === 'string' && given !== '' ? given : undefined);
}

function expectedName(context: Context, setup: AppSetup | undefined, user: User | undefined): string | undefined {
  if (user === undefined) return undefined;
  const { login } = user.profile;
  try {
    if (setup === undefined) return typeof login === 'string' ? login : undefined;
    const person = { userId: user.id, status: user.status, profile: user.profile };
    return userNameFor(setup, expressionScope(setup, person, { now: context.clock.now() }), undefined);
  } catch {
    // It takes more than the profile, or fails for this person; the engine will say so.
    return typeof login === 'string' ? login : undefined;
  }
}
