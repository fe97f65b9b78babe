import { Type } from 'typebox';
import {
  AnyProperties,
  linksWith,
  Moment,
  MomentOrNull,
  named,
  Nothing,
  TextOrNull,
} from '../../openapi/answer-parts.ts';
import { UserSchema } from '../users/answers.ts';

export const AppUserSchema = named('AppUser', 'A person in an app. Its id is the id of the person.', {
  id: Type.String(),
  externalId: TextOrNull,
  created: Moment,
  lastUpdated: Moment,
  scope: Type.Enum(['USER', 'GROUP']),
  status: Type.Enum([
    ...['ACTIVE', 'APPROVED', 'DEPROVISIONED', 'IMPLICIT', 'IMPORTED', 'INACTIVE', 'MATCHED', 'PENDING', 'PROVISIONED'],
    ...['REVOKED', 'STAGED', 'SUSPENDED', 'UNASSIGNED'],
  ]),
  statusChanged: MomentOrNull,
  passwordChanged: MomentOrNull,
  syncState: Type.Enum(['DISABLED', 'ERROR', 'OUT_OF_SYNC', 'SYNCHRONIZED', 'SYNCING']),
  lastSync: MomentOrNull,
  lastError: Type.Optional(Type.String({ description: 'Why the last attempt failed; there only while it has' })),
  credentials: Type.Object({ userName: TextOrNull, password: Type.Optional(Nothing) }),
  profile: AnyProperties,
  _embedded: Type.Optional(Type.Object({ user: UserSchema })),
  _links: linksWith('app', 'user'),
});
