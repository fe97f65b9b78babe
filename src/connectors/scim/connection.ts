import type { Account, AccountChange, Connection, OpenOptions, WriteResult } from '../contract.ts';
import { UsherError } from '../../lib/errors.ts';
import type { ExternalId } from '../../lib/ids.ts';
import type { JsonObject } from '../../lib/json.ts';
import type { ScimApp } from './app.ts';
import { bulkOf } from './bulk.ts';
import { createAccount } from './create.ts';
import { readSchemas, readUserSchemaUrns, testConnection } from './discovery.ts';
import { badAnswer, isGone, statusOf } from './errors.ts';
import { openGroups } from './groups.ts';
import { openScimHttp } from './http.ts';
import { compileLayout, type Layout } from './layout.ts';
import { openLearned } from './learned.ts';
import { readPage } from './listing.ts';
import { openMatcher, type UniqueKey } from './match.ts';
import { userPath } from './paths.ts';
import { readQuirks } from './quirks.ts';
import { readAccount, readActive, readId } from './resource.ts';
import { definitionsOf } from './schema.ts';
import type { ScimSettings } from './settings.ts';
import { accountGone, openUpdater } from './update.ts';
import { inSentForm, intentOf, isEmpty, onlyActive } from './verify.ts';

/** Opens nothing yet: the first operation makes the first request. */
export function openConnection(options: OpenOptions<ScimSettings>): Connection {
  const quirks = readQuirks(options.quirks);
  const learned = openLearned(options.learned, options.learn);
  const layout = compileLayout(options.attributes, quirks.singleValuedOnly === true);
  const http = openScimHttp(options.settings, options.http);
  const pageSize = Math.min(options.pageSize, quirks.pageSizeMax ?? options.pageSize);
  const updater = openUpdater(http, learned, quirks.updateMethod);
  const unique = uniqueKey(options.uniqueAttribute, layout);
  const readBody = async (id: ExternalId, signal: AbortSignal) => (await updater.read(id, signal))?.body;
  const matcher = openMatcher(http, learned, pageSize, readBody, unique);
  const app: ScimApp = { http, learned, layout, updater, matcher };
  const bulk = bulkOf(app, (id, change, signal) => update(app, id, change, signal));

  return {
    test: async (signal) => ({ findings: await testConnection(http, learned, signal) }),
    async find(query, signal) {
      const resource = await matcher.find(query, signal);
      return resource && accountOf(app, resource);
    },
    create: (desired, signal) => createAccount(app, desired, signal),
    read: (id, signal) => read(app, id, signal),
    update: (id, change, signal) => update(app, id, change, signal),
    deactivate: (id, signal) => deactivate(app, id, signal),
    ...(quirks.noRemove ? {} : { remove: (id, signal) => remove(app, id, signal) }),
    async list(cursor, signal) {
      const page = await readPage(http, '/Users', cursor, pageSize, signal);
      return { accounts: page.resources.map((resource) => accountOf(app, resource)), next: page.next };
    },
    ...(bulk ? { bulk } : {}),
    ...(learned.facts.groups === false ? {} : { groups: openGroups(http, learned, quirks, pageSize) }),
    async discoverSchema(signal) {
      return definitionsOf(await readSchemas(http, signal), await readUserSchemaUrns(http, signal));
    },
    close: () => Promise.resolve(),
  };
}

/** @throws {UsherError} `invalid_input` for an attribute the app's schema does not have. */
function uniqueKey(attribute: string | undefined, { byVariable }: Layout): UniqueKey | undefined {
  if (attribute === undefined || attribute === 'externalId') return attribute;
  const place = byVariable.get(attribute);
  if (place !== undefined) return place;
  const message = `The app has no attribute ${attribute}, so no account can be recognised by it. Set another unique attribute.`;
  throw new UsherError('invalid_input', message);
}

async function read(app: ScimApp, id: ExternalId, signal: AbortSignal): Promise<Account | undefined> {
  const answer = await app.updater.read(id, signal);
  if (!answer) return undefined;
  if (answer.body && readId(answer.body) === id) return accountOf(app, answer.body);
  throw badAnswer(app.http.host, 'did not answer with the account asked for.', 'GET');
}

async function update(app: ScimApp, id: ExternalId, change: AccountChange, signal: AbortSignal): Promise<WriteResult> {
  const { host } = app.http;
  const intent = intentOf(change, app.layout);
  if (isEmpty(intent)) {
    const account = await read(app, id, signal);
    if (!account) throw accountGone(host, id);
    return { account, ignored: [] };
  }
  const { resource, unmet } = await app.updater.update(id, intent, signal);
  if (unmet.userName !== undefined) throw ignoredWrite(host, 'the user name', unmet.userName);
  if (unmet.active !== undefined) throw ignoredWrite(host, 'active', String(unmet.active));
  const ignored = unmet.entries.map(({ place }) => place.variable);
  return { account: inSentForm(accountOf(app, resource), intent.entries, ignored), ignored };
}

async function deactivate({ http, updater }: ScimApp, id: ExternalId, signal: AbortSignal): Promise<void> {
  try {
    const { unmet } = await updater.update(id, onlyActive(false), signal);
    if (unmet.active !== undefined) throw ignoredWrite(http.host, 'active', 'false');
  } catch (error) {
    // Some apps delete an account that is made inactive; without it nobody can sign in either.
    if (!isGone(error)) throw error;
  }
}

async function remove({ http, updater }: ScimApp, id: ExternalId, signal: AbortSignal): Promise<void> {
  try {
    await http.send('DELETE', userPath(id), signal);
  } catch (error) {
    const status = statusOf(error);
    if (isGone(error)) return;
    if (status === 405 || status === 501) throw noDelete(http.host);
    if (status === undefined || status < 500) throw error;
    if ((await updater.read(id, signal)) === undefined) return;
    throw error;
  }
  // Some apps keep what they delete, as an inactive account; an active one was not deleted at all.
  const left = (await updater.read(id, signal))?.body;
  if (left && readActive(left) === true) throw stillThere(http.host, id);
}

function accountOf({ http, layout }: ScimApp, resource: JsonObject): Account {
  const account = readAccount(resource, layout);
  if (!account) throw badAnswer(http.host, 'answered with an account without an id.', 'GET');
  return account;
}

function ignoredWrite(host: string, what: string, value: string): UsherError {
  return new UsherError(
    'app_ignored_write',
    `${host} answered that all went well, but ${what} did not become ${value}. Change it there by hand, or ask its operator.`,
  );
}

function stillThere(host: string, id: ExternalId): UsherError {
  return new UsherError(
    'app_ignored_write',
    `${host} answered that it deleted the account ${id}, but the account is still active. Delete it there by hand.`,
  );
}

function noDelete(host: string): UsherError {
  return new UsherError(
    'unsupported',
    `${host} does not let accounts be deleted by provisioning. Deactivate them instead.`,
  );
}
