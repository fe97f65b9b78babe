import { Type } from 'typebox';
import { invalidCursor } from '../../lib/cursor.ts';
import type { AppId, UserId } from '../../lib/ids.ts';
import { assignUsers, provisionUnprovisioned } from '../../services/app-assignments.ts';
import { previewMappings } from '../../services/app-mapping-preview.ts';
import { createApp, getApp } from '../../services/apps.ts';
import { loadAppHealth } from '../../store/app-health.ts';
import { countSyncStates } from '../../store/assignments.ts';
import { listOperations } from '../../store/operations.ts';
import type { Api } from '../api.ts';
import { presentOneApp } from '../api/apps/present-apps.ts';
import { changesOf, MappingBody } from '../api/mappings/routes.ts';
import { AnyObject, IdOf, PageQuery, ProfileBody } from '../api/schema.ts';
import type { ServerDeps } from '../deps.ts';
import { afterOf, pageOf } from '../links.ts';
import { may } from '../policy.ts';
import { defined, invalidValue, pageLimit } from '../query-values.ts';
import { contextOf } from '../request-context.ts';

const closed = { additionalProperties: false };
const AppParams = Type.Object({ appId: IdOf<AppId>() });
/** As many people as a request may name; more come in several. */
const userIdsMax = 10_000;
const UserIds = Type.Array(IdOf<UserId>(), { minItems: 1, maxItems: userIdsMax });

/** What Okta has no endpoint for: apps from the catalog, provisioning in full, bulk work and how it goes. */
export function usherAppRoutes(api: Api, deps: ServerDeps): void {
  creationRoute(api, deps);
  previewRoute(api, deps);
  bulkRoutes(api, deps);
  progressRoutes(api, deps);
}

function creationRoute(api: Api, deps: ServerDeps): void {
  const NewAppBody = Type.Object(
    { catalogKey: Type.String(), label: Type.Optional(Type.String()), settings: Type.Optional(AnyObject) },
    closed,
  );
  api.post('/apps', { config: may('apps.manage'), schema: { body: NewAppBody } }, async (request) => {
    const { settings, ...chosen } = request.body;
    const context = contextOf(deps, request);
    const app = await createApp(context, {
      ...chosen,
      ...(settings === undefined ? {} : { settings: { app: settings } }),
    });
    return presentOneApp(deps, request, app);
  });
}

/** A preview evaluates what an administrator wrote, so it takes the right to change it. */
function previewRoute(api: Api, deps: ServerDeps): void {
  const PreviewBody = Type.Object(
    {
      userId: Type.Optional(IdOf<UserId>()),
      profile: Type.Optional(ProfileBody),
      direction: Type.Optional(Type.Enum(['TO_APP', 'TO_DIRECTORY'])),
      properties: Type.Optional(MappingBody.properties.properties),
      userNameTemplate: Type.Optional(Type.String({ maxLength: 4_096 })),
    },
    closed,
  );
  const options = { config: may('mappings.manage'), schema: { params: AppParams, body: PreviewBody } };
  api.post('/apps/:appId/mappings/preview', options, async (request) => {
    const { userId, profile, direction, properties, userNameTemplate } = request.body;
    if (userId !== undefined && profile !== undefined) throw invalidValue('profile', 'is given beside userId');
    const subject = userId === undefined ? (profile === undefined ? undefined : { profile }) : { userId };
    const changes = properties === undefined ? undefined : changesOf(properties);
    return previewMappings(
      contextOf(deps, request),
      request.params.appId,
      subject,
      defined({ direction, changes, userNameTemplate }),
    );
  });
}

function bulkRoutes(api: Api, deps: ServerDeps): void {
  const AssignmentsBody = Type.Object({ userIds: UserIds }, closed);
  const assignment = { config: may('apps.assign'), schema: { params: AppParams, body: AssignmentsBody } };
  api.post('/apps/:appId/assignments', assignment, async (request) =>
    assignUsers(contextOf(deps, request), request.params.appId, request.body.userIds),
  );

  const ProvisionBody = Type.Object(
    { userIds: Type.Optional(UserIds), all: Type.Optional(Type.Literal(true)) },
    closed,
  );
  const provision = { config: may('apps.assign'), schema: { params: AppParams, body: ProvisionBody } };
  api.post('/apps/:appId/provision', provision, async (request) => {
    const { userIds, all } = request.body;
    if ((userIds === undefined) === (all === undefined))
      throw invalidValue('userIds', 'or all must be given, and not both');
    const whom = userIds ?? 'all';
    return { provisioned: await provisionUnprovisioned(contextOf(deps, request), request.params.appId, whom) };
  });
}

function progressRoutes(api: Api, deps: ServerDeps): void {
  api.get('/apps/:appId/progress', { config: may('apps.read'), schema: { params: AppParams } }, async (request) => {
    const { id } = await getApp(contextOf(deps, request), request.params.appId);
    const [counts, health] = await Promise.all([countSyncStates(deps.db, id), loadAppHealth(deps.db, id)]);
    const { state, pausedMs, openedTimes } = health;
    return { ...counts, health: { state, pausedMs, openedTimes } };
  });

  const ListQuery = Type.Object({ ...PageQuery, userId: Type.Optional(IdOf<UserId>()) });
  const listing = { config: may('apps.read'), schema: { params: AppParams, querystring: ListQuery } };
  api.get('/apps/:appId/operations', listing, async (request, reply) => {
    const { userId } = request.query;
    const after = afterOf(deps, request);
    if (after !== undefined && typeof after !== 'number') throw invalidCursor();
    const limit = pageLimit(request.query.limit, { fallback: 50, most: 500 });
    const { id } = await getApp(contextOf(deps, request), request.params.appId);
    const page = { ...defined({ userId, after }), limit: limit + 1 };
    const rows = await listOperations(deps.db, id, page);
    return pageOf(deps, reply, { rows, limit, cursorOf: (operation) => operation.id });
  });
}
