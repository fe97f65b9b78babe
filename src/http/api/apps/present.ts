import type { AppFeature } from '../../../catalog/features.ts';
import type { App } from '../../../domain/app.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../lib/json.ts';
import { hasScheme } from '../../../services/app-credentials.ts';
import { idTokenSetting } from '../../../services/app-id-token.ts';
import type { Org } from '../../../store/org.ts';
import { oktaDate } from '../dates.ts';
import { linkTo, type HalLink } from '../hal.ts';
import { policyIdOf } from '../policies/present.ts';
import { addressOf } from './address.ts';
import { logoLink } from './logo.ts';

export interface AppSurroundings {
  readonly base: string;
  readonly org: Pick<Org, 'id'>;
  readonly features: readonly AppFeature[];
  /** Only in the answer that made the app. */
  readonly clientSecret?: string;
}

/**
 * An app in Okta's words. Clients read settings.app, settings.notes, visibility.hide, credentials.signing and
 * credentials.userNameTemplate without asking whether they are there.
 */
export function presentApp(app: App, around: AppSurroundings) {
  const { org, features } = around;
  return {
    id: app.id,
    orn: `orn:okta:idp:${org.id}:apps:${app.name}:${app.id}`,
    name: app.name,
    label: app.label,
    status: app.status,
    lastUpdated: oktaDate(app.lastUpdated),
    created: oktaDate(app.created),
    accessibility: { selfService: false, errorRedirectUrl: null, loginRedirectUrl: null, ...app.accessibility },
    visibility: filled({ ...visibilityOf, appLinks: { [linkName(app)]: true } }, app.visibility),
    features,
    signOnMode: app.signOnMode,
    credentials: presentCredentials(app, around.clientSecret),
    settings: filled(settingsOf, shownSettings(app.settings)),
    _links: linksOf(app, around),
  };
}

const visibilityOf: JsonObject = {
  autoLaunch: false,
  autoSubmitToolbar: false,
  hide: { iOS: false, web: false },
};

const settingsOf: JsonObject = {
  app: {},
  notifications: { vpn: { network: { connection: 'DISABLED' }, message: null, helpUrl: null } },
  manualProvisioning: false,
  implicitAssignment: false,
  notes: { admin: null, enduser: null },
};

/** What is stored, with Okta's defaults where nothing is. */
function filled(defaults: JsonObject, stored: JsonObject): JsonObject {
  const result: Record<string, Json> = { ...defaults };
  for (const [name, value] of Object.entries(stored)) {
    const standing = defaults[name];
    if (!isJsonObject(standing)) result[name] = value;
    else if (isJsonObject(value)) result[name] = name === 'appLinks' ? value : filled(standing, value);
  }
  return result;
}

/** Apps that people sign in to with a password say who knows it. The password itself is never shown. */
function presentCredentials({ signOnMode, credentials, userNameTemplate }: App, clientSecret: string | undefined) {
  const { oauthClient, ...scheme } = credentials;
  const shared = scheme.scheme === 'SHARED_USERNAME_AND_PASSWORD';
  return {
    ...(hasScheme(signOnMode) ? { scheme: 'EDIT_USERNAME_AND_PASSWORD', revealPassword: false, ...scheme } : {}),
    ...(shared ? { password: {} } : {}),
    userNameTemplate: {
      ...(userNameTemplate.type === 'CUSTOM' ? { pushStatus: 'DONT_PUSH' } : {}),
      ...userNameTemplate,
    },
    signing: {},
    ...(oauthClient === undefined
      ? {}
      : { oauthClient: { ...oauthClient, ...(clientSecret === undefined ? {} : { client_secret: clientSecret }) } }),
  };
}

function shownSettings({ [idTokenSetting]: _, ...shown }: JsonObject): JsonObject {
  return shown;
}

/** What Okta calls the one way into an app. */
function linkName({ name }: App): string {
  return name === 'bookmark' || name.startsWith('template_') ? 'login' : `${name}_link`;
}

function linksOf(app: App, { base, org }: AppSurroundings) {
  const self = `${base}/api/v1/apps/${app.id}`;
  const address = addressOf(app);
  const logo = logoLink(app, base);
  const links: Record<string, HalLink | readonly HalLink[]> = {
    uploadLogo: linkTo(`${self}/logo`, 'POST'),
    appLinks: address === null ? [] : [{ name: linkName(app), href: address, type: 'text/html' }],
    policies: linkTo(`${self}/policies`, 'PUT'),
    groups: { href: `${self}/groups` },
    logo: logo === undefined ? [] : [{ name: 'medium', ...logo }],
    accessPolicy: { href: `${base}/api/v1/policies/${policyIdOf(org)}` },
    users: { href: `${self}/users` },
  };
  if (app.signOnMode === 'SAML_2_0') links['metadata'] = { href: `${self}/sso/saml/metadata`, type: 'application/xml' };
  if (app.credentials.oauthClient !== undefined) {
    links['clientCredentials'] = [{ name: 'secrets', href: `${self}/credentials/secrets` }];
  }
  const verb = app.status === 'ACTIVE' ? 'deactivate' : 'activate';
  links[verb] = { href: `${self}/lifecycle/${verb}` };
  return links;
}
