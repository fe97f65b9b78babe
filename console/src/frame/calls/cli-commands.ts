import type { SentRequest } from '../../api/sent.ts';

/** The arguments of the command that sends this very request; undefined where it needs more than the command can say. */
type Command = (request: SentRequest) => readonly string[] | undefined;

const ofUser = (verb: string): Command => withPart('userId', (id) => ['users', verb, id]);
const ofRule = (verb: string): Command => withPart('ruleId', (id) => ['rules', verb, id]);
const ofApp = (verb: string): Command => withPart('appId', (id) => ['apps', verb, id]);
const ofRun = (verb: string): Command => withPart('runId', (id) => ['runs', verb, id]);
const ofPlan = (verb: string): Command => withPart('planId', (id) => ['plan', verb, id]);

/** By method and path of the API reference. `test/console/calls.test.ts` runs every one of them. */
export const cliCommands: Readonly<Record<string, Command>> = {
  'post /api/v1/users': ({ body, query }) => {
    const user = onlyKeys(body, ['profile']);
    const staged = query['activate'] === false ? ['--staged'] : [];
    return user && ['users', 'create', ...attributes(user['profile']), ...staged];
  },
  'post /api/v1/users/{userId}': ({ parts, body }) => {
    const user = onlyKeys(body, ['profile']);
    return user && ['users', 'update', parts['userId'] ?? '', ...attributes(user['profile'])];
  },
  'post /api/v1/users/{userId}/lifecycle/activate': ofUser('activate'),
  'post /api/v1/users/{userId}/lifecycle/deactivate': ofUser('deactivate'),
  'post /api/v1/users/{userId}/lifecycle/suspend': ofUser('suspend'),
  'post /api/v1/users/{userId}/lifecycle/unsuspend': ofUser('unsuspend'),

  'post /api/v1/groups': ({ body }) => {
    const profile = onlyKeys(onlyKeys(body, ['profile'])?.['profile'], ['name', 'description']);
    if (profile === undefined || isFlag(profile['name'])) return undefined;
    return ['groups', 'create', textOf(profile['name']), ...option('--description', profile['description'])];
  },
  'delete /api/v1/groups/{groupId}': withPart('groupId', (id) => ['groups', 'delete', id]),
  'put /api/v1/groups/{groupId}/users/{userId}': ({ parts }) => ['groups', 'add', ...both(parts, 'groupId', 'userId')],
  'delete /api/v1/groups/{groupId}/users/{userId}': ({ parts }) => [
    ...['groups', 'remove', ...both(parts, 'groupId', 'userId')],
  ],

  'post /api/v1/groups/rules': ({ body }) => {
    const rule = onlyKeys(body, ['type', 'name', 'conditions', 'actions']);
    const conditions = onlyKeys(rule?.['conditions'], ['expression']);
    const given = objectOf(objectOf(rule?.['actions'])['assignUserToGroups'])['groupIds'];
    if (rule === undefined || conditions === undefined || isFlag(rule['name']) || !isTexts(given)) return undefined;
    const expression = textOf(objectOf(conditions['expression'])['value']);
    return ['rules', 'create', textOf(rule['name']), '--if', expression, '--into', ...given];
  },
  'post /api/v1/groups/rules/{ruleId}/lifecycle/activate': ofRule('activate'),
  'post /api/v1/groups/rules/{ruleId}/lifecycle/deactivate': ofRule('deactivate'),
  'delete /api/v1/groups/rules/{ruleId}': ({ parts, query }) => [
    ...['rules', 'delete', parts['ruleId'] ?? ''],
    ...(String(query['removeUsers']) === 'true' ? ['--remove-users'] : []),
  ],

  'post /usher/v1/apps': ({ body }) => {
    const app = onlyKeys(body, ['catalogKey', 'label', 'settings']);
    if (!app) return undefined;
    const settings = attributes(app['settings']);
    const set = settings.length === 0 ? [] : ['--set', ...settings];
    return ['apps', 'add', textOf(app['catalogKey']), ...option('--label', app['label']), ...set];
  },
  'post /api/v1/apps/{appId}/lifecycle/activate': ofApp('activate'),
  'post /api/v1/apps/{appId}/lifecycle/deactivate': ofApp('deactivate'),
  'delete /api/v1/apps/{appId}': ofApp('delete'),
  'post /usher/v1/apps/{appId}/duplicate': ({ parts, body }) => {
    const { links, label, visible } = objectOf(body);
    return [
      ...['apps', 'duplicate', parts['appId'] ?? '', ...option('--label', label)],
      ...['--links', textOf(links ?? 'match').toLowerCase(), ...(visible === true ? ['--visible'] : [])],
    ];
  },
  'put /usher/v1/apps/{appId}/connection': ({ parts, body }) => {
    const settings = onlyKeys(onlyKeys(body, ['settings'])?.['settings'], ['baseUrl', 'auth']);
    const auth = settings && authFlags(objectOf(settings['auth']));
    return auth && ['apps', 'connect', parts['appId'] ?? '', ...option('--url', settings['baseUrl']), ...auth];
  },
  'post /usher/v1/apps/{appId}/connection/test': ({ parts, body }) =>
    onlyKeys(body ?? {}, []) && ['apps', 'test', parts['appId'] ?? ''],
  'patch /usher/v1/apps/{appId}/provisioning': ({ parts, body }) => {
    const flags = Object.entries(objectOf(body)).map(([name, value]) => provisioningFlag(name, value));
    if (flags.length === 0 || !flags.every((flag) => flag !== undefined)) return undefined;
    return ['apps', 'provisioning', parts['appId'] ?? '', ...flags.flat()];
  },
  'post /usher/v1/apps/{appId}/provision': ({ parts, body }) => {
    const { all, userIds } = objectOf(body);
    if (all === true) return ['apps', 'provision', parts['appId'] ?? '', '--all'];
    return isTexts(userIds) ? ['apps', 'provision', parts['appId'] ?? '', '--user', ...userIds] : undefined;
  },

  'put /api/v1/apps/{appId}/groups/{groupId}': ({ parts, body }) => {
    const [appId, groupId] = both(parts, 'appId', 'groupId');
    return onlyKeys(body ?? {}, []) && ['assign', appId, '--group', groupId];
  },
  'delete /api/v1/apps/{appId}/groups/{groupId}': ({ parts }) => {
    const [appId, groupId] = both(parts, 'appId', 'groupId');
    return ['unassign', appId, '--group', groupId];
  },
  'delete /api/v1/apps/{appId}/users/{userId}': ({ parts }) => {
    const [appId, userId] = both(parts, 'appId', 'userId');
    return ['unassign', appId, '--user', userId];
  },
  'post /usher/v1/apps/{appId}/assignments': ({ parts, body }) => {
    const { userIds } = objectOf(body);
    return isTexts(userIds) ? ['assign', parts['appId'] ?? '', '--user', ...userIds] : undefined;
  },
  'put /usher/v1/apps/{appId}/group-priorities': ({ parts, body }) => {
    const rows = Array.isArray(body) ? body.map(objectOf) : [];
    const inOrder = rows.length > 0 && rows.every(({ priority }, index) => priority === index);
    const groups = rows.map(({ groupId }) => textOf(groupId));
    return inOrder ? ['assignments', 'order', parts['appId'] ?? '', ...groups] : undefined;
  },
  'post /usher/v1/apps/{appId}/assignment-runs': ({ parts, body }) => {
    const { action, users, search, all } = objectOf(body);
    const whom = all === true ? ['--all'] : isTexts(users) ? ['--user', ...users] : option('--search', search);
    const words = conversions[textOf(action)];
    if (words !== undefined && whom.length > 0) return [...words, parts['appId'] ?? '', ...whom];
    const isBulk = (action === 'assign' || action === 'unassign') && search !== undefined;
    return isBulk ? [action, parts['appId'] ?? '', ...whom] : undefined;
  },

  'post /usher/v1/tasks/retry': ({ body }) => {
    const { appId } = objectOf(body);
    return ['tasks', 'retry', ...(appId === undefined ? ['--all'] : ['--app', textOf(appId)])];
  },
  'post /usher/v1/tasks/{taskId}/retry': ({ parts, body }) => {
    const { userIds } = objectOf(body);
    return ['tasks', 'retry', parts['taskId'] ?? '', ...(isTexts(userIds) ? ['--user', ...userIds] : [])];
  },
  'post /usher/v1/tasks/{taskId}/assign': ({ parts, body }) => {
    const { userId } = objectOf(body);
    return ['tasks', 'assign', parts['taskId'] ?? '', ...(typeof userId === 'string' ? [userId] : [])];
  },
  'post /usher/v1/tasks/{taskId}/ignore': ({ parts, body }) => [
    ...['tasks', 'ignore', parts['taskId'] ?? '', ...option('--reason', objectOf(body)['reason'])],
  ],
  'post /usher/v1/tasks/{taskId}/reopen': withPart('taskId', (id) => ['tasks', 'reopen', id]),
  'post /usher/v1/tasks/{taskId}/complete': ({ parts, body }) => {
    const { all, userIds, evidence, externalId } = objectOf(body);
    const whom = all === true ? ['--all'] : isTexts(userIds) ? ['--user', ...userIds] : [];
    const { text, link } = objectOf(evidence);
    return [
      ...['tasks', 'complete', parts['taskId'] ?? '', ...option('--evidence', text), ...option('--link', link)],
      ...[...option('--account', externalId), ...whom],
    ];
  },

  'post /usher/v1/runs/{runId}/pause': ofRun('pause'),
  'post /usher/v1/runs/{runId}/resume': ofRun('resume'),
  'post /usher/v1/runs/{runId}/cancel': ofRun('cancel'),
  'post /usher/v1/keys/rotate': () => ['keys', 'rotate'],
  'post /usher/v1/egress/check': ({ body }) => {
    const url = onlyKeys(body, ['url'])?.['url'];
    return url === undefined || isFlag(url) ? undefined : ['egress', 'check', textOf(url)];
  },

  'post /usher/v1/plans/{planId}/apply': ofPlan('apply'),
  'post /usher/v1/plans/{planId}/discard': ofPlan('discard'),
  'post /usher/v1/plans/{planId}/again': ofPlan('again'),
};

