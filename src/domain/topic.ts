import type { Permission } from './admin-role.ts';

/** What a page shows that may be stale, and the permission without which nobody is told. */
export const topicPermissions = {
  people: 'users.read',
  groups: 'groups.read',
  rules: 'rules.read',
  schemas: 'schemas.read',
  /** Apps, their settings and mappings. */
  apps: 'apps.read',
  /** Who has an app, and how far their accounts are. */
  accounts: 'apps.read',
  push: 'apps.read',
  tasks: 'apps.read',
  runs: 'runs.read',
  log: 'logs.read',
  admins: 'roles.read',
  tokens: 'tokens.own',
} as const satisfies Readonly<Record<string, Permission>>;

export type Topic = keyof typeof topicPermissions;
export const topics = Object.keys(topicPermissions).filter((name): name is Topic =>
  Object.hasOwn(topicPermissions, name),
);

/** Topics that are about an app each, so that whoever is limited to other apps is told nothing. */
export const appTopics: readonly Topic[] = ['apps', 'accounts', 'push', 'tasks'];

/** What an event of this type makes stale, besides the log itself. The first prefix that fits decides. */
export function topicsOf(eventType: string): readonly Topic[] {
  return byPrefix.find(([prefix]) => eventType.startsWith(prefix))?.[1] ?? topics;
}

const byPrefix: readonly (readonly [prefix: string, topics: readonly Topic[]])[] = [
  ['user.session.', []],
  ['user.authentication.', []],
  ['user.account.privilege.', ['admins']],
  ['group.privilege.', ['admins']],
  ['user.', ['people']],
  ['group.user_membership.rule.', ['rules', 'groups']],
  ['group.user_membership.', ['groups', 'people']],
  ['group.application_assignment.', ['accounts', 'groups']],
  ['group.', ['groups']],
  ['application.user_membership.', ['accounts', 'tasks']],
  ['application.provision.user.', ['accounts', 'tasks']],
  ['application.provision.group_push.', ['push', 'tasks']],
  ['app.user_management.grouppush.', ['push', 'tasks']],
  ['application.', ['apps', 'accounts', 'tasks']],
  ['app.', ['apps', 'accounts']],
  ['task.', ['tasks']],
  ['directory.mapping.', ['apps']],
  ['directory.', ['schemas', 'apps']],
  ['system.csv.', ['people']],
  ['system.api_token.', ['tokens']],
];
