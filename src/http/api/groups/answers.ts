import { Type } from 'typebox';
import { linksWith, Moment, named, TextOrNull } from '../../openapi/answer-parts.ts';

export const GroupSchema = named('Group', 'People who are given things together.', {
  id: Type.String(),
  created: Moment,
  lastUpdated: Moment,
  lastMembershipUpdated: Moment,
  objectClass: Type.Array(Type.String()),
  type: Type.Enum(['OKTA_GROUP', 'APP_GROUP', 'BUILT_IN']),
  profile: Type.Object({ name: Type.String(), description: TextOrNull }, { additionalProperties: true }),
  _links: linksWith('users', 'apps'),
});
