import { Type } from 'typebox';
import type { PlanChange } from '../../domain/plan-change.ts';
import { invalidCursor } from '../../lib/cursor.ts';
import type { AppId, GroupId, MappingId, PlanId, UserId } from '../../lib/ids.ts';
import type { Json } from '../../lib/json.ts';
import {
  applyPlan,
  createPlan,
  createPlanAgain,
  discardPlan,
  getPlan,
  listEntries,
  listPlans,
} from '../../services/plans/plans.ts';
import type { AppContext } from '../../services/context.ts';
import { beginRun } from '../../services/runs/control.ts';
import { findPlan, planStatuses, type Plan } from '../../store/plans.ts';
import type { Api } from '../api.ts';
import { customAttributes, SchemaBody } from '../api/schemas/attribute-body.ts';
import { bodyOptional, IdOf, PageQuery, ProfileBody, Text } from '../api/schema.ts';
import type { ServerDeps } from '../deps.ts';
import { afterId, pageOf } from '../links.ts';
import { may } from '../policy.ts';
import { defined, given, invalidValue, pageLimit } from '../query-values.ts';
import { contextOf } from '../request-context.ts';
import { duplicateOptions } from './app-duplicates.ts';
import { toAppChanges } from './app-provisioning.ts';
import { presentPlan } from './present-plan.ts';

const closed = { additionalProperties: false };
const PlanParams = Type.Object({ planId: IdOf<PlanId>() });
const appId = IdOf<AppId>();
const groupId = IdOf<GroupId>();
/** As many people as a plan may name one by one; more are named by a search. */
const userIdsMax = 10_000;

const People = {
  userIds: Type.Optional(Type.Array(IdOf<UserId>(), { minItems: 1, maxItems: userIdsMax })),
  search: Type.Optional(Type.String({ minLength: 1 })),
};

/** A body per kind; each is what the service that makes the change outright takes. */
const changeBodies = {
  mapping: Type.Object({
    mappingId: IdOf<MappingId>(),
    properties: Type.Record(
      Type.String(),
      Type.Union([
        Type.Object(
          {
            expression: Type.String(),
            pushStatus: Type.Enum(['PUSH', 'DONT_PUSH']),
            whenEmpty: Type.Optional(Type.Enum(['CLEAR', 'LEAVE', 'DEFAULT'])),
            defaultValue: Type.Optional(Type.Unsafe<Json>(Type.Unknown())),
          },
          closed,
        ),
        Type.Null(),
      ]),
    ),
  }),
  reapply_mappings: Type.Object({ appId }),
  provisioning: Type.Object({
    appId,
    settings: Type.Object(toAppChanges, closed),
  }),
  app_schema: Type.Object({
    appId,
    definitions: SchemaBody.properties.definitions,
    force: Type.Optional(Type.Boolean()),
  }),
  connection: Type.Object({ appId, status: Type.Enum(['ENABLED', 'DISABLED']) }),
  app_status: Type.Object({ appId, status: Type.Enum(['ACTIVE', 'INACTIVE']) }),
  user_name_template: Type.Object({
    appId,
    template: Type.Object(
      {
        template: Type.String(),
        type: Type.Enum(['BUILT_IN', 'CUSTOM']),
        suffix: Type.Optional(Type.String()),
        pushStatus: Type.Optional(Type.Enum(['PUSH', 'DONT_PUSH', 'NOT_CONFIGURED'])),
      },
      closed,
    ),
  }),
  group_assignment: Type.Object({
    appId,
    groupId,
    priority: Type.Optional(Type.Integer()),
    profile: Type.Optional(ProfileBody),
  }),
  group_unassignment: Type.Object({ appId, groupId }),
  assignment: Type.Object({ appId, ...People }),
  unassignment: Type.Object({ appId, ...People }),
  duplicate: Type.Object({ appId, ...duplicateOptions }),
} as const;

const ChangeBody = Type.Union(
  Object.entries(changeBodies).map(([kind, { properties }]) =>
    Type.Object({ kind: Type.Literal(kind), ...properties }, closed),
  ),
);

/** A change of an app's schema as it is sent: what the schema itself takes. */
interface AppSchemaPlan extends Pick<SchemaBody, 'definitions'> {
  readonly kind: 'app_schema';
  readonly appId: AppId;
  readonly force?: boolean;
}

