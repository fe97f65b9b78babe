import type { UserId } from '../lib/ids.ts';
import { randomPassword } from '../lib/random-text.ts';
import { passwordPlace } from '../provisioning/password-place.ts';
import type { Tx } from '../store/database.ts';
import { keepPasswords, listPasswordApps, type PasswordApp } from '../store/password-pushes.ts';
import type { Context } from './context.ts';

/** What a password is known from: it was chosen just now, or somebody signed in with it. */
export type PasswordOccasion = 'CHANGED' | 'SIGNED_IN';

/** An app that is not reached for so long is given up; the next sign-in offers the password again. */
const keptSeconds = 24 * 3_600;

/**
 * Has a person's apps get their password, or one made up for the app where it is set so. It is kept sealed until it is
 * pushed. To be called last in the transaction that has proved or set the password.
 */
export async function offerPassword(
  context: Context,
  tx: Tx,
  userId: UserId,
  password: string,
  occasion: PasswordOccasion,
): Promise<void> {
  const { secrets } = context;
  if (secrets === undefined || context.rehearsal === true) return;
  const apps = (await listPasswordApps(tx, userId)).filter((app) => isDue(app, occasion));
  if (apps.length === 0) return;
  const sealer = await secrets.sealer(tx);
  const sealed = apps.map(({ appId, password: { seed } }) => ({
    appId,
    sealed: sealer.seal(seed === 'OKTA' ? password : randomPassword(16), passwordPlace(appId, userId)),
  }));
  await keepPasswords(tx, userId, sealed, keptSeconds);
  await context.queue.signalApps(
    tx,
    apps.map(({ appId }) => appId),
  );
}

/**
 * An account that is there keeps its password where the app is set so; a random one comes with a new password only. What
 * the app refused is still owed to the account, however it is set.
 */
function isDue(app: PasswordApp, occasion: PasswordOccasion): boolean {
  const { seed, change } = app.password;
  if (app.refused) return app.hasAccount || seed === 'OKTA';
  if (app.hasAccount && change === 'KEEP_EXISTING') return false;
  if (seed === 'RANDOM') return app.hasAccount && occasion === 'CHANGED';
  return occasion === 'CHANGED' || !app.upToDate;
}
