import { createHash } from 'node:crypto';
import type { User } from './user.ts';

/** A text that is another one whenever anything of the person that the API shows is another. */
export function versionOf(user: User): string {
  return createHash('sha256').update(JSON.stringify(user)).digest('base64url').slice(0, 22);
}
