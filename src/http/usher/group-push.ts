import { Type } from 'typebox';
import { textOperators, type GroupPushConditions } from '../../domain/group-push-rule.ts';
import type { AppId, GroupPushId, GroupPushRuleId } from '../../lib/ids.ts';
import {
  createPushRule,
  deletePushRule,
  getPushRule,
  listPushRules,
  previewPushRule,
  updatePushRule,
  type MappingsOfRule,
} from '../../services/app-group-push-rules.ts';
import { listPushTargets } from '../../services/push-targets.ts';
import {
  describeGroupPush,
  getPushedGroup,
  listPushedGroups,
  pushGroupNow,
  retryFailedPushes,
  setPushNamePolicy,
} from '../../services/pushed-groups.ts';
import type { Api } from '../api.ts';
import { IdOf, PageQuery, Text } from '../api/schema.ts';
import type { ServerDeps } from '../deps.ts';
import { afterId, pageOf } from '../links.ts';
import { may } from '../policy.ts';
import { defined, given, invalidValue, pageLimit } from '../query-values.ts';
import { contextOf } from '../request-context.ts';

const closed = { additionalProperties: false };
const AppParams = Type.Object({ appId: IdOf<AppId>() });
const PushParams = Type.Object({ appId: IdOf<AppId>(), pushId: IdOf<GroupPushId>() });
const RuleParams = Type.Object({ appId: IdOf<AppId>(), pushRuleId: IdOf<GroupPushRuleId>() });
const base = '/apps/:appId/group-push';

/** What Okta has no endpoint for about pushed groups: how they stand, push now, and rules that make mappings. */
export function usherGroupPushRoutes(api: Api, deps: ServerDeps): void {
  mappingRoutes(api, deps);
  actionRoutes(api, deps);
  ruleRoutes(api, deps);
  ruleChangeRoutes(api, deps);
}

function mappingRoutes(api: Api, deps: ServerDeps): void {
  api.get(base, { config: may('apps.read'), schema: { params: AppParams } }, async (request) =>
    describeGroupPush(contextOf(deps, request), request.params.appId),
  );

  api.get(`${base}/targets`, { config: may('apps.manage'), schema: { params: AppParams } }, async (request) =>
    listPushTargets(contextOf(deps, request), request.params.appId),
  );

  const ListQuery = Type.Object({
    ...PageQuery,
    status: Text,
    q: Text,
    ruleId: Type.Optional(IdOf<GroupPushRuleId>()),
  });
  const listing = { config: may('apps.read'), schema: { params: AppParams, querystring: ListQuery } };
  api.get(`${base}/mappings`, listing, async (request, reply) => {
    const { status, q, ruleId } = request.query;
    const limit = pageLimit(request.query.limit, { fallback: 100, most: 1_000 });
    const after = afterId<GroupPushId>(deps, request);
    const filter = { ...defined({ status: statusOf(status), prefix: given(q), ruleId, after }), limit: limit + 1 };
    const rows = await listPushedGroups(contextOf(deps, request), request.params.appId, filter);
    return pageOf(deps, reply, { rows, limit, cursorOf: (push) => push.id });
  });

  const one = `${base}/mappings/:pushId`;
  api.get(one, { config: may('apps.read'), schema: { params: PushParams } }, async (request) =>
    getPushedGroup(contextOf(deps, request), request.params.appId, request.params.pushId),
  );
}

function actionRoutes(api: Api, deps: ServerDeps): void {
  const one = `${base}/mappings/:pushId`;
  const NameBody = Type.Object({ namePolicy: Type.Enum(['SOURCE', 'TARGET']) }, closed);
  const naming = { config: may('apps.manage'), schema: { params: PushParams, body: NameBody } };
  api.patch(one, naming, async (request) => {
    const { appId, pushId } = request.params;
    return setPushNamePolicy(contextOf(deps, request), appId, pushId, request.body.namePolicy);
  });

  api.post(`${one}/push`, { config: may('apps.manage'), schema: { params: PushParams } }, async (request) =>
    pushGroupNow(contextOf(deps, request), request.params.appId, request.params.pushId),
  );

  api.post(`${base}/retry`, { config: may('apps.assign'), schema: { params: AppParams } }, async (request) => ({
    retried: await retryFailedPushes(contextOf(deps, request), request.params.appId),
  }));
}

