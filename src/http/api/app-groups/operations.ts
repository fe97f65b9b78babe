import { Type } from 'typebox';
import { AnyProperties, linksWith, Moment, named } from '../../openapi/answer-parts.ts';
import { noContent, ok, type OperationGroup } from '../../openapi/operation.ts';

const AppGroupSchema = named('ApplicationGroupAssignment', 'A group that has an app.', {
  id: Type.String({ description: 'The id of the group' }),
  lastUpdated: Moment,
  priority: Type.Integer({ description: 'The lower number wins for somebody who is in several groups' }),
  profile: AnyProperties,
  _links: linksWith('app', 'self', 'group'),
});

export const appGroupOperations: OperationGroup = {
  tag: 'ApplicationGroups',
  about: 'Groups that have an app.',
  operations: {
    'GET /api/v1/apps/:appId/groups': {
      id: 'listApplicationGroupAssignments',
      summary: 'List the groups that have an app',
      answers: ok(Type.Array(AppGroupSchema), 'A page of assignments'),
    },
    'GET /api/v1/apps/:appId/groups/:groupId': {
      id: 'getApplicationGroupAssignment',
      summary: 'Get the assignment of a group',
      answers: ok(AppGroupSchema, 'The assignment'),
    },
    'PUT /api/v1/apps/:appId/groups/:groupId': {
      id: 'assignGroupToApplication',
      summary: 'Give an app to a group, or change what its members get',
      example: { priority: 0, profile: {} },
      answers: ok(AppGroupSchema, 'The assignment'),
    },
    'DELETE /api/v1/apps/:appId/groups/:groupId': {
      id: 'unassignApplicationFromGroup',
      summary: 'Take an app away from a group',
      answers: noContent,
    },
  },
};