/** Commands that ask for the secret themselves, so that it need not be in them. */
export const askingForSecrets: readonly string[] = ['put /usher/v1/apps/{appId}/connection'];

function authFlags(auth: Readonly<Record<string, unknown>>): readonly string[] | undefined {
  switch (auth['scheme']) {
    case 'bearer':
      return ['--auth', 'bearer'];
    case 'basic':
      return ['--auth', 'basic', ...option('--username', auth['username'])];
    case 'header':
      return ['--auth', 'header', ...option('--header', auth['headerName'])];
    case 'oauth2_client_credentials':
      return [
        ...['--auth', 'oauth2', ...option('--client-id', auth['clientId'])],
        ...[...option('--token-url', auth['tokenUrl']), ...option('--scope', auth['scope'])],
      ];
    default:
      return undefined;
  }
}

const conversions: Readonly<Record<string, readonly string[]>> = {
  override: ['assignments', 'override'],
  return_to_groups: ['assignments', 'return-to-groups'],
};

const switches: Readonly<Record<string, string>> = {
  create: '--create',
  update: '--update',
  deactivate: '--deactivate',
  reactivate: '--reactivate',
  pushPending: '--push-pending',
  groupPush: '--group-push',
  excludeUserNameUpdates: '--exclude-user-name-updates',
  manual: '--manual',
};
const choices: Readonly<Record<string, string>> = {
  existingAccount: '--existing-account',
  deprovision: '--deprovision',
  suspended: '--suspended',
  updateVerb: '--update-verb',
};
const numbers: Readonly<Record<string, string>> = {
  deleteAfterDays: '--delete-after-days',
  confirmDeletions: '--confirm-deletions',
};

