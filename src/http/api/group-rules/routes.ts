import { Type } from 'typebox';
import type { GroupId, GroupRuleId, UserId } from '../../../lib/ids.ts';
import {
  activateGroupRule,
  createGroupRule,
  deactivateGroupRule,
  deleteGroupRule,
  getGroupRule,
  listGroupRules,
  updateGroupRule,
  type GroupRuleInput,
} from '../../../services/group-rules.ts';
import type { Api } from '../../api.ts';
import type { ServerDeps } from '../../deps.ts';
import { afterId, pageOf } from '../../links.ts';
import { may } from '../../policy.ts';
import { defined, flag, given, pageLimit } from '../../query-values.ts';
import { contextOf } from '../../request-context.ts';
import { IdOf, Nullable, PageQuery, Text } from '../schema.ts';
import { presentGroupRule } from './present.ts';

const RuleParams = Type.Object({ ruleId: IdOf<GroupRuleId>() });
const RuleBody = Type.Object({
  name: Type.String(),
  conditions: Type.Object({
    people: Nullable(
      Type.Object({
        users: Nullable(Type.Object({ exclude: Nullable(Type.Array(IdOf<UserId>())) })),
        groups: Nullable(Type.Object({ exclude: Nullable(Type.Array(IdOf<GroupId>())) })),
      }),
    ),
    expression: Type.Object({ value: Type.String() }),
  }),
  actions: Type.Object({ assignUserToGroups: Type.Object({ groupIds: Type.Array(IdOf<GroupId>()) }) }),
});

export function groupRuleRoutes(api: Api, deps: ServerDeps): void {
  const ListQuery = Type.Object({ ...PageQuery, search: Text });
  api.get(
    '/groups/rules',
    { config: may('rules.read'), schema: { querystring: ListQuery } },
    async (request, reply) => {
      const limit = pageLimit(request.query.limit, { fallback: 50, most: 200 });
      const page = {
        ...defined({ nameContains: given(request.query.search), after: afterId<GroupRuleId>(deps, request) }),
        limit: limit + 1,
      };
      const rows = await listGroupRules(contextOf(deps, request), page);
      return pageOf(deps, reply, { rows, limit, cursorOf: (rule) => rule.id }).map(presentGroupRule);
    },
  );

  api.post('/groups/rules', { config: may('rules.manage'), schema: { body: RuleBody } }, async (request) =>
    presentGroupRule(await createGroupRule(contextOf(deps, request), inputOf(request.body))),
  );

  api.get('/groups/rules/:ruleId', { config: may('rules.read'), schema: { params: RuleParams } }, async (request) =>
    presentGroupRule(await getGroupRule(contextOf(deps, request), request.params.ruleId)),
  );

  const changes = { config: may('rules.manage'), schema: { params: RuleParams, body: RuleBody } };
  api.put('/groups/rules/:ruleId', changes, async (request) =>
    presentGroupRule(await updateGroupRule(contextOf(deps, request), request.params.ruleId, inputOf(request.body))),
  );

  const removal = {
    config: may('rules.manage'),
    schema: { params: RuleParams, querystring: Type.Object({ removeUsers: Text }) },
  };
  api.delete('/groups/rules/:ruleId', removal, async (request, reply) => {
    const removeUsers = flag('removeUsers', request.query.removeUsers, false);
    await deleteGroupRule(contextOf(deps, request), request.params.ruleId, { removeUsers });
    return reply.code(202).send({});
  });

  for (const [verb, change] of [
    ['activate', activateGroupRule],
    ['deactivate', deactivateGroupRule],
  ] as const) {
    const options = { config: may('rules.manage'), schema: { params: RuleParams } };
    api.post(`/groups/rules/:ruleId/lifecycle/${verb}`, options, async (request, reply) => {
      await change(contextOf(deps, request), request.params.ruleId);
      return reply.code(204).send();
    });
  }
}

function inputOf({ name, conditions, actions }: Type.Static<typeof RuleBody>): GroupRuleInput {
  return {
    name,
    expression: conditions.expression.value,
    groupIds: actions.assignUserToGroups.groupIds,
    excludedUserIds: conditions.people?.users?.exclude ?? [],
    excludedGroupIds: conditions.people?.groups?.exclude ?? [],
  };
}
