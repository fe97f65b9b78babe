import { defaultLimits } from '../domain/app.ts';
import { userTarget } from '../domain/event-targets.ts';
import {
  providerTarget,
  type IdentityProvider,
  type MatchClaim,
  type ProviderStatus,
} from '../domain/identity-provider.ts';
import type { EventType } from '../domain/log-event.ts';
import { UsherError, type ErrorCause } from '../lib/errors.ts';
import { newId, type IdentityProviderId } from '../lib/ids.ts';
import { issuerProblem, openOidcClient, type OidcClient, type OidcRegistration } from '../lib/oidc-client.ts';
import type { Queryable, Tx } from '../store/database.ts';
import { unlinkUser } from '../store/identity-links.ts';
import * as store from '../store/identity-providers.ts';
import { appendEvents } from '../store/log-events.ts';
import type { SecretBox } from '../store/secret-box.ts';
import { deleteSessionsOfProvider } from '../store/sessions.ts';
import { authorize } from './authorize.ts';
import type { AppContext, Context } from './context.ts';
import { succeeded } from './log.ts';
import { lockUser } from './users.ts';

export interface ProviderInput {
  readonly label: string;
  readonly issuer: string;
  readonly clientId: string;
  /** Left out: the one there is. */
  readonly clientSecret?: string;
  readonly matchClaim: MatchClaim;
  readonly status: ProviderStatus;
}

/** A provider as it may be shown. */
export interface ProviderView extends IdentityProvider {
  /** People who have signed in there. */
  readonly links: number;
}

export interface Finding {
  readonly subject: string;
  readonly ok: boolean;
  readonly detail: string;
}

// Who names a provider decides who is let in as whom, so that it takes what granting every role takes.

export async function listProviders(context: Context): Promise<ProviderView[]> {
  await authorize(context, context.db, 'roles.read');
  return (await store.listProviders(context.db)).map(shown);
}

/** @throws {UsherError} `not_found` */
export async function getProvider(context: Context, id: IdentityProviderId): Promise<ProviderView> {
  await authorize(context, context.db, 'roles.read');
  return shown(await requireProvider(context.db, id));
}

/**
 * Adds a place where people sign in. Nothing is sent there.
 *
 * @throws {UsherError} `invalid_input`, a cause per field; `conflict` for a label or an issuer another one has.
 */
export function addProvider(context: AppContext, input: ProviderInput): Promise<ProviderView> {
  return change(context, 'system.idp.lifecycle.create', async (tx) => {
    const id = newId('identity_provider');
    const values = checked(input, { secretNeeded: true });
    await store.saveProvider(tx, { ...values, id, sealed: await seal(context, tx, id, input.clientSecret ?? '') });
    return requireProvider(tx, id);
  });
}

/**
 * Replaces what is known of it. Another issuer or client takes the secret again, or whoever may change this could have
 * the old one sent to themselves. One that is not ACTIVE lets nobody in, and whom it has let in is signed out.
 *
 * @throws {UsherError} as `addProvider`; `not_found`
 */
export function replaceProvider(
  context: AppContext,
  id: IdentityProviderId,
  input: ProviderInput,
): Promise<ProviderView> {
  return change(context, 'system.idp.lifecycle.update', async (tx) => {
    const before = await store.lockProvider(tx, id);
    if (before === undefined) throw missing(id);
    const elsewhere = before.issuer !== input.issuer.trim() || before.clientId !== input.clientId.trim();
    const values = checked(input, { secretNeeded: elsewhere });
    const { clientSecret: secret } = input;
    const sealed = secret === undefined ? before.sealed : await seal(context, tx, id, secret);
    await store.saveProvider(tx, { ...values, id, sealed });
    if (before.status !== values.status) {
      const turned = values.status === 'ACTIVE' ? 'system.idp.lifecycle.activate' : 'system.idp.lifecycle.deactivate';
      await appendEvents(tx, [succeeded(context, turned, [providerTarget(before)])]);
    }
    if (values.status === 'INACTIVE' || elsewhere) await deleteSessionsOfProvider(tx, id);
    return requireProvider(tx, id);
  });
}

/** Nobody signs in there any more, and whom it has let in is signed out. Who is who there stays known. */
export async function removeProvider(context: Context, id: IdentityProviderId): Promise<void> {
  await change(context, 'system.idp.lifecycle.delete', async (tx) => {
    const provider = await store.lockProvider(tx, id);
    if (provider === undefined) throw missing(id);
    await store.deleteProvider(tx, id);
    return provider;
  });
}

/**
 * Forgets which identity there is somebody's: the next one with their address, or name, is taken for them.
 *
 * @param key id or login of the person.
 * @throws {UsherError} `not_found` where there is no such link.
 */
export async function unlinkPerson(context: Context, id: IdentityProviderId, key: string): Promise<void> {
  await context.db.transaction(async (tx) => {
    await authorize(context, tx, 'roles.manage');
    const provider = await requireProvider(tx, id);
    const user = await lockUser(tx, key);
    if (!(await unlinkUser(tx, user.id, provider.issuer))) {
      throw new UsherError('not_found', `${userTarget(user).alternateId} has never signed in with ${provider.label}.`);
    }
    const targets = [providerTarget(provider), userTarget(user)];
    await appendEvents(tx, [succeeded(context, 'system.idp.lifecycle.update', targets, { unlinked: user.id })]);
  });
}

