import { Type } from 'typebox';
import { linksWith, Moment, named } from '../openapi/answer-parts.ts';
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

const OrgSettingSchema = named('OrgSetting', 'The organisation, to those who may see it.', {
  id: Type.String(),
  companyName: Type.String(),
  subdomain: Type.String(),
  status: Type.Enum(['ACTIVE', 'INACTIVE']),
  created: Moment,
  lastUpdated: Moment,
  expiresAt: Type.Null(),
  website: Type.Null(),
  phoneNumber: Type.Null(),
  endUserSupportHelpURL: Type.Null(),
  supportPhoneNumber: Type.Null(),
  address1: Type.Null(),
  address2: Type.Null(),
  city: Type.Null(),
  state: Type.Null(),
  country: Type.Null(),
  postalCode: Type.Null(),
  _links: linksWith('self'),
});

export const organizationOperations: OperationGroup = {
  tag: 'OrgSetting',
  about: 'The organisation.',
  operations: {
    'GET /api/v1/org': {
      id: 'getOrgSettings',
      summary: 'Get the settings of the organisation',
      answers: ok(OrgSettingSchema, 'The settings'),
    },
    'GET /.well-known/okta-organization': {
      id: 'getWellknownOrgMetadata',
      summary: 'Get the organisation',
      answers: ok(OrganizationSchema, 'The organisation'),
    },
  },
};
