import { isJsonObject, type JsonObject } from '../lib/json.ts';
import type { ApiClient } from './api-client.ts';
import { CommandError } from './exit-codes.ts';
import { objectsAt, personName, textAt } from './json-fields.ts';

// Things are named on the command line by id or by the name people know them by. A name that several have is an
// error that lists them: a command never guesses.

/** By id, login, the part of the login before the @, or full name. */
export async function resolveUser(api: ApiClient, who: string): Promise<JsonObject> {
  const found = await getOrUndefined(api, `/api/v1/users/${encodeURIComponent(who)}`);
  if (found !== undefined) return found;
  const [firstWord = who] = who.split(/\s+/);
  const candidates = await api.list('/api/v1/users', { q: firstWord, limit: 200 }, candidatesMax);
  return theOne(
    candidates.filter((user) => sameText(who, personName(user), fullName(user))),
    { kind: 'user', name: who, describe: (user) => `${textAt(user, 'id')}  ${textAt(user, 'profile', 'login')}` },
  );
}

/** By id or name. */
export async function resolveGroup(api: ApiClient, name: string): Promise<JsonObject> {
  const found = hasPrefix(name, '00g') ? await getOrUndefined(api, `/api/v1/groups/${name}`) : undefined;
  if (found !== undefined) return found;
  const candidates = await api.list('/api/v1/groups', { q: name, limit: 200 }, candidatesMax);
  return theOne(
    candidates.filter((group) => sameText(name, textAt(group, 'profile', 'name'))),
    { kind: 'group', name, describe: (group) => `${textAt(group, 'id')}  ${textAt(group, 'type')}` },
  );
}

/** By id, label or machine name. */
export async function resolveApp(api: ApiClient, name: string): Promise<JsonObject> {
  const found = hasPrefix(name, '0oa') ? await getOrUndefined(api, `/api/v1/apps/${name}`) : undefined;
  if (found !== undefined) return found;
  const candidates = await api.list('/api/v1/apps', { limit: 200 }, candidatesMax);
  return theOne(
    candidates.filter((app) => sameText(name, textAt(app, 'label'), textAt(app, 'name'))),
    { kind: 'app', name, describe: (app) => `${textAt(app, 'id')}  ${textAt(app, 'label')}  (${textAt(app, 'name')})` },
  );
}

/** By id or name. */
export async function resolveRule(api: ApiClient, name: string): Promise<JsonObject> {
  const found = hasPrefix(name, '0pr') ? await getOrUndefined(api, `/api/v1/groups/rules/${name}`) : undefined;
  if (found !== undefined) return found;
  const candidates = await api.list('/api/v1/groups/rules', { search: name, limit: 200 }, candidatesMax);
  return theOne(
    candidates.filter((rule) => sameText(name, textAt(rule, 'name'))),
    { kind: 'group rule', name, describe: (rule) => `${textAt(rule, 'id')}  ${textAt(rule, 'status')}` },
  );
}

/** By id or label. */
export async function resolveProvider(api: ApiClient, name: string): Promise<JsonObject> {
  const providers = objectsAt(await api.get('/usher/v1/identity-providers'), 'providers');
  return theOne(
    providers.filter((provider) => textAt(provider, 'id') === name || sameText(name, textAt(provider, 'label'))),
    {
      kind: 'identity provider',
      name,
      describe: (provider) => `${textAt(provider, 'id')}  ${textAt(provider, 'issuer')}`,
    },
  );
}

const candidatesMax = 10_000;
const listedMax = 20;

const lists = {
  user: 'users',
  group: 'groups',
  app: 'apps',
  'group rule': 'rules',
  'identity provider': 'identity-providers',
} as const;

interface Sought {
  readonly kind: keyof typeof lists;
  readonly name: string;
  readonly describe: (candidate: JsonObject) => string;
}

function theOne(candidates: readonly JsonObject[], { kind, name, describe }: Sought): JsonObject {
  const [only, another] = candidates;
  if (only === undefined)
    throw new CommandError('notFound', `There is no ${kind} "${name}". See "usher ${lists[kind]} list".`);
  if (another === undefined) return only;
  throw new CommandError(
    'conflict',
    `${candidates.length} ${kind}s are called "${name}". Name the one you mean by its id:`,
    {
      details: candidates.slice(0, listedMax).map(describe),
    },
  );
}

async function getOrUndefined(api: ApiClient, path: string): Promise<JsonObject | undefined> {
  try {
    const found = await api.get(path);
    return isJsonObject(found) ? found : undefined;
  } catch (error) {
    if (error instanceof CommandError && error.exit === 'notFound') return undefined;
    throw error;
  }
}

function fullName(user: JsonObject): string {
  return `${textAt(user, 'profile', 'firstName')} ${textAt(user, 'profile', 'lastName')}`;
}

function hasPrefix(text: string, prefix: string): boolean {
  return text.length === 20 && text.startsWith(prefix);
}

function sameText(wanted: string, ...names: readonly string[]): boolean {
  return names.some((name) => name.localeCompare(wanted, undefined, { sensitivity: 'accent' }) === 0);
}
