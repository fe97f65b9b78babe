import { Type } from 'typebox';
import type { GroupId, GroupRuleId, UserId } from '../../lib/ids.ts';
import { previewGroupRule } from '../../services/rule-preview.ts';
import type { Api } from '../api.ts';
import { IdOf } from '../api/schema.ts';
import type { ServerDeps } from '../deps.ts';
import { may } from '../policy.ts';
import { defined } from '../query-values.ts';
import { contextOf } from '../request-context.ts';

const PreviewBody = Type.Object(
  {
    ruleId: Type.Optional(IdOf<GroupRuleId>()),
    expression: Type.String(),
    groupIds: Type.Array(IdOf<GroupId>()),
    excludedUserIds: Type.Optional(Type.Array(IdOf<UserId>())),
    excludedGroupIds: Type.Optional(Type.Array(IdOf<GroupId>())),
  },
  { additionalProperties: false },
);

/** What a group rule would change, before it is made or changed. */
export function rulePreviewRoutes(api: Api, deps: ServerDeps): void {
  const preview = { config: may('rules.manage'), schema: { body: PreviewBody } };
  api.post('/groups/rules/preview', preview, async (request) => {
    const { ruleId, expression, groupIds, excludedUserIds, excludedGroupIds } = request.body;
    const rule = { expression, groupIds, ...defined({ ruleId, excludedUserIds, excludedGroupIds }) };
    return previewGroupRule(contextOf(deps, request), rule);
  });
}
