import { Type } from 'typebox';
import { linksWith, named } from '../openapi/answer-parts.ts';
import { ok, type OperationGroup } from '../openapi/operation.ts';

const OrganizationSchema = named('WellKnownOrgMetadata', 'The organisation, as clients ask for it first.', {
  id: Type.String(),
  pipeline: Type.Enum(['v1', 'idx']),
  settings: Type.Object({
    analyticsCollectionEnabled: Type.Boolean(),
    bugReportingEnabled: Type.Boolean(),
    omEnabled: Type.Boolean(),
  }),
  _links: linksWith('organization'),
});

export const organizationOperations: OperationGroup = {
  tag: 'OrgSetting',
  about: 'The organisation.',
  operations: {
    'GET /.well-known/okta-organization': {
      id: 'getWellknownOrgMetadata',
      summary: 'Get the organisation',
      answers: ok(OrganizationSchema, 'The organisation'),
    },
  },
};
