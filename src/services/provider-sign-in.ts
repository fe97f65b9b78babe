import { defaultLimits } from '../domain/app.ts';
import { userTarget } from '../domain/event-targets.ts';
import {
  isSameLogin,
  providerTarget,
  type IdentityProvider,
  type MatchClaim,
  type SignInProblem,
} from '../domain/identity-provider.ts';
import { unknownActor, type EventTarget } from '../domain/log-event.ts';
import type { User } from '../domain/user.ts';
import type { Clock } from '../lib/clock.ts';
import { asUsherError, UsherError, type ErrorCode } from '../lib/errors.ts';
import type { IdentityProviderId } from '../lib/ids.ts';
import type { JsonObject } from '../lib/json.ts';
import {
  openOidcClient,
  type OidcClaims,
  type OidcClient,
  type OidcKnowledge,
  type OidcQuestion,
} from '../lib/oidc-client.ts';
import { foldName } from '../lib/text.ts';
import type { Db, Tx } from '../store/database.ts';
import { findLinkedUser, linkUser, type Identity } from '../store/identity-links.ts';
import { findProvider, listProviders, type StoredProvider } from '../store/identity-providers.ts';
import { appendEvents } from '../store/log-events.ts';
import { findSessionHolder } from '../store/sessions.ts';
import { lockUsers, lockUsersByLogin } from '../store/users.ts';
import type { AppContext } from './context.ts';
import { registrationOf } from './identity-providers.ts';
import { succeeded } from './log.ts';
import { endExpiredLock } from './password-check.ts';
import { letInByProvider, proveByProvider, type SignedIn } from './sessions.ts';

/** From where somebody signs in. */
type Nobody = Omit<AppContext, 'actor' | 'rights'>;

/** What providers publish, kept for a while, so that a sign-in does not wait for it again. */
export type ProviderMemory = Map<string, OidcKnowledge & { readonly untilMs: number }>;

/** Somebody on their way to a provider and back. */
interface Pending {
  readonly providerId: IdentityProviderId;
  readonly question: OidcQuestion;
  /** A page of ours, to go on to. */
  readonly returnTo: string;
  /** Whether they are to sign in there anew, so that it is them who sit before the browser. */
  readonly fresh: boolean;
  readonly askedMs: number;
}

export interface Outcome {
  readonly returnTo: string;
  /** Undefined where the session that the browser has goes on, and they have shown who they are. */
  readonly result: SignedIn | SignInProblem | undefined;
}

/** The providers that people may choose from, for anybody to see. */
export async function listOpenProviders(db: Db): Promise<Pick<IdentityProvider, 'id' | 'label'>[]> {
  const providers = await listProviders(db);
  return providers.filter(({ status }) => status === 'ACTIVE').map(({ id, label }) => ({ id, label }));
}

/**
 * Where to send a browser so that its person signs in there, and what the browser keeps until it is back: sealed, good
 * for ten minutes, and what alone makes an answer worth reading.
 */
export async function beginProviderSignIn(
  nobody: Nobody,
  memory: ProviderMemory,
  target: {
    readonly id: IdentityProviderId;
    readonly redirectUri: string;
    readonly returnTo: string;
    readonly fresh: boolean;
  },
): Promise<{ readonly url: string; readonly kept: string } | SignInProblem> {
  const provider = await findProvider(nobody.db, target.id);
  if (provider?.status !== 'ACTIVE') return 'misconfigured';
  try {
    const { redirectUri, returnTo, fresh } = target;
    const { url, question } = await withClient(nobody, memory, provider, (client) => client.ask(redirectUri, fresh));
    const askedMs = nobody.clock.now().getTime();
    const pending: Pending = { providerId: provider.id, question, returnTo, fresh, askedMs };
    return { url: url.href, kept: nobody.secrets.master.seal(JSON.stringify(pending), place) };
  } catch (error) {
    return fail(nobody, provider, problemOf(error), { detail: asUsherError(error).message });
  }
}

/**
 * Lets in whom the provider names: whoever is linked to the identity or, at its first sign-in, whoever has the claim's
 * value as their login and no other identity there. Nobody is made. Who was to sign in anew and still has a session is
 * not let in again: the session is theirs and proven, or stays as it is.
 *
 * @param kept what the browser kept, as it was sealed.
 * @param session the hash of the session the browser has.
 * @param answer the whole address the browser came back to.
 */
export async function finishProviderSignIn(
  nobody: Nobody,
  memory: ProviderMemory,
  kept: string | undefined,
  answer: URL,
  session: Buffer | undefined,
): Promise<Outcome> {
  const pending = kept === undefined ? undefined : openPending(nobody, kept);
  if (pending === undefined) return { returnTo: '/', result: 'expired' };
  const { returnTo, question, fresh, askedMs } = pending;
  if (answer.searchParams.get('state') !== question.state) return { returnTo, result: 'expired' };
  const provider = await findProvider(nobody.db, pending.providerId);
  if (provider?.status !== 'ACTIVE') return { returnTo, result: 'misconfigured' };
  let claims: OidcClaims;
  try {
    claims = await withClient(nobody, memory, provider, (client) =>
      client.read(
        answer,
        question,
        wantedClaims[provider.matchClaim],
        fresh ? secondsSince(nobody, askedMs) : undefined,
      ),
    );
  } catch (error) {
    return {
      returnTo,
      result: await fail(nobody, provider, problemOf(error), { detail: asUsherError(error).message }),
    };
  }
  return { returnTo, result: await enter(nobody, { provider, fresh }, claims, session) };
}

