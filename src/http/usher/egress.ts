import { Type } from 'typebox';
import { UsherError } from '../../lib/errors.ts';
import { judgeReach, type Reach } from '../../lib/reach.ts';
import type { Api } from '../api.ts';
import type { ServerDeps } from '../deps.ts';
import { may } from '../policy.ts';
import { invalidValue } from '../query-values.ts';

/** Where connections may lead. It says no more than trying a connection would, and takes the same right. */
export function egressRoutes(api: Api, deps: ServerDeps): void {
  const Body = Type.Object({ url: Type.String({ minLength: 1, maxLength: 2_000 }) }, { additionalProperties: false });
  api.post('/egress/check', { config: may('connections.manage'), schema: { body: Body } }, async (request) => {
    const { url } = request.body;
    return judgeReach(deps.egress(), url).catch(asInvalid);
  });
}

function asInvalid(error: unknown): Reach {
  if (error instanceof UsherError && error.code === 'app_address_refused') {
    throw invalidValue('url', 'must be a host or an address of http or https, without a user name or password');
  }
  throw error;
}
