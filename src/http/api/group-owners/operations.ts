import { Type } from 'typebox';
import { Moment, named } from '../../openapi/answer-parts.ts';
import { exampleIds } from '../../openapi/example-ids.ts';
import { noContent, ok, type OperationGroup } from '../../openapi/operation.ts';

const GroupOwnerSchema = named('GroupOwner', 'Whom a group belongs to. It allows them nothing by itself.', {
  id: Type.String({ description: 'Of the user or the group' }),
  type: Type.Enum(['USER', 'GROUP']),
  displayName: Type.String(),
  lastUpdated: Moment,
  originId: Type.Null(),
  originType: Type.Enum(['OKTA_DIRECTORY']),
  resolved: Type.Boolean(),
});

export const groupOwnerOperations: OperationGroup = {
  tag: 'GroupOwner',
  about: 'Whom groups belong to, as a matter of record.',
  operations: {
    'GET /api/v1/groups/:groupId/owners': {
      id: 'listGroupOwners',
      summary: 'List the owners of a group',
      parameters: { search: 'A filter over `type` and `id`, such as `type eq "USER"`' },
      answers: ok(Type.Array(GroupOwnerSchema), 'A page of owners'),
    },
    'POST /api/v1/groups/:groupId/owners': {
      id: 'assignGroupOwner',
      summary: 'Note an owner of a group',
      example: { id: exampleIds.user, type: 'USER' },
      answers: { 201: { description: 'The owner', schema: GroupOwnerSchema } },
    },
    'DELETE /api/v1/groups/:groupId/owners/:ownerId': {
      id: 'deleteGroupOwner',
      summary: 'Take an owner from a group',
      parameters: { ownerId: 'Id of the user or the group that owns it' },
      answers: noContent,
    },
  },
};