function provisioningFlag(name: string, value: unknown): readonly string[] | undefined {
  const [onOff, choice, number] = [switches[name], choices[name], numbers[name]];
  if (onOff !== undefined && typeof value === 'boolean') return [onOff, value ? 'on' : 'off'];
  if (choice !== undefined && typeof value === 'string') return [choice, value.toLowerCase()];
  return number !== undefined && typeof value === 'number' ? [number, String(value)] : undefined;
}

function withPart(name: string, command: (id: string) => readonly string[]): Command {
  return ({ parts }) => command(parts[name] ?? '');
}

function both(parts: SentRequest['parts'], one: string, other: string): readonly [string, string] {
  return [parts[one] ?? '', parts[other] ?? ''];
}

function option(name: string, value: unknown): readonly string[] {
  return typeof value === 'string' && value !== '' ? [name, value] : [];
}

/** `name=value`, and `name:=json` for what is no text; an empty value clears. */
function attributes(profile: unknown): readonly string[] {
  return Object.entries(objectOf(profile)).map(([name, value]) => {
    if (value === null) return `${name}=`;
    return typeof value === 'string' && value !== '' ? `${name}=${value}` : `${name}:=${JSON.stringify(value)}`;
  });
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return isObject(value) ? value : {};
}

/** The object, where it has no other keys. */
function onlyKeys(value: unknown, keys: readonly string[]): Readonly<Record<string, unknown>> | undefined {
  return isObject(value) && Object.keys(value).every((key) => keys.includes(key)) ? value : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length > 0 && value.every((each) => typeof each === 'string');
}

/** A name that a command would take for one of its options. */
function isFlag(name: unknown): boolean {
  return textOf(name).startsWith('-');
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
