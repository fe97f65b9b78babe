import { Type } from 'typebox';
import type { App } from '../../../domain/app.ts';
import { UsherError } from '../../../lib/errors.ts';
import type { AppId } from '../../../lib/ids.ts';
import { isJsonObject } from '../../../lib/json.ts';
import { clientSecretHash } from '../../../services/app-credentials.ts';
import { getClient, idTokenSetting, setIdToken } from '../../../services/app-id-token.ts';
import { getApp } from '../../../services/apps.ts';
import { findSealedCredentials } from '../../../store/apps.ts';
import type { Api } from '../../api.ts';
import type { ServerDeps } from '../../deps.ts';
import { baseOf } from '../../links.ts';
import { may } from '../../policy.ts';
import { defined } from '../../query-values.ts';
import { contextOf } from '../../request-context.ts';
import { oktaDate } from '../dates.ts';
import { IdOf, Nullable } from '../schema.ts';

const AppParams = Type.Object({ appId: IdOf<AppId>() });

/** What clients ask of an app's way to sign in, which Usher describes and does not perform. */
export function signOnRoutes(api: Api, deps: ServerDeps): void {
  const show = { config: may('apps.read'), schema: { params: AppParams } };
  api.get('/apps/:appId/credentials/keys', show, async (request) => {
    await getApp(contextOf(deps, request), request.params.appId);
    return [];
  });

  api.get('/apps/:appId/credentials/secrets', show, async (request) => {
    const app = await getApp(contextOf(deps, request), request.params.appId);
    const sealed = app.credentials.oauthClient === undefined ? null : await findSealedCredentials(deps.db, app.id);
    return sealed === null ? [] : [presentSecret(app, await clientSecretHash(deps.db, deps.secrets, app.id, sealed))];
  });

  const xmlOnly = { ...show, config: { ...show.config, produces: 'application/xml' } };
  api.get('/apps/:appId/sso/saml/metadata', xmlOnly, async (request, reply) => {
    const app = await getApp(contextOf(deps, request), request.params.appId);
    if (app.signOnMode !== 'SAML_2_0') {
      throw new UsherError('not_found', `${app.label} does not sign in with SAML, so it has no metadata.`);
    }
    return reply
      .header('content-type', 'application/xml; charset=utf-8')
      .send(samlMetadata(app, baseOf(deps, request)));
  });

  idTokenRoutes(api, deps);
}

function idTokenRoutes(api: Api, deps: ServerDeps): void {
  const path = '/internal/apps/:appId/settings/oauth/idToken';
  api.get(path, { config: may('apps.read'), schema: { params: AppParams } }, async (request) =>
    presentIdToken(await getClient(contextOf(deps, request), request.params.appId), baseOf(deps, request)),
  );

  const Claim = Nullable(Type.String({ maxLength: 1_024 }));
  const IdTokenBody = Type.Object({ valueType: Claim, groupFilterType: Claim, name: Claim, value: Claim });
  const change = { config: may('apps.manage'), schema: { params: AppParams, body: IdTokenBody } };
  api.post(path, change, async (request) => {
    const { valueType, groupFilterType, name, value } = request.body;
    const idToken = {
      ...{ valueType: valueType ?? undefined, groupFilterType: groupFilterType ?? undefined },
      ...{ name: name ?? undefined, value: value ?? undefined },
    };
    const app = await setIdToken(contextOf(deps, request), request.params.appId, defined(idToken));
    return presentIdToken(app, baseOf(deps, request));
  });
}

/** The secret itself was in the answer that made the app, and is shown nowhere else. */
function presentSecret(app: App, hash: string) {
  return {
    id: `ocs${app.id.slice(3)}`,
    status: 'ACTIVE',
    secret_hash: hash,
    created: oktaDate(app.created),
    lastUpdated: oktaDate(app.lastUpdated),
  };
}

function presentIdToken(app: App, base: string) {
  const { oauthClient, [idTokenSetting]: kept } = app.settings;
  return {
    issuer: base,
    orgUrl: null,
    customUrl: null,
    audience: app.credentials.oauthClient?.client_id ?? app.id,
    issuerMode: (isJsonObject(oauthClient) ? oauthClient['issuer_mode'] : undefined) ?? 'ORG_URL',
    ...(isJsonObject(kept) ? kept : {}),
  };
}

/** Says who the identity provider would be. There is no certificate in it: Usher signs nothing. */
function samlMetadata(app: App, base: string): string {
  const at = xml(`${base}/api/v1/apps/${app.id}/sso/saml`);
  const formats = ['unspecified', 'emailAddress'].map(
    (format) => `<md:NameIDFormat>urn:oasis:names:tc:SAML:1.1:nameid-format:${format}</md:NameIDFormat>`,
  );
  const services = ['HTTP-POST', 'HTTP-Redirect'].map(
    (binding) => `<md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:${binding}" Location="${at}"/>`,
  );
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<md:EntityDescriptor entityID="${at}" xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata">`,
    '<md:IDPSSODescriptor WantAuthnRequestsSigned="false" protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">',
    ...formats,
    ...services,
    '</md:IDPSSODescriptor></md:EntityDescriptor>',
  ].join('');
}

function xml(text: string): string {
  return text.replace(/[<>&"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
}
