import { Type } from 'typebox';
import type { GroupId, GroupPushId, GroupRuleId } from '../../lib/ids.ts';
import { listGroupRules } from '../../services/group-rules.ts';
import { getGroup } from '../../services/groups.ts';
import { listPushesOfGroup } from '../../services/pushed-groups.ts';
import type { Api } from '../api.ts';
import { presentGroupRule } from '../api/group-rules/present.ts';
import { IdOf, PageQuery } from '../api/schema.ts';
import type { ServerDeps } from '../deps.ts';
import { afterId, pageOf } from '../links.ts';
import { may } from '../policy.ts';
import { defined, pageLimit } from '../query-values.ts';
import { contextOf } from '../request-context.ts';

/** What a group is used for, seen from the group: the apps it is pushed to, and the rules that fill it. */
export function groupUseRoutes(api: Api, deps: ServerDeps): void {
  const schema = { params: Type.Object({ groupId: IdOf<GroupId>() }), querystring: Type.Object(PageQuery) };

  api.get('/groups/:groupId/pushes', { config: may('apps.read'), schema }, async (request, reply) => {
    const limit = pageLimit(request.query.limit, { fallback: 100, most: 1_000 });
    const page = { ...defined({ after: afterId<GroupPushId>(deps, request) }), limit: limit + 1 };
    const rows = await listPushesOfGroup(contextOf(deps, request), request.params.groupId, page);
    return pageOf(deps, reply, { rows, limit, cursorOf: (push) => push.id });
  });

  api.get('/groups/:groupId/rules', { config: may('rules.read'), schema }, async (request, reply) => {
    const context = contextOf(deps, request);
    const limit = pageLimit(request.query.limit, { fallback: 50, most: 200 });
    const { id: groupId } = await getGroup(context, request.params.groupId);
    const page = { ...defined({ after: afterId<GroupRuleId>(deps, request) }), groupId, limit: limit + 1 };
    const rows = await listGroupRules(context, page);
    return pageOf(deps, reply, { rows, limit, cursorOf: (rule) => rule.id }).map(presentGroupRule);
  });
}
