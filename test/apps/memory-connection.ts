import type { Account, AccountChange, Connection, DesiredAccount, WriteResult } from '../../src/connectors/contract.ts';
import { UsherError } from '../../src/lib/errors.ts';
import type { ExternalId } from '../../src/lib/ids.ts';
import { foldName } from '../../src/lib/text.ts';

export type Verb = 'find' | 'create' | 'read' | 'update' | 'deactivate' | 'remove' | 'list';

/** What goes wrong with one call: before it takes effect, or after (the answer is lost). */
export type Fault = { readonly error: UsherError; readonly afterEffect?: boolean } | undefined;

export interface MemoryApp {
  readonly accounts: Map<string, Account>;
  readonly calls: { readonly verb: Verb; readonly userName: string | undefined }[];
  /** Called before each call; returns what goes wrong with it. */
  fault: (verb: Verb, userName: string | undefined) => Fault;
  latencyMs: number;
  connection(): Connection;
}

/** An app in memory whose only purpose is to go wrong on demand and to remember what it was asked. */
export function createMemoryApp(): MemoryApp {
  let nextId = 1;
  const app: MemoryApp = {
    accounts: new Map(),
    calls: [],
    fault: () => undefined,
    latencyMs: 0,
    connection: () => connect(app, () => String(nextId++)),
  };
  return app;
}

function connect(app: MemoryApp, newAccountId: () => string): Connection {
  const call = async <Result>(verb: Verb, userName: string | undefined, effect: () => Result): Promise<Result> => {
    app.calls.push({ verb, userName });
    const fault = app.fault(verb, userName);
    if (app.latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, app.latencyMs));
    if (fault !== undefined && fault.afterEffect !== true) throw fault.error;
    const result = effect();
    if (fault !== undefined) throw fault.error;
    return result;
  };
  const change = (id: ExternalId, wanted: AccountChange): WriteResult => {
    const account = app.accounts.get(id);
    if (account === undefined) throw new UsherError('app_account_gone', `No account ${id}.`);
    const next: Account = {
      ...account,
      userName: wanted.userName ?? account.userName,
      active: wanted.active ?? account.active,
      profile: { ...account.profile, ...wanted.profile },
    };
    app.accounts.set(id, next);
    return { account: next, ignored: [] };
  };
  const create = (desired: DesiredAccount): WriteResult => {
    if ([...app.accounts.values()].some((account) => foldName(account.userName) === foldName(desired.userName))) {
      throw new UsherError('app_account_exists', `${desired.userName} is taken.`);
    }
    const account: Account = { ...desired, externalId: newAccountId() as ExternalId };
    app.accounts.set(account.externalId, account);
    return { account, ignored: [] };
  };
  return {
    test: () => Promise.resolve({ findings: [] }),
    find: (query) =>
      call('find', query.userName, () =>
        [...app.accounts.values()].find(
          (account) =>
            account.correlationId === query.correlationId || foldName(account.userName) === foldName(query.userName),
        ),
      ),
    create: (desired) => call('create', desired.userName, () => create(desired)),
    read: (id) => call('read', app.accounts.get(id)?.userName, () => app.accounts.get(id)),
    update: (id, wanted) => call('update', app.accounts.get(id)?.userName, () => change(id, wanted)),
    deactivate: (id) =>
      call('deactivate', app.accounts.get(id)?.userName, () => {
        if (app.accounts.has(id)) change(id, { active: false, profile: {} });
      }),
    remove: (id) => call('remove', app.accounts.get(id)?.userName, () => void app.accounts.delete(id)),
    list: () => call('list', undefined, () => ({ accounts: [...app.accounts.values()], next: undefined })),
    close: () => Promise.resolve(),
  };
}
