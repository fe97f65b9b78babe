import { Type } from 'typebox';
import { adminRoles } from '../../../domain/admin-role.ts';
import { Link, linksWith, Moment, named, orNull } from '../../openapi/answer-parts.ts';
import { exampleIds } from '../../openapi/example-ids.ts';
import { noContent, ok, type Operation, type OperationGroup } from '../../openapi/operation.ts';
import { GroupSchema } from '../groups/answers.ts';

const RoleSchema = named('Role', 'An administrator role that was given to a user or a group.', {
  id: Type.String(),
  label: Type.String(),
  type: Type.Enum([...adminRoles]),
  status: Type.Literal('ACTIVE'),
  created: Moment,
  lastUpdated: Moment,
  assignmentType: Type.Enum(['USER', 'GROUP']),
  _links: linksWith('assignee'),
});

const TargetSchema = named('CatalogApplication', 'An integration, or with an id one app, that a role is limited to.', {
  name: Type.String({ description: 'The key of the integration, or the name of a private app' }),
  displayName: Type.String(),
  status: Type.Enum(['ACTIVE', 'INACTIVE']),
  lastUpdated: Type.Optional(Moment),
  id: Type.Optional(Type.String()),
  _links: Type.Optional(Type.Object({ self: Link })),
});

const Named = Type.Object({ id: Type.String(), name: Type.String() });
const AdminSchema = named('Administrator', 'A role, who holds it and what it is limited to.', {
  id: Type.String(),
  type: Type.Enum([...adminRoles]),
  label: Type.String(),
  created: Moment,
  holder: Type.Object({ type: Type.Enum(['USER', 'GROUP']), id: Type.String(), name: Type.String() }),
  apps: orNull(Type.Array(Type.Object({ id: orNull(Type.String()), name: Type.String() }))),
  groups: orNull(Type.Array(Named)),
});

const targetParameters = { name: 'Key of an integration, or name of a private app' };

export const roleOperations: OperationGroup = {
  tag: 'RoleAssignment',
  about: 'Administrator roles of users and groups, and what they are limited to.',
  operations: {
    ...operationsOf('/api/v1/users/:userId/roles', 'User', 'a user'),
    ...operationsOf('/api/v1/groups/:groupId/roles', 'Group', 'a group'),
    'GET /usher/v1/admins': {
      id: 'listAdministrators',
      summary: 'List all roles that anybody holds',
      answers: ok(Type.Array(AdminSchema), 'A page of roles. Null: not limited'),
    },
    'POST /usher/v1/admins': {
      id: 'createAdministrator',
      summary: 'Give a role to a user or a group, limited from the start',
      description:
        'In Okta a new role is for everything until its first target is set. `apps` takes keys of integrations, names of private apps and ids of apps.',
      example: { userId: exampleIds.user, type: 'APP_ADMIN', apps: ['slack', exampleIds.app] },
      answers: ok(AdminSchema, 'The role'),
    },
  },
};

function operationsOf(path: string, name: 'User' | 'Group', whom: string): Record<string, Operation> {
  const apps = `${path}/:roleId/targets/catalog/apps`;
  const groups = `${path}/:roleId/targets/groups`;
  return {
    [`GET ${path}`]: {
      id: name === 'User' ? 'listAssignedRolesForUser' : 'listGroupAssignedRoles',
      summary: `List the roles of ${whom}`,
      answers: ok(Type.Array(RoleSchema), 'All of them'),
    },
    [`POST ${path}`]: {
      id: `assignRoleTo${name}`,
      summary: `Give a role to ${whom}`,
      parameters: { disableNotifications: 'Taken for the sake of clients: Usher notifies nobody' },
      example: { type: 'HELP_DESK_ADMIN' },
      answers: { 201: { description: 'The role, for everything until it has a target', schema: RoleSchema } },
    },
    [`GET ${path}/:roleId`]: {
      id: `get${name}AssignedRole`,
      summary: `Get a role of ${whom}`,
      answers: ok(RoleSchema, 'The role'),
    },
    [`DELETE ${path}/:roleId`]: {
      id: `unassignRoleFrom${name}`,
      summary: `Take a role from ${whom}`,
      answers: noContent,
    },
    [`GET ${apps}`]: {
      id: `listApplicationTargetsForApplicationAdministratorRoleFor${name}`,
      summary: `List the apps a role of ${whom} is limited to`,
      answers: ok(Type.Array(TargetSchema), 'A page of targets. None: all apps'),
    },
    [`PUT ${apps}`]: {
      id: `assignAllAppsAsTargetToRoleFor${name}`,
      summary: `Make a role of ${whom} one for all apps`,
      answers: noContent,
    },
    [`PUT ${apps}/:name`]: {
      id: `assignAppTargetToAdminRoleFor${name}`,
      summary: `Limit a role of ${whom} to the apps of an integration`,
      parameters: targetParameters,
      answers: noContent,
    },
    [`DELETE ${apps}/:name`]: {
      id: name === 'User' ? 'unassignAppTargetFromAppAdminRoleForUser' : 'unassignAppTargetToAdminRoleForGroup',
      summary: `Take an integration from those a role of ${whom} is limited to`,
      parameters: targetParameters,
      answers: noContent,
    },
    [`PUT ${apps}/:name/:appId`]: {
      id: `assignAppInstanceTargetToAppAdminRoleFor${name}`,
      summary: `Limit a role of ${whom} to an app`,
      parameters: targetParameters,
      answers: noContent,
    },
    [`DELETE ${apps}/:name/:appId`]: {
      id: `unassignAppInstanceTarget${name === 'User' ? 'FromAdminRoleForUser' : 'ToAppAdminRoleForGroup'}`,
      summary: `Take an app from those a role of ${whom} is limited to`,
      parameters: targetParameters,
      answers: noContent,
    },
    [`GET ${groups}`]: {
      id: name === 'User' ? 'listGroupTargetsForRole' : 'listGroupTargetsForGroupRole',
      summary: `List the groups a role of ${whom} is limited to`,
      answers: ok(Type.Array(GroupSchema), 'A page of groups. None: all groups'),
    },
    [`PUT ${groups}/:targetGroupId`]: {
      id: name === 'User' ? 'assignGroupTargetToUserRole' : 'assignGroupTargetToGroupAdminRole',
      summary: `Limit a role of ${whom} to a group`,
      answers: noContent,
    },
    [`DELETE ${groups}/:targetGroupId`]: {
      id: `unassignGroupTargetFrom${name}AdminRole`,
      summary: `Take a group from those a role of ${whom} is limited to`,
      answers: noContent,
    },
  };
}
