import { expect, test } from 'vitest';
import { loadCatalog } from './catalog.ts';
import { featuresOf } from './features.ts';

const catalog = await loadCatalog();

test.each([
  [
    'scim2headerauth',
    [
      'SCIM_PROVISIONING',
      'IMPORT_NEW_USERS',
      'IMPORT_PROFILE_UPDATES',
      'PROFILE_MASTERING',
      'IMPORT_USER_SCHEMA',
      'PUSH_NEW_USERS',
      'PUSH_PENDING_USERS',
      'PUSH_PROFILE_UPDATES',
      'UPDATE_EXISTING_USERNAME',
      'PUSH_PASSWORD_UPDATES',
      'PUSH_USER_DEACTIVATION',
      'REACTIVATE_USERS',
      'GROUP_PUSH',
    ],
  ],
  ['sentry', ['SCIM_PROVISIONING', 'PUSH_NEW_USERS', 'PUSH_PENDING_USERS', 'PUSH_USER_DEACTIVATION', 'GROUP_PUSH']],
  ['zoomus', []],
])('%s', (key, features) => {
  const entry = catalog.get(key);
  expect(entry && featuresOf(entry)).toEqual(features);
});

test('an app whose usernames are fixed does not offer to change them', () => {
  const entry = catalog.get('github_enterprise_managed_users');
  const features = entry === undefined ? [] : featuresOf(entry);
  expect(features).toContain('PUSH_PROFILE_UPDATES');
  expect(features).not.toContain('UPDATE_EXISTING_USERNAME');
});
