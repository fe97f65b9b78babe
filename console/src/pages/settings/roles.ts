import type { Schemas } from '../../api/client';
import type { t } from '../../text';

export type Role = Schemas['Administrator']['type'];

/** From the most to the least. */
export const roles: readonly Role[] = [
  'SUPER_ADMIN',
  'ORG_ADMIN',
  'APP_ADMIN',
  'USER_ADMIN',
  'HELP_DESK_ADMIN',
  'REPORT_ADMIN',
  'READ_ONLY_ADMIN',
];

/** What a role can be limited to. */
export function limitOf(role: Role): keyof typeof t.settings.admins.limits | undefined {
  if (role === 'APP_ADMIN') return 'apps';
  return role === 'USER_ADMIN' || role === 'HELP_DESK_ADMIN' ? 'groups' : undefined;
}
