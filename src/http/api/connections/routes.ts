import { Type } from 'typebox';
import { UsherError } from '../../../lib/errors.ts';
import type { AppId } from '../../../lib/ids.ts';
import type { JsonObject } from '../../../lib/json.ts';
import {
  activateConnection,
  deactivateConnection,
  getConnection,
  setConnection,
  tokenAuth,
} from '../../../services/app-connections.ts';
import { getApp } from '../../../services/apps.ts';
import type { AppContext } from '../../../services/context.ts';
import type { Api } from '../../api.ts';
import type { ServerDeps } from '../../deps.ts';
import { baseOf } from '../../links.ts';
import { may } from '../../policy.ts';
import { flag } from '../../query-values.ts';
import { contextOf } from '../../request-context.ts';
import { IdOf, Nullable, Text } from '../schema.ts';
import { presentConnection } from './present.ts';

const AppParams = Type.Object({ appId: IdOf<AppId>() });
const Address = Type.String({ maxLength: 2_048 });
/** A signed token with its claims can be long. */
const Secret = Type.String({ maxLength: 10_000 });
const ConnectionBody = Type.Object({
  baseUrl: Nullable(Address),
  profile: Type.Union([
    Type.Object({ authScheme: Type.Literal('TOKEN'), token: Nullable(Secret) }),
    Type.Object({
      authScheme: Type.Literal('OAUTH2'),
      clientId: Nullable(Address),
      // Beyond Okta, whose own apps need neither.
      clientSecret: Nullable(Secret),
      tokenUrl: Nullable(Address),
      scope: Nullable(Address),
    }),
  ]),
});

/** Okta blames the credential, whatever the app had against it; the reason is among the causes. */
const oktaWords = { subject: () => 'credential.', wrongState: [400, 'E0000001'] as const };

export function connectionRoutes(api: Api, deps: ServerDeps): void {
  const path = '/apps/:appId/connections/default';
  api.get(path, { config: may('apps.read'), schema: { params: AppParams } }, async (request) => {
    const { appId } = request.params;
    return presentConnection(await getConnection(contextOf(deps, request), appId), appId, baseOf(deps, request));
  });

  const config = { ...may('connections.manage'), okta: oktaWords };
  const change = {
    config,
    schema: { params: AppParams, querystring: Type.Object({ activate: Text }), body: ConnectionBody },
  };
  api.post(path, change, async (request) => {
    const { appId } = request.params;
    const context = contextOf(deps, request);
    const activate = flag('activate', request.query.activate, false);
    const settings = await settingsOf(context, appId, request.body);
    return presentConnection(await setConnection(context, appId, { settings, activate }), appId, baseOf(deps, request));
  });

  for (const [verb, act] of [
    ['activate', activateConnection],
    ['deactivate', deactivateConnection],
  ] as const) {
    api.post(`${path}/lifecycle/${verb}`, { config, schema: { params: AppParams } }, async (request, reply) => {
      await act(contextOf(deps, request), request.params.appId);
      return reply.code(204).send();
    });
  }
}

async function settingsOf(
  context: AppContext,
  appId: AppId,
  { baseUrl, profile }: Type.Static<typeof ConnectionBody>,
): Promise<JsonObject> {
  return {
    ...(baseUrl == null ? {} : { baseUrl }),
    auth: profile.authScheme === 'TOKEN' ? await tokenOf(context, appId, profile.token ?? '') : oauthOf(profile),
  };
}

async function tokenOf(context: AppContext, appId: AppId, token: string): Promise<JsonObject> {
  const app = await getApp(context, appId);
  const entry = app.catalogKey === null ? undefined : context.catalog.get(app.catalogKey);
  if (token === '') {
    throw new UsherError('invalid_input', `${app.label} cannot be connected without a token.`, {
      causes: [{ field: 'profile.token', reason: 'is missing' }],
    });
  }
  // An app without an entry has no connector either, which is what the service then says.
  return entry === undefined ? { scheme: 'bearer', token } : tokenAuth(entry, token);
}

type OAuthProfile = Extract<Type.Static<typeof ConnectionBody>['profile'], { authScheme: 'OAUTH2' }>;

function oauthOf({ clientId, clientSecret, tokenUrl, scope }: OAuthProfile): JsonObject {
  return {
    scheme: 'oauth2_client_credentials',
    ...(clientId == null ? {} : { clientId }),
    ...(clientSecret == null ? {} : { clientSecret }),
    ...(tokenUrl == null ? {} : { tokenUrl }),
    ...(scope == null ? {} : { scope }),
  };
}
