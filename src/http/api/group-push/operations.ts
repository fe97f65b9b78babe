import { Type } from 'typebox';
import { linksWith, Moment, named } from '../../openapi/answer-parts.ts';
import { exampleIds } from '../../openapi/example-ids.ts';
import { noContent, ok, type OperationGroup } from '../../openapi/operation.ts';

const GroupPushSchema = named('GroupPushMapping', 'A group that an app is given, with its members.', {
  created: Moment,
  id: Type.String(),
  lastUpdated: Moment,
  lastPush: Type.Optional(Moment),
  sourceGroupId: Type.String(),
  status: Type.Enum(['ACTIVE', 'INACTIVE', 'ERROR']),
  targetGroupId: Type.Optional(Type.String({ description: 'The group as the app has it: an APP_GROUP' })),
  errorSummary: Type.Optional(Type.String({ description: 'Why the last push failed; there only while it has' })),
  _links: linksWith('app', 'sourceGroup'),
});

const parameters = { pushId: 'Id of the mapping' };

export const groupPushOperations: OperationGroup = {
  tag: 'GroupPushMapping',
  about: 'Groups that an app is given, with their members.',
  operations: {
    'GET /api/v1/apps/:appId/group-push/mappings': {
      id: 'listGroupPushMappings',
      summary: 'List the groups an app is given',
      parameters: { sourceGroupId: 'Only the mapping of this group', status: 'Only mappings of this status' },
      answers: ok(Type.Array(GroupPushSchema), 'A page of mappings'),
    },
    'POST /api/v1/apps/:appId/group-push/mappings': {
      id: 'createGroupPushMapping',
      summary: 'Give a group to an app',
      description:
        'One of `targetGroupId` and `targetGroupName` says which group of the app it becomes. A group the app already has under the name is taken over.',
      example: { sourceGroupId: exampleIds.group, targetGroupName: 'Engineering', status: 'ACTIVE' },
      answers: ok(GroupPushSchema, 'The mapping'),
    },
    'GET /api/v1/apps/:appId/group-push/mappings/:pushId': {
      id: 'getGroupPushMapping',
      summary: 'Get a group an app is given',
      parameters,
      answers: ok(GroupPushSchema, 'The mapping'),
    },
    'PATCH /api/v1/apps/:appId/group-push/mappings/:pushId': {
      id: 'updateGroupPushMapping',
      summary: 'Pause the push of a group, or go on with it',
      parameters,
      description: 'INACTIVE leaves the group in the app as it is; ACTIVE has all its members looked at again.',
      example: { status: 'INACTIVE' },
      answers: ok(GroupPushSchema, 'The mapping as it is now'),
    },
    'DELETE /api/v1/apps/:appId/group-push/mappings/:pushId': {
      id: 'deleteGroupPushMapping',
      summary: 'Untie a group from the one in the app',
      description: 'Only while it is not ACTIVE.',
      parameters: {
        ...parameters,
        deleteTargetGroup: 'Whether the group in the app is deleted too; it is not by itself',
      },
      answers: noContent,
    },
  },
};
