import { Type } from 'typebox';
import { AnyProperties, linksWith, Moment, named, TextOrNull } from '../../openapi/answer-parts.ts';

const StatsSchema = named('GroupStats', 'What goes with a group, in numbers.', {
  usersCount: Type.Integer(),
  appsCount: Type.Integer(),
  groupPushMappingsCount: Type.Integer(),
  hasAdminPrivilege: Type.Boolean(),
  hasAdminPrivlege: Type.Boolean(),
  _links: linksWith('users', 'apps'),
});
export const GroupSchema = named('Group', 'People who are given things together.', {
  id: Type.String(),
  created: Moment,
  lastUpdated: Moment,
  lastMembershipUpdated: Moment,
  objectClass: Type.Array(Type.String()),
  type: Type.Enum(['OKTA_GROUP', 'APP_GROUP', 'BUILT_IN']),
  profile: Type.Object({ name: Type.String(), description: TextOrNull }, { additionalProperties: true }),
  _links: linksWith('users', 'apps'),
  _embedded: Type.Optional(Type.Object({ stats: Type.Optional(StatsSchema), app: Type.Optional(AnyProperties) })),
});
