import type {
  Account,
  AccountChange,
  AccountQuery,
  Connection,
  DesiredAccount,
  OpenOptions,
  WriteResult,
} from '../contract.ts';
import { UsherError } from '../../lib/errors.ts';
import type { ExternalId } from '../../lib/ids.ts';
import type { JsonObject } from '../../lib/json.ts';
import { runBulk } from './bulk.ts';
import { createResult, isOwnAnswer, newResource, strangerAnswer } from './create.ts';
import { readSchemas, readUserSchemaUrns, testConnection } from './discovery.ts';
import { badAnswer, isGone, statusOf } from './errors.ts';
import { openGroups } from './groups.ts';
import { openScimHttp } from './http.ts';
import { compileLayout } from './layout.ts';
import { openLearned } from './learned.ts';
import { readPage } from './listing.ts';
import { openMatcher } from './match.ts';
import { userPath } from './paths.ts';
import { readQuirks } from './quirks.ts';
import { readAccount, readActive, readId } from './resource.ts';
import { definitionsOf } from './schema.ts';
import type { ScimSettings } from './settings.ts';
import { accountGone, openUpdater } from './update.ts';
import { entriesOf, inSentForm, intentOf, isEmpty, type Entry, type Intent } from './verify.ts';

/** Opens nothing yet: the first operation makes the first request. */
export function openConnection(options: OpenOptions<ScimSettings>): Connection {
  const quirks = readQuirks(options.quirks);
  const learned = openLearned(options.learned, options.learn);
  const layout = compileLayout(options.attributes, quirks.singleValuedOnly === true);
  const http = openScimHttp(options.settings, options.http);
  const pageSize = Math.min(options.pageSize, quirks.pageSizeMax ?? options.pageSize);
  const updater = openUpdater(http, learned, quirks.updateMethod);
  const matcher = openMatcher(http, learned, pageSize, async (id, signal) => (await updater.read(id, signal))?.body);

  function accountOf(resource: JsonObject): Account {
    const account = readAccount(resource, layout);
    if (!account) throw badAnswer(http.host, 'answered with an account without an id.', 'GET');
    return account;
  }

  /** The resource that a create made, whatever the app's answer left out. */
  async function createdResource(
    desired: DesiredAccount,
    body: JsonObject | undefined,
    signal: AbortSignal,
  ): Promise<JsonObject> {
    const resource = body ?? (await matcher.find(desired, signal));
    if (!resource)
      throw badAnswer(http.host, `says it created ${desired.userName}, but does not have it.`, 'POST', 201);
    const id = readId(resource);
    if (id === undefined)
      throw badAnswer(http.host, 'answered the creation of an account without its id.', 'POST', 201);
    if (isOwnAnswer(desired, resource)) return resource;
    const whole = isOwnAnswer(desired, resource) === undefined ? (await updater.read(id, signal))?.body : undefined;
    if (!whole || !isOwnAnswer(desired, whole)) throw strangerAnswer(http.host, desired);
    return whole;
  }

  async function created(
    desired: DesiredAccount,
    entries: readonly Entry[],
    body: JsonObject | undefined,
    signal: AbortSignal,
  ): Promise<WriteResult> {
    try {
      const resource = await createdResource(desired, body, signal);
      const result = await createResult(entries, resource, layout, learned, (id) => updater.read(id, signal));
      const active = readActive(resource);
      if (active === undefined || active === desired.active) return result;
      const outcome = await updater.update(result.account.externalId, onlyActive(desired.active), signal);
      return { ...result, account: { ...result.account, active: readActive(outcome.resource) } };
    } catch (error) {
      throw withUnknownOutcome(error);
    }
  }

  async function create(desired: DesiredAccount, signal: AbortSignal): Promise<WriteResult> {
    const entries = entriesOf(desired.profile, layout);
    const { body } = await http.send('POST', '/Users', signal, newResource(desired, entries));
    return created(desired, entries, body, signal);
  }

  async function read(id: ExternalId, signal: AbortSignal): Promise<Account | undefined> {
    const answer = await updater.read(id, signal);
    if (!answer) return undefined;
    if (!answer.body || readId(answer.body) !== id) {
      throw badAnswer(http.host, 'did not answer with the account asked for.', 'GET');
    }
    return accountOf(answer.body);
  }

  async function update(id: ExternalId, change: AccountChange, signal: AbortSignal): Promise<WriteResult> {
    const intent = intentOf(change, layout);
    if (isEmpty(intent)) {
      const account = await read(id, signal);
      if (!account) throw accountGone(http.host, id);
      return { account, ignored: [] };
    }
    const { resource, unmet } = await updater.update(id, intent, signal);
    if (unmet.userName !== undefined) throw ignoredWrite(http.host, 'the user name', unmet.userName);
    if (unmet.active !== undefined) throw ignoredWrite(http.host, 'active', String(unmet.active));
    const ignored = unmet.entries.map(({ place }) => place.variable);
    return { account: inSentForm(accountOf(resource), intent.entries, ignored), ignored };
  }

  async function deactivate(id: ExternalId, signal: AbortSignal): Promise<void> {
    try {
      const { unmet } = await updater.update(id, onlyActive(false), signal);
      if (unmet.active !== undefined) throw ignoredWrite(http.host, 'active', 'false');
    } catch (error) {
      // Some apps delete an account that is made inactive; without it nobody can sign in either.
      if (!isGone(error)) throw error;
    }
  }

  async function remove(id: ExternalId, signal: AbortSignal): Promise<void> {
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

  return {
    test: async (signal) => ({ findings: await testConnection(http, learned, signal) }),
    async find(query: AccountQuery, signal) {
      const resource = await matcher.find(query, signal);
      return resource && accountOf(resource);
    },
    create,
    read,
    update,
    deactivate,
    ...(quirks.noRemove ? {} : { remove }),
    async list(cursor, signal) {
      const page = await readPage(http, '/Users', cursor, pageSize, signal);
      return { accounts: page.resources.map(accountOf), next: page.next };
    },
    ...(learned.facts.bulk === 'advertised' || learned.facts.bulk === 'works'
      ? {
          bulk: {
            operationsMax: learned.facts.bulkOperationsMax ?? 100,
            run: (operations, signal) => {
              const createBody = (desired: DesiredAccount): JsonObject =>
                newResource(desired, entriesOf(desired.profile, layout));
              const judged = (desired: DesiredAccount, body: JsonObject | undefined): Promise<WriteResult> =>
                created(desired, entriesOf(desired.profile, layout), body, signal);
              return runBulk(http, learned, { createBody, created: judged, create, update }, operations, signal);
            },
          },
        }
      : {}),
    ...(learned.facts.groups === false ? {} : { groups: openGroups(http, learned, quirks, pageSize) }),
    async discoverSchema(signal) {
      return definitionsOf(await readSchemas(http, signal), await readUserSchemaUrns(http, signal));
    },
    close: () => Promise.resolve(),
  };
}

function onlyActive(active: boolean): Intent {
  return { userName: undefined, active, entries: [] };
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

/** After a create was accepted, nothing that goes wrong may hide that the account is there. */
function withUnknownOutcome(error: unknown): unknown {
  if (!(error instanceof UsherError) || error.outcomeUnknown) return error;
  const { retryAfterSeconds, appAnswer } = error;
  return new UsherError(error.code, error.message, {
    cause: error,
    causes: error.causes,
    outcomeUnknown: true,
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    ...(appAnswer === undefined ? {} : { appAnswer }),
  });
}
