import type { QueryKey } from '@tanstack/react-query';

/** What the server says has become stale; the names are those of `GET /usher/v1/events`. */
export interface Stale {
  readonly topics: readonly string[];
  /** The apps that topics about apps are about; null: any. */
  readonly apps: readonly string[] | null;
  readonly runs: readonly string[];
}

/** What a query is about, by the first part of its key. What is not here may be about anything. */
const topicsByHead: Readonly<Record<string, readonly string[]>> = {
  session: ['mine'],
  catalog: [],
  'catalog-entry': [],
  guide: [],
  pick: [],
  search: [],
  'my-apps': ['mine'],
  'my-layout': [],
  'my-profile': ['mine'],
  'my-sessions': ['mine'],
  system: [],
  keys: [],
  'identity-providers': ['admins'],
  app: ['apps'],
  unprovisioned: ['accounts', 'apps', 'runs'],
  'app-progress': ['accounts', 'apps', 'push'],
  figures: ['people', 'apps', 'accounts'],
  connection: ['apps'],
  provisioning: ['apps'],
  mapping: ['apps', 'schemas'],
  user: ['people', 'groups'],
  'user-apps': ['accounts', 'people', 'groups'],
  group: ['groups', 'rules'],
  'user-name-preview': [],
  explanation: ['accounts', 'people', 'groups', 'rules', 'apps'],
  'values-begun': [],
  'group-names': ['groups'],
  'group-rule-preview': [],
  'push-overview': ['push', 'apps'],
  'pushed-group': ['push'],
  'push-targets': [],
  'push-rule-preview': ['groups'],
  wizard: ['apps'],
  'wizard-preview': ['people', 'schemas'],
  schema: ['schemas', 'apps'],
  'schema-apps': ['apps'],
  discovered: [],
  plan: ['runs', 'apps', 'accounts'],
  run: ['runs', 'accounts'],
  task: ['tasks', 'accounts'],
  'task-counts': ['tasks', 'accounts'],
  'log-counts': ['log'],
  'log-event': [],
  'set-up': ['apps', 'accounts'],
  reports: [],
};

/** The same for lists, by the path they come from. */
const topicsByPath: readonly (readonly [path: RegExp, topics: readonly string[]])[] = [
  [/\/logs$/, ['log']],
  [/\/plans\b/, ['runs', 'apps', 'accounts']],
  [/\/runs\b/, ['runs']],
  [/\/wizards\b/, ['apps']],
  [/\/tasks\b/, ['tasks', 'accounts']],
  [/\/api-tokens/, ['tokens', 'people']],
  [/\/admins$/, ['admins', 'people', 'groups', 'apps']],
  [/\/groups\/(\{groupId\}\/)?rules/, ['rules']],
  [/\/apps\/\{appId\}\/group-push/, ['push']],
  [/\/groups\/\{groupId\}\/pushes/, ['push', 'apps']],
  [/\/apps\/\{appId\}\//, ['accounts', 'apps']],
  [/\/apps$/, ['apps', 'accounts']],
  [/\/users\b/, ['people']],
  [/\/groups\b/, ['groups']],
];

const anything = ['people', 'groups', 'rules', 'schemas', 'apps', 'accounts', 'push', 'tasks', 'runs', 'admins'];
const aboutApps = ['apps', 'accounts', 'push', 'tasks'];

/** Whether what was looked up under this key may be another thing by now. */
export function isStale(key: QueryKey, stale: Stale): boolean {
  const topics = topicsOf(key).filter((topic) => stale.topics.includes(topic));
  if (topics.length === 0) return false;
  const names = JSON.stringify(key);
  const appId = /"(0oa[0-9A-Za-z]{17})"/.exec(names)?.[1];
  if (appId !== undefined && stale.apps !== null && topics.every((topic) => aboutApps.includes(topic)))
    return stale.apps.includes(appId);
  const runId = /"(run[0-9A-Za-z]{17})"/.exec(names)?.[1];
  return runId === undefined || topics.some((topic) => topic !== 'runs') || stale.runs.includes(runId);
}

function topicsOf([head, path]: QueryKey): readonly string[] {
  if (head === 'list') return topicsByPath.find(([pattern]) => pattern.test(String(path)))?.[1] ?? anything;
  return topicsByHead[String(head)] ?? anything;
}