const place = 'sign-in';
/** For passwords, second factors and somebody who has to look for their phone. */
const pendingMs = 10 * 60_000;
/** A provider that moves its addresses keeps the old ones for longer. */
const memoryMs = 10 * 60_000;
const wantedClaims: Readonly<Record<MatchClaim, readonly string[]>> = {
  email: ['email', 'email_verified'],
  preferred_username: ['preferred_username'],
};
const signInLimits = { ...defaultLimits, timeoutMs: 8_000, concurrencyMax: 2 };

/** Rounded up, so that nobody is refused for a second. The library grants the clocks half a minute. */
function secondsSince({ clock }: Nobody, ms: number): number {
  return Math.ceil((clock.now().getTime() - ms) / 1_000);
}

function openPending({ secrets, clock }: Nobody, kept: string): Pending | undefined {
  try {
    const pending: Pending = JSON.parse(secrets.master.open(kept, place));
    return pending.askedMs + pendingMs > clock.now().getTime() ? pending : undefined;
  } catch (error) {
    if (error instanceof UsherError && error.code === 'secret_unreadable') return undefined;
    throw error;
  }
}

async function withClient<Result>(
  nobody: Nobody,
  memory: ProviderMemory,
  provider: StoredProvider,
  work: (client: OidcClient) => Promise<Result>,
): Promise<Result> {
  const http = nobody.openHttp(signInLimits);
  try {
    const client = await openOidcClient(
      await registrationOf(nobody, provider),
      http,
      recall(memory, provider, nobody.clock),
    );
    const result = await work(client);
    const { untilMs = nobody.clock.now().getTime() + memoryMs } = memory.get(provider.issuer) ?? {};
    memory.set(provider.issuer, { ...client.knowledge(), untilMs });
    return result;
  } finally {
    await http.close();
  }
}

function recall(memory: ProviderMemory, { issuer }: StoredProvider, clock: Clock): OidcKnowledge | undefined {
  const known = memory.get(issuer);
  if (known !== undefined && known.untilMs > clock.now().getTime()) return known;
  memory.delete(issuer);
  return undefined;
}

async function enter(
  nobody: Nobody,
  voucher: { readonly provider: StoredProvider; readonly fresh: boolean },
  claims: OidcClaims,
  session: Buffer | undefined,
): Promise<SignedIn | SignInProblem | undefined> {
  const { provider, fresh } = voucher;
  const identity = { issuer: provider.issuer, subject: claims.sub };
  const entered = await nobody.db.transaction(async (tx) => {
    const user = await findPerson(tx, provider, claims);
    if (typeof user === 'string') return { problem: user };
    const held = !fresh || session === undefined ? undefined : await findSessionHolder(tx, session);
    if (held !== undefined && held.userId !== user.id) return { problem: 'another' as const, user };
    const problem = await refusalOf(nobody, tx, user, identity);
    if (problem !== undefined) return { problem, user };
    if (held === undefined) return letInByProvider(nobody, tx, user.id, voucher);
    await proveByProvider(nobody, tx, user, held.id, provider);
    return undefined;
  });
  if (entered === undefined || 'value' in entered) return entered;
  const { problem, user } = entered;
  return fail(nobody, provider, problem, { subject: claims.sub }, user === undefined ? [] : [userTarget(user)]);
}

/** Whose identity it is, kept from changing. The claim finds people only while the identity is nobody's. */
async function findPerson(tx: Tx, provider: StoredProvider, claims: OidcClaims): Promise<User | SignInProblem> {
  const { issuer, matchClaim } = provider;
  const linked = await findLinkedUser(tx, { issuer, subject: claims.sub });
  if (linked !== undefined) return (await lockUsers(tx, [linked]))[0] ?? 'unknown';
  const value = claims[matchClaim];
  if (typeof value !== 'string' || value === '') return 'misconfigured';
  // Anybody can write anybody's address into their profile; only a verified one is theirs.
  if (matchClaim === 'email' && claims['email_verified'] !== true) return 'unverified';
  const [user] = await lockUsersByLogin(tx, [foldName(value)]);
  return user !== undefined && isSameLogin(String(user.profile['login']), value) ? user : 'unknown';
}

/** Why a person we know may not enter by this identity; else it is theirs from now on. */
async function refusalOf(nobody: Nobody, tx: Tx, user: User, identity: Identity): Promise<SignInProblem | undefined> {
  const active = user.status === 'ACTIVE' || (await endExpiredLock({ ...nobody, actor: unknownActor }, tx, user));
  if (!active) return 'inactive';
  return (await linkUser(tx, user.id, identity)) ? undefined : 'linked';
}

function problemOf(error: unknown): SignInProblem {
  if (!(error instanceof UsherError)) throw error;
  if (error.code === 'app_rejected' && error.appAnswer?.detail === 'access_denied') return 'cancelled';
  const problem = problems[error.code];
  if (problem === undefined) throw error;
  return problem;
}

const problems: { readonly [Code in ErrorCode]?: SignInProblem } = {
  // The code was used before, or came too late.
  app_rejected: 'expired',
  app_bad_answer: 'refused',
  app_credentials_refused: 'misconfigured',
  secret_unreadable: 'misconfigured',
  app_address_refused: 'unreachable',
  app_unreachable: 'unreachable',
  app_timeout: 'unreachable',
};

/** Writes down that somebody was not let in, and why. The answer is the problem. */
async function fail(
  nobody: Nobody,
  provider: StoredProvider,
  problem: SignInProblem,
  debug: JsonObject,
  people: readonly EventTarget[] = [],
): Promise<SignInProblem> {
  const targets = [providerTarget(provider), ...people];
  const event = succeeded({ ...nobody, actor: unknownActor }, 'user.authentication.auth_via_IDP', targets, debug);
  await nobody.db.transaction((tx) =>
    appendEvents(tx, [{ ...event, outcome: 'FAILURE', severity: 'WARN', reason: problem.toUpperCase() }]),
  );
  return problem;
}
