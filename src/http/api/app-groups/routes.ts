import { Type } from 'typebox';
import type { GroupAssignment } from '../../../domain/assignment.ts';
import { invalidCursor } from '../../../lib/cursor.ts';
import type { AppId, GroupId } from '../../../lib/ids.ts';
import type { Json } from '../../../lib/json.ts';
import {
  assignGroup,
  getAppGroup,
  listAppGroups,
  reviseGroupAssignment,
  unassignGroup,
} from '../../../services/app-group-assignments.ts';
import { findGroups } from '../../../store/groups.ts';
import type { FastifyRequest } from 'fastify';
import type { Api } from '../../api.ts';
import type { ServerDeps } from '../../deps.ts';
import { afterOf, baseOf, pageOf } from '../../links.ts';
import { may } from '../../policy.ts';
import { defined, given, invalidValue, pageLimit } from '../../query-values.ts';
import { contextOf } from '../../request-context.ts';
import { IdOf, Nullable, PageQuery, ProfileBody, Text, bodyOptional } from '../schema.ts';
import { revised, type PatchOperation } from './json-patch.ts';
import { presentAppGroup } from './present.ts';

const AppParams = Type.Object({ appId: IdOf<AppId>() });
const AppGroupParams = Type.Object({ appId: IdOf<AppId>(), groupId: IdOf<GroupId>() });
const AssignmentBody = Type.Object({
  priority: Nullable(Type.Integer({ minimum: 0, maximum: 1_000_000 })),
  profile: Nullable(ProfileBody),
});

export function appGroupRoutes(api: Api, deps: ServerDeps): void {
  const ListQuery = Type.Object({ ...PageQuery, q: Text, filter: Text, expand: Text });
  const listing = { config: may('apps.read'), schema: { params: AppParams, querystring: ListQuery } };
  api.get('/apps/:appId/groups', listing, async (request, reply) => {
    const { q, filter, expand } = request.query;
    const limit = pageLimit(request.query.limit, { fallback: 20, most: 200 });
    const asked = defined({ prefix: given(q), filter: given(filter), after: endFrom(afterOf(deps, request)) });
    const page = { ...asked, limit: limit + 1 };
    const rows = await listAppGroups(contextOf(deps, request), request.params.appId, page);
    const assigned = pageOf(deps, reply, { rows, limit, cursorOf: ({ priority, groupId }) => [priority, groupId] });
    return present(deps, request, assigned, expand);
  });

  const one = {
    config: may('apps.read'),
    schema: { params: AppGroupParams, querystring: Type.Object({ expand: Text }) },
  };
  api.get('/apps/:appId/groups/:groupId', one, async (request) => {
    const { appId, groupId } = request.params;
    const assignment = await getAppGroup(contextOf(deps, request), appId, groupId);
    return (await present(deps, request, [assignment], request.query.expand))[0];
  });

  const change = {
    config: may('apps.assign'),
    preValidation: bodyOptional,
    schema: { params: AppGroupParams, body: AssignmentBody },
  };
  api.put('/apps/:appId/groups/:groupId', change, async (request) => {
    const { appId, groupId } = request.params;
    const { priority, profile } = request.body;
    const values = { ...(priority == null ? {} : { priority }), ...(profile == null ? {} : { profile }) };
    return presentAppGroup(await assignGroup(contextOf(deps, request), appId, groupId, values), baseOf(deps, request));
  });

  const PatchBody = Type.Array(
    Type.Object({
      op: Type.Enum(['add', 'remove', 'replace']),
      path: Type.String({ maxLength: 300 }),
      value: Type.Optional(Type.Unsafe<Json>(Type.Unknown())),
    }),
    { minItems: 1, maxItems: 100 },
  );
  const patch = { config: may('apps.assign'), schema: { params: AppGroupParams, body: PatchBody } };
  api.patch('/apps/:appId/groups/:groupId', patch, async (request) => {
    const { appId, groupId } = request.params;
    const operations: readonly PatchOperation[] = request.body;
    const assignment = await reviseGroupAssignment(contextOf(deps, request), appId, groupId, (current) =>
      revised(current, operations),
    );
    return presentAppGroup(assignment, baseOf(deps, request));
  });

  const removal = { config: may('apps.assign'), schema: { params: AppGroupParams } };
  api.delete('/apps/:appId/groups/:groupId', removal, async (request, reply) => {
    await unassignGroup(contextOf(deps, request), request.params.appId, request.params.groupId);
    return reply.code(204).send();
  });
}

/** @throws {UsherError} `invalid_input` for anything to expand but `group`. */
async function present(
  deps: ServerDeps,
  request: FastifyRequest,
  rows: readonly GroupAssignment[],
  expand: string | undefined,
) {
  if (expand !== undefined && expand !== '' && expand !== 'group') throw invalidValue('expand', 'must be group');
  const ids = expand === 'group' ? rows.map((row) => row.groupId) : [];
  const groups = new Map((ids.length === 0 ? [] : await findGroups(deps.db, ids)).map((group) => [group.id, group]));
  return rows.map((row) => presentAppGroup(row, baseOf(deps, request), groups.get(row.groupId)));
}

/** The list is in order of priorities, so the group's id alone would not say where the page ended. */
function endFrom(end: Json | undefined): Pick<GroupAssignment, 'priority' | 'groupId'> | undefined {
  if (end === undefined) return undefined;
  const [priority, groupId]: readonly unknown[] = Array.isArray(end) ? end : [];
  if (typeof priority !== 'number' || typeof groupId !== 'string') throw invalidCursor();
  return { priority, groupId: groupId as GroupId };
}
