import { Type } from 'typebox';
import { userTarget } from '../../domain/event-targets.ts';
import { createToken, listTokens } from '../../services/api-tokens.ts';
import type { ApiToken } from '../../store/api-tokens.ts';
import type { Db } from '../../store/database.ts';
import { findUsers } from '../../store/users.ts';
import type { Api } from '../api.ts';
import { presentApiToken } from '../api/api-tokens/present.ts';
import { oktaDate, oktaDateOrNull } from '../api/dates.ts';
import { Text } from '../api/schema.ts';
import type { ServerDeps } from '../deps.ts';
import { baseOf } from '../links.ts';
import { may } from '../policy.ts';
import { defined, moment } from '../query-values.ts';
import { contextOf, principalOf } from '../request-context.ts';

/** Okta makes tokens in its console only. One made here acts as whoever asked for it, and never as more. */
export function usherTokenRoutes(api: Api, deps: ServerDeps): void {
  // What Okta's list does not say: whose each is by name, and when it was last used.
  api.get('/api-tokens', { config: may('tokens.own') }, async (request) =>
    presentUses(deps.db, await listTokens(contextOf(deps, request))),
  );
  const NewTokenBody = Type.Object({ name: Type.String(), expires: Text }, { additionalProperties: false });
  api.post('/api-tokens', { config: may('tokens.own'), schema: { body: NewTokenBody } }, async (request) => {
    const { userId, tokenId, expires } = principalOf(request);
    // Somebody who is signed in has shown their password a moment ago: a session, which ends by tomorrow, sets no end.
    const notAfter = tokenId === null ? null : expires;
    const { token, value } = await createToken(contextOf(deps, request), {
      name: request.body.name,
      userId,
      notAfter,
      ...defined({ expires: moment('expires', request.body.expires) }),
    });
    return { ...presentApiToken(token, baseOf(deps, request)), value };
  });
}

async function presentUses(db: Db, tokens: readonly ApiToken[]) {
  const people = await findUsers(
    db,
    tokens.map(({ userId }) => userId),
  );
  const holders = new Map(people.map((user) => [user.id, userTarget(user)]));
  return tokens.map(({ id, name, userId, created, expires, lastUsed }) => {
    const holder = holders.get(userId);
    return {
      id,
      name,
      holder: { id: userId, login: holder?.alternateId ?? userId, name: holder?.displayName ?? userId },
      created: oktaDate(created),
      expires: oktaDateOrNull(expires),
      lastUsed: oktaDateOrNull(lastUsed),
    };
  });
}
