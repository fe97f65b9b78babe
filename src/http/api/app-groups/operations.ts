import { Type } from 'typebox';
import { AnyProperties, linksWith, Moment, named } from '../../openapi/answer-parts.ts';
import { GroupSchema } from '../groups/answers.ts';
import { noContent, ok, type OperationGroup } from '../../openapi/operation.ts';

const AppGroupSchema = named('ApplicationGroupAssignment', 'A group that has an app.', {
  id: Type.String({ description: 'The id of the group' }),
  lastUpdated: Moment,
  priority: Type.Integer({ description: 'The lower number wins for somebody who is in several groups' }),
  profile: AnyProperties,
  _embedded: Type.Optional(Type.Object({ group: GroupSchema })),
  _links: linksWith('app', 'self', 'group'),
});

const expand = '`group`: each comes with the whole group';

export const appGroupOperations: OperationGroup = {
  tag: 'ApplicationGroups',
  about: 'Groups that have an app.',
  operations: {
    'GET /api/v1/apps/:appId/groups': {
      id: 'listApplicationGroupAssignments',
      summary: 'List the groups that have an app',
      parameters: { expand, filter: 'A filter over `id` and `lastUpdated`' },
      answers: ok(Type.Array(AppGroupSchema), 'A page of assignments'),
    },
    'GET /api/v1/apps/:appId/groups/:groupId': {
      id: 'getApplicationGroupAssignment',
      summary: 'Get the assignment of a group',
      parameters: { expand },
      answers: ok(AppGroupSchema, 'The assignment'),
    },
    'PUT /api/v1/apps/:appId/groups/:groupId': {
      id: 'assignGroupToApplication',
      summary: 'Give an app to a group, or change what its members get',
      example: { priority: 0, profile: {} },
      answers: ok(AppGroupSchema, 'The assignment'),
    },
    'PATCH /api/v1/apps/:appId/groups/:groupId': {
      id: 'updateGroupAssignmentToApplication',
      summary: 'Change parts of what the members of a group get',
      description: 'A JSON Patch of `priority` and `profile`, with the operations add, remove and replace.',
      example: [{ op: 'replace', path: '/priority', value: 1 }],
      answers: ok(AppGroupSchema, 'The assignment as it is now'),
    },
    'DELETE /api/v1/apps/:appId/groups/:groupId': {
      id: 'unassignApplicationFromGroup',
      summary: 'Take an app away from a group',
      answers: noContent,
    },
  },
};
