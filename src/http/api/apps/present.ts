import type { AppFeature } from '../../../catalog/features.ts';
import type { App, SignOnMode } from '../../../domain/app.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../lib/json.ts';
import type { Org } from '../../../store/org.ts';
import { oktaDate } from '../dates.ts';
import { linkTo } from '../hal.ts';
import { logoOf } from './logo.ts';

export interface AppSurroundings {
  readonly base: string;
  readonly org: Org;
  readonly features: readonly AppFeature[];
}

/**
 * An app in Okta's words. Clients read settings.app, settings.notes, visibility.hide, credentials.signing and
 * credentials.userNameTemplate without asking whether they are there.
 */
export function presentApp(app: App, { base, org, features }: AppSurroundings) {
  return {
    id: app.id,
    orn: `orn:okta:idp:${org.id}:apps:${app.name}:${app.id}`,
    name: app.name,
    label: app.label,
    status: app.status,
    lastUpdated: oktaDate(app.lastUpdated),
    created: oktaDate(app.created),
    accessibility: { selfService: false, errorRedirectUrl: null, loginRedirectUrl: null, ...app.accessibility },
    visibility: filled(visibilityOf, app.visibility),
    features,
    signOnMode: app.signOnMode,
    credentials: { ...passwordScheme(app.signOnMode), userNameTemplate: app.userNameTemplate, signing: {} },
    settings: filled(settingsOf, app.settings),
    _links: linksOf(app, base),
  };
}

const visibilityOf: JsonObject = {
  autoLaunch: false,
  autoSubmitToolbar: false,
  hide: { iOS: false, web: false },
  appLinks: {},
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
    result[name] = isJsonObject(standing) && isJsonObject(value) ? filled(standing, value) : value;
  }
  return result;
}

/** Apps that people sign in to with a password say who knows it. */
function passwordScheme(mode: SignOnMode): JsonObject {
  const withPassword = mode === 'AUTO_LOGIN' || mode === 'BROWSER_PLUGIN' || mode === 'SECURE_PASSWORD_STORE';
  return withPassword ? { scheme: 'EDIT_USERNAME_AND_PASSWORD', revealPassword: false } : {};
}

function linksOf(app: App, base: string) {
  const self = `${base}/api/v1/apps/${app.id}`;
  const logo = logoOf(app, base);
  return {
    users: { href: `${self}/users` },
    groups: { href: `${self}/groups` },
    appLinks: [],
    logo: logo === null ? [] : [{ name: 'medium', href: logo, type: 'image/svg+xml' }],
    ...(app.status === 'ACTIVE'
      ? { deactivate: { href: `${self}/lifecycle/deactivate` } }
      : { activate: { href: `${self}/lifecycle/activate` } }),
    uploadLogo: linkTo(`${self}/logo`, 'POST'),
    policies: linkTo(`${self}/policies`, 'PUT'),
  };
}