/** Asks the provider what can be asked without a person: its addresses, its keys, and whether it takes our secret. */
export async function testProvider(
  context: AppContext,
  id: IdentityProviderId,
  redirectUri: string,
): Promise<readonly Finding[]> {
  await authorize(context, context.db, 'roles.manage');
  const provider = await requireProvider(context.db, id);
  const findings: Finding[] = [];
  const http = context.openHttp(defaultLimits);
  try {
    const client = await openOidcClient(await registrationOf(context, provider), http);
    findings.push({ subject: 'Issuer', ok: true, detail: `${provider.issuer} answers, and says it is this issuer.` });
    findings.push(claimFinding(provider, client));
    const taken = await client.isTaken(redirectUri);
    if (taken !== undefined) findings.push(clientFinding(taken));
  } catch (error) {
    if (!(error instanceof UsherError) || error.code === 'internal') throw error;
    findings.push({ subject: findings.length === 0 ? 'Issuer' : 'Client', ok: false, detail: error.message });
  } finally {
    await http.close();
  }
  return findings;
}

export async function registrationOf(
  { db, secrets }: Pick<AppContext, 'db' | 'secrets'>,
  { id, issuer, clientId, sealed }: store.StoredProvider,
): Promise<OidcRegistration> {
  return { issuer, clientId, clientSecret: await secrets.open(db, sealed, placeOf(id)) };
}

const labelMax = 60;
const textMax = 500;

function checked(input: ProviderInput, { secretNeeded }: { readonly secretNeeded: boolean }) {
  const [label, issuer, clientId] = [input.label.trim(), input.issuer.trim(), input.clientId.trim()];
  const causes: ErrorCause[] = [];
  const check = (field: string, reason: string | undefined) => reason && causes.push({ field, reason });
  check('label', textProblem(label, labelMax));
  check('issuer', textProblem(issuer, textMax) ?? issuerProblem(issuer));
  check('clientId', textProblem(clientId, textMax));
  if (input.clientSecret !== undefined) check('clientSecret', textProblem(input.clientSecret, textMax));
  else if (secretNeeded) check('clientSecret', 'is missing: it belongs to the issuer and the client ID');
  if (causes.length === 0) return { label, issuer, clientId, matchClaim: input.matchClaim, status: input.status };
  const sentences = causes.map((cause) => `${cause.field} ${cause.reason}`).join('; ');
  throw new UsherError('invalid_input', `The identity provider cannot be kept: ${sentences}.`, { causes });
}

function textProblem(text: string, most: number): string | undefined {
  if (text === '') return 'is missing';
  if (text.length > most) return `is longer than ${most} characters`;
  return /\p{Cc}/u.test(text) ? 'must have no control character in it' : undefined;
}

function claimFinding({ matchClaim }: IdentityProvider, { metadata }: OidcClient): Finding {
  const { claims_supported: claims } = metadata;
  const subject = 'Claim';
  if (claims === undefined) return { subject, ok: true, detail: `It does not say whether it knows ${matchClaim}.` };
  return claims.includes(matchClaim)
    ? { subject, ok: true, detail: `It knows ${matchClaim}, which finds people.` }
    : { subject, ok: false, detail: `It does not list ${matchClaim}, which is to find people. Choose another claim.` };
}

function clientFinding(taken: boolean): Finding {
  return taken
    ? { subject: 'Client', ok: true, detail: 'It takes the client ID and secret.' }
    : { subject: 'Client', ok: false, detail: 'It does not take the client ID and secret. Enter the secret again.' };
}

function change(
  context: Context,
  eventType: EventType,
  work: (tx: Parameters<Parameters<Context['db']['transaction']>[0]>[0]) => Promise<store.StoredProvider>,
): Promise<ProviderView> {
  return context.db.transaction(async (tx) => {
    await authorize(context, tx, 'roles.manage');
    const provider = await work(tx);
    await appendEvents(tx, [succeeded(context, eventType, [providerTarget(provider)])]);
    return shown(provider);
  });
}

function shown({ sealed: _sealed, ...provider }: store.StoredProvider): ProviderView {
  return provider;
}

async function seal(
  { secrets }: { readonly secrets: SecretBox },
  tx: Tx,
  id: IdentityProviderId,
  secret: string,
): Promise<string> {
  return (await secrets.sealer(tx)).seal(secret, placeOf(id));
}

function placeOf(id: IdentityProviderId): string {
  return `identity_providers/${id}`;
}

async function requireProvider(db: Queryable, id: IdentityProviderId): Promise<store.StoredProvider> {
  const provider = await store.findProvider(db, id);
  if (provider === undefined) throw missing(id);
  return provider;
}

function missing(id: string): UsherError {
  return new UsherError('not_found', `There is no identity provider with the id ${id}.`);
}
