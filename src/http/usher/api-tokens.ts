import { Type } from 'typebox';
import { createToken } from '../../services/api-tokens.ts';
import type { Api } from '../api.ts';
import { presentApiToken } from '../api/api-tokens/present.ts';
import { Text } from '../api/schema.ts';
import type { ServerDeps } from '../deps.ts';
import { baseOf } from '../links.ts';
import { may } from '../policy.ts';
import { defined, moment } from '../query-values.ts';
import { contextOf, principalOf } from '../request-context.ts';

/** Okta makes tokens in its console only. One made here acts as whoever asked for it, and never as more. */
export function usherTokenRoutes(api: Api, deps: ServerDeps): void {
  const NewTokenBody = Type.Object({ name: Type.String(), expires: Text }, { additionalProperties: false });
  api.post('/api-tokens', { config: may('tokens.own'), schema: { body: NewTokenBody } }, async (request) => {
    const { userId, expires: notAfter } = principalOf(request);
    const { token, value } = await createToken(contextOf(deps, request), {
      name: request.body.name,
      userId,
      notAfter,
      ...defined({ expires: moment('expires', request.body.expires) }),
    });
    return { ...presentApiToken(token, baseOf(deps, request)), value };
  });
}
