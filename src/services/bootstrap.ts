import { userTarget } from '../domain/event-targets.ts';
import { systemActor } from '../domain/log-event.ts';
import type { Profile } from '../domain/profile.ts';
import { baseUserAttributes } from '../domain/user-schema.ts';
import { validateProfile } from '../domain/validate-profile.ts';
import { UsherError } from '../lib/errors.ts';
import { newId, type UserId } from '../lib/ids.ts';
import { insertRole } from '../store/admins.ts';
import { findTokenHolder, insertToken } from '../store/api-tokens.ts';
import type { Db, Tx } from '../store/database.ts';
import { ensureDirectory } from '../store/directory.ts';
import { appendEvents } from '../store/log-events.ts';
import { settleRestoredLog } from '../store/log-query.ts';
import { findOrg, insertOrg, type Org } from '../store/org.ts';
import { findUserSchema } from '../store/user-schema.ts';
import { insertUsers } from '../store/users.ts';
import { hashToken, tokenTarget } from './api-tokens.ts';
import { succeeded } from './log.ts';

export interface BootstrapOptions {
  /** The owner's first API token, at least 32 characters. */
  readonly token?: string | undefined;
  /** Default `owner@usher.local`. */
  readonly ownerLogin?: string | undefined;
}

export interface Bootstrapped {
  readonly org: Org;
  /** True when the database was empty and has been filled just now. */
  readonly created: boolean;
  /**
   * What became of the token given: it works (made now or earlier), or it is `ignored` because the organisation
   * is there already and the token is none of its tokens.
   */
  readonly token: 'none' | 'works' | 'ignored';
}

/**
 * Makes what an empty database needs: the organisation, the directory's schemas, the group everybody is in, an owner
 * who may do everything and, when a token is given, that owner's API token. In a database that has them nothing is
 * changed, whatever is asked. Of many processes that start at once, one does it and the others wait.
 *
 * @throws {UsherError} `invalid_input` for a token that could be guessed and a login that is none.
 */
export async function bootstrapOrg(db: Db, options: BootstrapOptions): Promise<Bootstrapped> {
  const { token } = options;
  const owner = ownerProfile(options.ownerLogin ?? 'owner@usher.local');
  if (token !== undefined) assertStrong(token);
  return db.transaction(async (tx) => {
    await settleRestoredLog(tx);
    const created = await insertOrg(tx, { id: newId('org'), name: 'Usher', subDomain: 'usher' });
    if (created) {
      await ensureDirectory(tx);
      await addOwner(tx, owner, token);
    }
    const org = await findOrg(tx);
    if (org === undefined) throw new UsherError('internal', 'The organisation was gone right after it was made.');
    return { org, created, token: token === undefined ? 'none' : await tokenState(tx, token) };
  });
}

const tokenLettersMin = 32;

function assertStrong(token: string): void {
  if (token.length >= tokenLettersMin && /^[\x21-\x7e]+$/.test(token)) return;
  throw new UsherError(
    'invalid_input',
    `USHER_BOOTSTRAP_TOKEN cannot be used: it must have at least ${tokenLettersMin} characters, letters, digits and ` +
      'signs without spaces. Make one with: openssl rand -hex 32',
  );
}

function ownerProfile(login: string): Profile {
  const profile = { login, email: login, firstName: 'Usher', lastName: 'Owner' };
  const [problem] = validateProfile(baseUserAttributes, profile, 'create');
  if (problem === undefined) return profile;
  throw new UsherError(
    'invalid_input',
    `USHER_OWNER_LOGIN is "${login}", which cannot be a login: ${problem.reason}. Use the form of an email address.`,
    { causes: [problem] },
  );
}

async function addOwner(tx: Tx, profile: Profile, token: string | undefined): Promise<void> {
  const owner = { id: newId('user'), status: 'ACTIVE', profile } as const;
  const { typeId } = await findUserSchema(tx);
  await insertUsers(tx, typeId, [owner]);
  await insertRole(tx, { userId: owner.id }, 'SUPER_ADMIN');
  const bySystem = { actor: systemActor };
  await appendEvents(tx, [
    succeeded(bySystem, 'user.lifecycle.create', [userTarget(owner)]),
    succeeded(bySystem, 'user.lifecycle.activate', [userTarget(owner)]),
  ]);
  if (token !== undefined) await addToken(tx, owner.id, token);
}

async function addToken(tx: Tx, userId: UserId, token: string): Promise<void> {
  const row = { id: newId('token'), name: 'Bootstrap', userId, expires: null };
  await insertToken(tx, { ...row, hash: hashToken(token) });
  await appendEvents(tx, [succeeded({ actor: systemActor }, 'system.api_token.create', [tokenTarget(row)])]);
}

async function tokenState(tx: Tx, token: string): Promise<'works' | 'ignored'> {
  return (await findTokenHolder(tx, hashToken(token))) === undefined ? 'ignored' : 'works';
}
