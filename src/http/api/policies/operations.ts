import { Type } from 'typebox';
import { linksWith, Moment, named } from '../../openapi/answer-parts.ts';
import { noContent, ok, type OperationGroup } from '../../openapi/operation.ts';

const PolicySchema = named('AccessPolicy', 'Who may use an app. There is one, and it lets in whoever is assigned.', {
  id: Type.String(),
  status: Type.Literal('ACTIVE'),
  name: Type.String(),
  description: Type.String(),
  priority: Type.Integer(),
  system: Type.Boolean(),
  conditions: Type.Null(),
  created: Moment,
  lastUpdated: Moment,
  _links: linksWith('self'),
  type: Type.Literal('ACCESS_POLICY'),
});

const parameters = { policyId: 'Id of the policy' };

export const policyOperations: OperationGroup = {
  tag: 'Policy',
  about: 'The one access policy, which clients look for.',
  operations: {
    'GET /api/v1/policies': {
      id: 'listPolicies',
      summary: 'List policies',
      parameters: { type: 'Kind of policy. Of any other than ACCESS_POLICY there is none', name: 'Taken and not used' },
      answers: ok(Type.Array(PolicySchema), 'The policies of this kind'),
    },
    'GET /api/v1/policies/:policyId': {
      id: 'getPolicy',
      summary: 'Get a policy',
      parameters,
      answers: ok(PolicySchema, 'The policy'),
    },
    'PUT /api/v1/apps/:appId/policies/:policyId': {
      id: 'assignApplicationPolicy',
      summary: 'Tie an app to a policy',
      description: 'Every app is tied to the one there is.',
      parameters,
      answers: noContent,
    },
  },
};
