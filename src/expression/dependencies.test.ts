import { expect, test } from 'vitest';
import { compileExpression } from './compile.ts';
import type { ExpressionDependencies } from './scope.ts';
import { compileUserNameTemplate } from './user-name-template.ts';

const none: ExpressionDependencies = {
  references: [],
  groups: false,
  groupIds: [],
  groupNames: [],
  linked: [],
  now: false,
};

test.each<readonly [string, Partial<ExpressionDependencies>]>([
  ['"constant" + 1', {}],
  ['user.lastName + user.firstName + user.lastName', { references: ['user.lastName', 'user.firstName'] }],
  [
    'user["firstName"] + user.address.city + user.tags[0]',
    { references: ['user.firstName', 'user.address', 'user.tags'] },
  ],
  ['user[appuser.key]', { references: ['user', 'appuser.key'] }],
  [
    'appUser.role == null ? app.subDomain : org.subdomain',
    { references: ['appuser.role', 'app.subDomain', 'org.subDomain'] },
  ],
  ['zendesk_1.role + zendesk_app.domain', { references: ['zendesk_1.role', 'zendesk_app.domain'] }],
  [
    'source.a + idpuser.b + session.amr + access.scope',
    { references: ['source.a', 'idpuser.b', 'session.amr', 'access.scope'] },
  ],
  ['null ?: {a: user.x}', { references: ['user.x'] }],
  ['String.join(user.a, user.b ?: !user.c, -user.d)', { references: ['user.a', 'user.b', 'user.c', 'user.d'] }],
  ['user.getInternalProperty("status")', { references: ['internal.status'] }],
  ['user.getInternalProperty(user.x)', { references: ['internal.*', 'user.x'] }],
  ['user.getLinkedObject("manager").lastName', { linked: ['manager'] }],
  ['user.getLinkedObject(user.relation).lastName', { linked: ['*'], references: ['user.relation'] }],
  [
    'getManagerUser("active_directory").x + getAssistantAppUser("active_directory", "google").y',
    { linked: ['manager', 'assistant'] },
  ],
  [
    'hasDirectoryUser() ? findDirectoryUser().managerUpn : null',
    { references: ['active_directory', 'active_directory.managerUpn'] },
  ],
  ['findWorkdayUser().employeeID', { references: ['workday.employeeID'] }],
  ['findWorkdayUser() == null', { references: ['workday'] }],
  [
    'isMemberOfGroup("00g1") OR isMemberOfAnyGroup("00g2", user.g)',
    { groups: true, groupIds: ['00g1', '00g2'], references: ['user.g'] },
  ],
  ['isMemberOfGroupName("Sales")', { groups: true, groupNames: ['Sales'] }],
  [
    'isMemberOfGroupNameStartsWith("S") OR isMemberOfGroupNameContains("S") OR isMemberOfGroupNameRegex("S")',
    { groups: true },
  ],
  ['getFilteredGroups({"00g1", "00g2"}, "group.name", 40)', { groups: true, groupIds: ['00g1', '00g2'] }],
  ['Groups.startsWith("OKTA", "S", 1)', { groups: true }],
  [
    "user.getGroups({'group.id': {'00g1'}}, {'group.profile.name': {'A', 'B'}, 'operator': 'EXACT'}).![name]",
    { groups: true, groupIds: ['00g1'], groupNames: ['A', 'B'] },
  ],
  ["user.isMemberOf({'group.profile.name': 'Sa'})", { groups: true }],
  ['Time.now()', { now: true }],
  ['Time.fromUnixToIso8601(user.start)', { references: ['user.start'] }],
])('%s', (source, dependencies) => {
  expect(compileExpression(source, 'mapping').dependencies).toEqual({
    ...none,
    ...dependencies,
  });
});

test('a template has the dependencies of all its parts', () => {
  const { dependencies } = compileUserNameTemplate(
    '${source.login}-${user.getLinkedObject("manager").x}@${source.login}',
  );
  expect(dependencies).toEqual({ ...none, references: ['source.login'], linked: ['manager'] });
});
