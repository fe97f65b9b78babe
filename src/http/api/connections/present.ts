import type { AppId } from '../../../lib/ids.ts';
import { isJsonObject } from '../../../lib/json.ts';
import type { ConnectionView } from '../../../services/app-connections.ts';
import { linkTo } from '../hal.ts';

/** A connection in Okta's words, which know a token and OAuth 2.0. No credential is ever in it. */
export function presentConnection(connection: ConnectionView, appId: AppId, base: string) {
  const self = `${base}/api/v1/apps/${appId}/connections/default`;
  const authScheme = schemeOf(connection);
  const { baseUrl } = connection.settings;
  return {
    authScheme,
    status: connection.status,
    ...(typeof baseUrl === 'string' ? { baseUrl } : {}),
    profile: { authScheme, ...clientOf(connection) },
    _links: {
      self: linkTo(self, 'POST', 'GET'),
      ...(connection.status === 'ENABLED' ? { deactivate: linkTo(`${self}/lifecycle/deactivate`, 'POST') } : {}),
      ...(connection.status === 'DISABLED' ? { activate: linkTo(`${self}/lifecycle/activate`, 'POST') } : {}),
    },
  };
}

/** A client's id is no secret; Okta shows it. */
function clientOf({ settings: { auth } }: ConnectionView): { clientId?: string } {
  const clientId = isJsonObject(auth) ? auth['clientId'] : undefined;
  return typeof clientId === 'string' ? { clientId } : {};
}

function schemeOf({ status, settings }: ConnectionView): 'TOKEN' | 'OAUTH2' | 'UNKNOWN' {
  if (status === 'UNKNOWN') return 'UNKNOWN';
  const { auth } = settings;
  return isJsonObject(auth) && auth['scheme'] === 'oauth2_client_credentials' ? 'OAUTH2' : 'TOKEN';
}