const TextConditionBody = Type.Object({ operator: Type.Enum([...textOperators]), value: Type.String() }, closed);
const ConditionsBody = Type.Object(
  {
    name: Type.Optional(TextConditionBody),
    description: Type.Optional(TextConditionBody),
    groupTypes: Type.Optional(Type.Array(Type.Enum(['OKTA_GROUP', 'APP_GROUP', 'BUILT_IN']), { maxItems: 3 })),
  },
  closed,
);
const RuleStatus = Type.Enum(['ACTIVE', 'INACTIVE']);

function ruleRoutes(api: Api, deps: ServerDeps): void {
  const listing = { config: may('apps.read'), schema: { params: AppParams, querystring: Type.Object(PageQuery) } };
  api.get(`${base}/rules`, listing, async (request, reply) => {
    const limit = pageLimit(request.query.limit, { fallback: 50, most: 200 });
    const page = { ...defined({ after: afterId<GroupPushRuleId>(deps, request) }), limit: limit + 1 };
    const rows = await listPushRules(contextOf(deps, request), request.params.appId, page);
    return pageOf(deps, reply, { rows, limit, cursorOf: (rule) => rule.id });
  });

  const oneRule = { config: may('apps.read'), schema: { params: RuleParams } };
  api.get(`${base}/rules/:pushRuleId`, oneRule, async (request) =>
    getPushRule(contextOf(deps, request), request.params.appId, request.params.pushRuleId),
  );

  const PreviewBody = Type.Object({ conditions: ConditionsBody }, closed);
  const preview = { config: may('apps.manage'), schema: { params: AppParams, body: PreviewBody } };
  api.post(`${base}/rules/preview`, preview, async (request) =>
    previewPushRule(contextOf(deps, request), request.params.appId, conditionsOf(request.body.conditions)),
  );
}

function ruleChangeRoutes(api: Api, deps: ServerDeps): void {
  const NewRuleBody = Type.Object(
    { name: Type.String(), conditions: ConditionsBody, status: Type.Optional(RuleStatus) },
    closed,
  );
  const creation = { config: may('apps.manage'), schema: { params: AppParams, body: NewRuleBody } };
  api.post(`${base}/rules`, creation, async (request) => {
    const { name, conditions, status } = request.body;
    const rule = { name, conditions: conditionsOf(conditions), ...defined({ status }) };
    return createPushRule(contextOf(deps, request), request.params.appId, rule);
  });

  const one = `${base}/rules/:pushRuleId`;
  const RuleBody = Type.Object(
    {
      name: Type.Optional(Type.String()),
      conditions: Type.Optional(ConditionsBody),
      status: Type.Optional(RuleStatus),
    },
    closed,
  );
  const change = { config: may('apps.manage'), schema: { params: RuleParams, body: RuleBody } };
  api.patch(one, change, async (request) => {
    const { name, conditions, status } = request.body;
    const asked = conditions === undefined ? undefined : conditionsOf(conditions);
    const { appId, pushRuleId } = request.params;
    return updatePushRule(contextOf(deps, request), appId, pushRuleId, defined({ name, conditions: asked, status }));
  });

  const removal = {
    config: may('apps.manage'),
    schema: { params: RuleParams, querystring: Type.Object({ mappings: Text }) },
  };
  api.delete(one, removal, async (request, reply) => {
    const { appId, pushRuleId } = request.params;
    await deletePushRule(contextOf(deps, request), appId, pushRuleId, mappingsOf(request.query.mappings));
    return reply.code(204).send();
  });
}

function conditionsOf({ name, description, groupTypes }: Partial<GroupPushConditions>): GroupPushConditions {
  return { ...defined({ name, description }), groupTypes: groupTypes ?? ['OKTA_GROUP'] };
}

function statusOf(text: string | undefined): 'ACTIVE' | 'INACTIVE' | 'ERROR' | undefined {
  if (text === undefined || text === '') return undefined;
  if (text === 'ACTIVE' || text === 'INACTIVE' || text === 'ERROR') return text;
  throw invalidValue('status', 'must be ACTIVE, INACTIVE or ERROR');
}

function mappingsOf(text: string | undefined): MappingsOfRule {
  if (text === undefined || text === '') return 'KEEP';
  if (text === 'KEEP' || text === 'UNLINK' || text === 'DELETE') return text;
  throw invalidValue('mappings', 'must be KEEP, UNLINK or DELETE');
}
