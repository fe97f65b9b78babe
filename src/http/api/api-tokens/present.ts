import type { ApiToken } from '../../../store/api-tokens.ts';
import { oktaDate, oktaDateOrNull } from '../dates.ts';
import { linkTo } from '../hal.ts';

/** A token in Okta's words, among them `_link` for what is `_links` elsewhere. Its value is never shown. */
export function presentApiToken(token: ApiToken, base: string) {
  return {
    id: token.id,
    name: token.name,
    userId: token.userId,
    tokenWindow: 'P30D',
    network: { connection: 'ANYWHERE' },
    clientName: 'Okta API',
    created: oktaDate(token.created),
    lastUpdated: oktaDate(token.lastUpdated),
    expiresAt: oktaDateOrNull(token.expires),
    _link: { self: linkTo(`${base}/api/v1/api-tokens/${token.id}`, 'GET', 'DELETE') },
  };
}
