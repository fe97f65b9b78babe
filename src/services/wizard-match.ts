import type { Account, Connection } from '../connectors/contract.ts';
import { defaultLimits } from '../domain/app.ts';
import type { Profile } from '../domain/profile.ts';
import type { AttributeDefinitions } from '../domain/profile-schema.ts';
import { withStep, type MatchCounts } from '../domain/wizard.ts';
import { UsherError } from '../lib/errors.ts';
import type { WizardId } from '../lib/ids.ts';
import type { Json } from '../lib/json.ts';
import { foldName } from '../lib/text.ts';
import type { AppSetup } from '../provisioning/app-setup.ts';
import { expressionScope, userNameFor } from '../provisioning/mapped-values.ts';
import * as store from '../store/wizard-accounts.ts';
import { findWizardReport, updateWizard, type StoredWizard } from '../store/wizards.ts';
import { authorize } from './authorize.ts';
import type { AppContext } from './context.ts';
import { probeConnector } from './probes.ts';
import { wizardSetup } from './wizard-preview.ts';
import { getWizard, openWizard, requireOpen, wizardSettings, type WizardView } from './wizards.ts';

/** Milliseconds for the listing; a larger app is listed as far as that goes, and says so. */
const listingMs = 80_000;
/** People whose names are worked out and matched by one statement. */
const peoplePerBatch = 2_000;

/**
 * Lists the app's accounts once and finds whose they could be: requests are pages, however many people there are.
 * Nothing is linked and nothing is changed.
 *
 * @throws {UsherError} `invalid_input` naming a step that was skipped; `app_*` as the connector says.
 */
export async function matchWizard(context: AppContext, id: WizardId): Promise<WizardView> {
  const wizard = await requireOpen(context, context.db, id, 'mappings');
  await authorize(context, context.db, 'users.read');
  await context.db.transaction((tx) => store.forgetListedAccounts(tx, id));
  const complete = await listInto(context, wizard);
  const people = await matchEverybody(context, wizard);
  const { matchedPeople, ...counts } = await store.countMatches(context.db, id);
  const match: MatchCounts = { ...counts, people, peopleWithout: people - matchedPeople, complete };
  await context.db.transaction(async (tx) => {
    const { draft } = await openWizard(context, tx, id, 'mappings');
    await updateWizard(tx, id, { draft: withStep(draft, 'match', { match }) });
  });
  return getWizard(context, id);
}

/** The accounts that were listed, with whose they could be; a page in order of their ids. */
export async function listWizardMatches(
  context: AppContext,
  id: WizardId,
  page: Parameters<typeof store.listMatches>[2],
): Promise<store.MatchedAccount[]> {
  await requireOpen(context, context.db, id, 'match');
  await authorize(context, context.db, 'users.read');
  return store.listMatches(context.db, id, page);
}

/** True when the last page was reached. */
async function listInto(context: AppContext, wizard: StoredWizard): Promise<boolean> {
  const report = await findWizardReport(context.db, wizard.id);
  const attributes = wizard.draft.attributes ?? {};
  const http = context.openHttp(defaultLimits);
  const signal = AbortSignal.timeout(listingMs);
  try {
    const connection = probeConnector(context).open({
      settings: await wizardSettings(context, wizard),
      attributes,
      quirks: {},
      learned: report?.learned ?? {},
      learn: () => undefined,
      http,
      pageSize: defaultLimits.pageSize,
    });
    return await readPages(context, wizard.id, connection, attributes, signal);
  } finally {
    await http.close();
  }
}

async function readPages(
  { db }: AppContext,
  id: WizardId,
  connection: Connection,
  attributes: AttributeDefinitions,
  signal: AbortSignal,
): Promise<boolean> {
  if (connection.list === undefined) throw new UsherError('unsupported', 'The app’s accounts cannot be listed.');
  const read = keysOf(attributes);
  let cursor: string | undefined;
  try {
    do {
      const page = await connection.list(cursor, signal);
      if (page.accounts.length > 0) await store.insertListedAccounts(db, id, page.accounts.map(read));
      cursor = page.next;
    } while (cursor !== undefined);
    return true;
  } catch (error) {
    if (signal.aborted && cursor !== undefined) return false;
    throw error;
  } finally {
    await connection.close();
  }
}

/** How an account of this schema is compared: by name, by e-mail address, by first and last name. */
function keysOf(attributes: AttributeDefinitions): (account: Account) => store.ListedAccount {
  const named = (test: (externalName: string) => boolean): string | undefined =>
    Object.keys(attributes).find((name) => test(attributes[name]?.externalName ?? name));
  const email = named((name) => /^emails\b.*value$/.test(name));
  const [first, last] = [named((name) => name === 'name.givenName'), named((name) => name === 'name.familyName')];
  const value = (profile: Profile, name: string | undefined): Json =>
    name === undefined ? null : (profile[name] ?? null);
  return ({ externalId, userName, active, profile, correlationId }) => ({
    external_id: externalId,
    user_name: userName,
    name_key: foldName(userName),
    email_key: emailKey(value(profile, email)) ?? (userName.includes('@') ? foldName(userName) : null),
    person_key: personKey(value(profile, first), value(profile, last)),
    correlation_id: correlationId ?? null,
    active: active ?? null,
    profile,
  });
}

/** Works out everybody's name in the app, a batch at a time. Returns how many people there are. */
async function matchEverybody(context: AppContext, wizard: StoredWizard): Promise<number> {
  const setup = wizardSetup(wizard);
  let after = '';
  let count = 0;
  for (;;) {
    const people = await store.listMatchablePeople(context.db, after, peoplePerBatch);
    const last = people.at(-1);
    if (last === undefined) return count;
    after = last.id;
    count += people.length;
    await store.matchPeople(
      context.db,
      wizard.id,
      people.map(({ id, status, profile }) => ({
        id,
        name_key: nameKey(setup, { userId: id, status, profile }, context.clock.now()),
        email_key: emailKey(profile['email'] ?? null),
        person_key: personKey(profile['firstName'] ?? null, profile['lastName'] ?? null),
      })),
    );
  }
}

/** The folded user name; of somebody it cannot be made for, the login. */
function nameKey(setup: AppSetup, person: Parameters<typeof expressionScope>[1], now: Date): string {
  try {
    return foldName(userNameFor(setup, expressionScope(setup, person, { now }), undefined));
  } catch {
    return foldName(String(person.profile['login'] ?? ''));
  }
}

function emailKey(value: Json): string | null {
  return typeof value === 'string' && value !== '' ? foldName(value) : null;
}

function personKey(first: Json, last: Json): string | null {
  if (typeof first !== 'string' || typeof last !== 'string' || first === '' || last === '') return null;
  return foldName(`${first.trim()} ${last.trim()}`);
}
