import { Type } from 'typebox';
import { UsherError } from '../../../lib/errors.ts';
import type { TokenId } from '../../../lib/ids.ts';
import { getToken, listTokens, revokeToken } from '../../../services/api-tokens.ts';
import type { Api } from '../../api.ts';
import type { ServerDeps } from '../../deps.ts';
import { baseOf } from '../../links.ts';
import { may } from '../../policy.ts';
import { contextOf, principalOf } from '../../request-context.ts';
import { IdOf } from '../schema.ts';
import { presentApiToken } from './present.ts';

const TokenParams = Type.Object({ tokenId: IdOf<TokenId>() });

export function apiTokenRoutes(api: Api, deps: ServerDeps): void {
  api.get('/api-tokens', { config: may('tokens.own') }, async (request) => {
    const tokens = await listTokens(contextOf(deps, request));
    return tokens.map((token) => presentApiToken(token, baseOf(deps, request)));
  });

  api.get('/api-tokens/:tokenId', { config: may('tokens.own'), schema: { params: TokenParams } }, async (request) =>
    presentApiToken(await getToken(contextOf(deps, request), request.params.tokenId), baseOf(deps, request)),
  );

  api.delete(
    '/api-tokens/:tokenId',
    { config: may('tokens.own'), schema: { params: TokenParams } },
    async (request, reply) => {
      await revokeToken(contextOf(deps, request), request.params.tokenId);
      return reply.code(204).send();
    },
  );

  // Whoever holds a token may give it up.
  api.delete('/api-tokens/current', { config: may('tokens.own') }, async (request, reply) => {
    const { tokenId } = principalOf(request);
    if (tokenId === null) throw new UsherError('not_found', 'Not found: Resource not found: current (ApiToken)');
    await revokeToken(contextOf(deps, request), tokenId);
    return reply.code(204).send();
  });
}
