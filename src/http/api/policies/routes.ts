import { Type } from 'typebox';
import { UsherError } from '../../../lib/errors.ts';
import type { AppId } from '../../../lib/ids.ts';
import { getApp } from '../../../services/apps.ts';
import type { Api } from '../../api.ts';
import type { ServerDeps } from '../../deps.ts';
import { baseOf, setLinks } from '../../links.ts';
import { may } from '../../policy.ts';
import { invalidValue } from '../../query-values.ts';
import { contextOf } from '../../request-context.ts';
import { bodyOptional, IdOf, Text } from '../schema.ts';
import { policyIdOf, presentPolicy } from './present.ts';

const PolicyParams = Type.Object({ policyId: Type.String() });
const AppPolicyParams = Type.Object({ appId: IdOf<AppId>(), policyId: Type.String() });

/** The one access policy, which clients look up and tie every app to. */
export function policyRoutes(api: Api, deps: ServerDeps): void {
  const ListQuery = Type.Object({ type: Text, name: Text });
  const listing = { config: may('apps.read'), schema: { querystring: ListQuery } };
  api.get('/policies', listing, async (request, reply) => {
    const { type } = request.query;
    if (type === undefined || type === '')
      throw invalidValue('type', 'must say which kind of policy, e.g. ACCESS_POLICY');
    setLinks(deps, reply, { limit: 20, next: undefined });
    return type === 'ACCESS_POLICY' ? [presentPolicy(deps.org, baseOf(deps, request))] : [];
  });

  const one = { config: may('apps.read'), schema: { params: PolicyParams } };
  api.get('/policies/:policyId', one, async (request) => {
    assertPolicy(deps, request.params.policyId);
    return presentPolicy(deps.org, baseOf(deps, request));
  });

  const tie = { config: may('apps.manage'), preValidation: bodyOptional, schema: { params: AppPolicyParams } };
  api.put('/apps/:appId/policies/:policyId', tie, async (request, reply) => {
    await getApp(contextOf(deps, request), request.params.appId);
    assertPolicy(deps, request.params.policyId);
    return reply.code(204).send();
  });
}

function assertPolicy({ org }: ServerDeps, policyId: string): void {
  if (policyId === policyIdOf(org)) return;
  throw new UsherError('not_found', `Resource not found: ${policyId} (Policy)`);
}