function asChange(sent: PlanChange | AppSchemaPlan): PlanChange {
  if (sent.kind !== 'app_schema' || 'custom' in sent) return sent;
  const custom = customAttributes({ definitions: sent.definitions ?? null });
  if (sent.definitions?.base != null)
    throw invalidValue('change.definitions.base', 'cannot be planned, only custom attributes can');
  if (Object.keys(custom).length === 0) throw invalidValue('change.definitions', 'changes no custom attribute');
  return { kind: 'app_schema', appId: sent.appId, custom, dropMappings: sent.force === true };
}

/** Changes looked at before they are made. */
export function planRoutes(api: Api, deps: ServerDeps): void {
  listRoutes(api, deps);
  decisionRoutes(api, deps);
}

function listRoutes(api: Api, deps: ServerDeps): void {
  const ListQuery = Type.Object({
    ...PageQuery,
    appId: Type.Optional(appId),
    status: Type.Optional(Type.Enum([...planStatuses])),
  });
  api.get('/plans', { config: may('apps.read'), schema: { querystring: ListQuery } }, async (request, reply) => {
    const limit = pageLimit(request.query.limit, { fallback: 20, most: 200 });
    const after = afterId<PlanId>(deps, request);
    const before = after === undefined ? undefined : await findPlan(deps.db, after);
    if (after !== undefined && before === undefined) throw invalidCursor();
    const { status, appId: about } = request.query;
    const filter = { ...defined({ status, appId: about, before }), limit: limit + 1 };
    const rows = await listPlans(contextOf(deps, request), filter);
    return pageOf(deps, reply, { rows, limit, cursorOf: (plan: Plan) => plan.id }).map(presentPlan);
  });

  api.get('/plans/:planId', { config: may('apps.read'), schema: { params: PlanParams } }, async (request) =>
    presentPlan(await getPlan(contextOf(deps, request), request.params.planId)),
  );

  const EntriesQuery = Type.Object({ ...PageQuery, kind: Text, attribute: Text });
  const entries = { config: may('apps.read'), schema: { params: PlanParams, querystring: EntriesQuery } };
  api.get('/plans/:planId/entries', entries, async (request, reply) => {
    const limit = pageLimit(request.query.limit, { fallback: 100, most: 1_000 });
    const { kind, attribute } = request.query;
    const asked = { kind: given(kind), attribute: given(attribute), after: afterId<UserId>(deps, request) };
    const page = { ...defined(asked), limit: limit + 1 };
    const rows = await listEntries(contextOf(deps, request), request.params.planId, page);
    return pageOf(deps, reply, { rows, limit, cursorOf: (entry) => entry.userId });
  });
}

function decisionRoutes(api: Api, deps: ServerDeps): void {
  const NewPlanBody = Type.Object({ change: Type.Unsafe<PlanChange | AppSchemaPlan>(ChangeBody) }, closed);
  const create = { config: may('apps.assign'), schema: { body: NewPlanBody } };
  api.post('/plans', create, async (request, reply) => {
    const context = contextOf(deps, request);
    return reply.code(201).send(await computed(context, await createPlan(context, asChange(request.body.change))));
  });

  const again = { config: may('apps.assign'), schema: { params: PlanParams }, preValidation: bodyOptional };
  api.post('/plans/:planId/again', again, async (request, reply) => {
    const context = contextOf(deps, request);
    return reply.code(201).send(await computed(context, await createPlanAgain(context, request.params.planId)));
  });

  const decide = { config: may('apps.assign'), schema: { params: PlanParams }, preValidation: bodyOptional };
  api.post('/plans/:planId/apply', decide, async (request) => {
    const { clientSecret, ...plan } = await applyPlan(contextOf(deps, request), request.params.planId);
    return { ...presentPlan(plan), ...defined({ clientSecret }) };
  });
  api.post('/plans/:planId/discard', decide, async (request) =>
    presentPlan(await discardPlan(contextOf(deps, request), request.params.planId)),
  );
}

/** The plan just made, worked on for a moment. */
async function computed(context: AppContext, { planId, runId }: Awaited<ReturnType<typeof createPlan>>) {
  await beginRun(context, runId);
  return presentPlan(await getPlan(context, planId));
}
