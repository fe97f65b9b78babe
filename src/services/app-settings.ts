import { addressVariable, connectionUrl } from '../catalog/connection-url.ts';
import type { CatalogEntry } from '../catalog/entry.ts';
import type { App, AppLimits, SignOnMode, UserNameTemplate } from '../domain/app.ts';
import { appReferences } from '../expression/apps-read.ts';
import { compileUserNameTemplate } from '../expression/user-name-template.ts';
import { UsherError, type ErrorCause } from '../lib/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../lib/json.ts';
import { idTokenSetting } from './app-id-token.ts';
import { checkSettings, type CheckedSettings, type SettingRules } from './app-setting-rules.ts';
import { catalogSamlRules, oauthRules, passwordRules, samlRules } from './app-sign-on.ts';
import type { AppTemplate } from './app-templates.ts';

/** What decides which settings an app takes. A private app has neither entry nor template. */
export interface AppKind {
  readonly entry: CatalogEntry | undefined;
  readonly template: AppTemplate | undefined;
  readonly signOnMode: SignOnMode;
}

/**
 * Okta's `settings` checked and with its defaults: in `app` what the catalog entry or template asks for, in `signOn`
 * and `oauthClient` what the way to sign in does. Of the rest what may be nothing else is checked.
 *
 * @param addressLater whether a generic entry's address may be missing: the connection then brings it.
 * @throws {UsherError} `invalid_input`, a cause per setting.
 */
export function completeSettings(
  kind: AppKind,
  given: JsonObject,
  { addressLater = false }: { readonly addressLater?: boolean } = {},
): JsonObject {
  const { entry, template } = kind;
  const variables = variablesOf(given);
  const parts = [
    { name: 'app', ...checkVariables(kind, variables) },
    ...partsOf(kind, given).map(({ name, rules }) => ({
      name,
      ...checkSettings(rules, given[name], `settings.${name}`),
    })),
  ];
  const { [idTokenSetting]: _, ...shown } = given;
  const common = checkSettings(commonRules, shown, 'settings');
  const causes = [
    ...(isJsonObject(given['app'] ?? {}) ? [] : [{ field: 'settings.app', reason: 'must be an object' }]),
    ...parts.flatMap((part) => part.causes),
    ...common.causes,
    ...(template?.signOnMode === 'OPENID_CONNECT' ? clientCauses(given) : []),
    ...longTexts(given, 'settings'),
  ];
  refuse('These app settings cannot be used', causes);
  const open = addressLater && entry !== undefined && lacksAddress(entry, given);
  if (entry !== undefined && entry.connection !== null && !open) connectionUrl(entry, variables);
  return {
    ...Object.fromEntries(Object.entries(shown).filter(([, value]) => value !== null)),
    ...common.values,
    ...Object.fromEntries(parts.map((part) => [part.name, part.values])),
  };
}

/**
 * Okta's `visibility` with its defaults.
 *
 * @throws {UsherError} `invalid_input`, a cause per setting.
 */
export function completeVisibility(given: JsonObject): JsonObject {
  const checked = checkSettings(visibilityRules, given, 'visibility');
  const { appLinks } = given;
  const links = isJsonObject(appLinks) ? Object.entries(appLinks) : [];
  const causes = links
    .filter(([name, shown]) => typeof shown !== 'boolean' || name.length > labelMax || links.length > labelMax)
    .map(() => ({ field: 'visibility.appLinks', reason: 'must say true or false for each link' }));
  if (appLinks != null && !isJsonObject(appLinks)) {
    causes.push({ field: 'visibility.appLinks', reason: 'must be an object' });
  }
  refuse('This visibility cannot be set', [...checked.causes, ...causes.slice(0, 1)]);
  return { ...checked.values, ...(isJsonObject(appLinks) ? { appLinks } : {}) };
}

/**
 * Okta's `accessibility` with its defaults.
 *
 * @throws {UsherError} `invalid_input`, a cause per setting; `wrong_state` for self-service, which no organization has.
 */
export function completeAccessibility(given: JsonObject): JsonObject {
  const { values, causes } = checkSettings(accessibilityRules, given, 'accessibility');
  refuse('This accessibility cannot be set', causes);
  if (values['selfService'] === true) {
    throw new UsherError('wrong_state', 'Self service application assignment is not enabled. Leave selfService false.');
  }
  return values;
}

/** The address the entry's template gives with the app's variables; undefined where they do not fill it. */
export function catalogUrl(entry: CatalogEntry | undefined, app: Pick<App, 'settings'>): string | undefined {
  if (entry?.connection == null) return undefined;
  try {
    return connectionUrl(entry, variablesOf(app.settings));
  } catch {
    // The entry has come to ask for more than it did when the app was made.
    return undefined;
  }
}

/** Whether these settings of a generic entry's app do not say where the app is. */
export function lacksAddress(entry: CatalogEntry, settings: JsonObject): boolean {
  const variable = addressVariable(entry);
  return variable !== undefined && (variablesOf(settings)[variable.name] ?? '') === '';
}

/**
 * The settings with this address, where the entry's address is one setting.
 *
 * @throws {UsherError} `invalid_input` for an address that is none.
 */
export function withAddress(entry: CatalogEntry, settings: JsonObject, address: Json | undefined): JsonObject {
  const variable = addressVariable(entry);
  if (variable === undefined || address === undefined) return settings;
  const app = { ...variablesOf(settings), [variable.name]: address };
  connectionUrl(entry, app);
  return { ...settings, app };
}

/** Where such an app is, as far as its settings say so. */
export function addressIn(entry: CatalogEntry, settings: JsonObject): Json | undefined {
  const variable = addressVariable(entry);
  return variable === undefined || lacksAddress(entry, settings) ? undefined : variablesOf(settings)[variable.name];
}

/** @throws {UsherError} `invalid_input` */
export function assertLabel(label: string): void {
  const reason =
    label.trim() === ''
      ? 'is empty'
      : label.length > labelMax
        ? `is longer than ${labelMax} characters`
        : /\p{Cc}/u.test(label)
          ? 'contains a line break or another control character'
          : '';
  if (reason !== '') refuse('This label cannot be used', [{ field: 'label', reason }]);
}

/** @throws {UsherError} `invalid_input` */
export function assertLimits(limits: AppLimits): void {
  const causes = Object.entries(limits).flatMap(([name, value]: [string, unknown]): ErrorCause[] =>
    typeof value === 'number' && Number.isInteger(value) && value >= 1
      ? []
      : [{ field: `limits.${name}`, reason: 'must be a whole number of at least 1' }],
  );
  refuse('These limits cannot be used', causes);
}

/** @throws {UsherError} `invalid_expression` saying where. */
export function assertUserNameTemplate({ type, template }: UserNameTemplate): void {
  if (type === 'NONE') return;
  const [other] = appReferences(compileUserNameTemplate(template).dependencies);
  if (other === undefined) return;
  throw new UsherError(
    'invalid_input',
    `User names are made of people’s own profiles, and ${other.appName} is not one.`,
    {
      causes: [{ field: 'credentials.userNameTemplate.template', reason: `reads the other app ${other.appName}` }],
    },
  );
}

export const labelMax = 100;
const noteMax = 4_000;
/** A certificate, the longest of them. */
const textMax = 20_000;

function variablesOf(settings: JsonObject): JsonObject {
  return isJsonObject(settings['app']) ? settings['app'] : {};
}

const off = { type: 'flag', otherwise: false } as const;
const visibilityRules: SettingRules = {
  autoLaunch: off,
  autoSubmitToolbar: off,
  hide: { type: 'object', otherwise: { iOS: false, web: false }, rules: { iOS: off, web: off } },
};
const accessibilityRules: SettingRules = {
  selfService: off,
  errorRedirectUrl: { type: 'web' },
  loginRedirectUrl: { type: 'web' },
};

/** Everything else in `settings` that has a form. */
const commonRules: SettingRules = {
  manualProvisioning: { type: 'flag', bare: true },
  implicitAssignment: { type: 'flag', bare: true },
  notes: {
    type: 'object',
    bare: true,
    rules: { admin: { type: 'text', max: noteMax }, enduser: { type: 'text', max: noteMax } },
  },
};

const bookmarkRules = { url: { type: 'web' }, requestIntegration: { type: 'flag', bare: true } } as const;

function checkVariables({ entry, template, signOnMode }: AppKind, variables: JsonObject): CheckedSettings {
  if (template !== undefined) {
    const checked = checkSettings(template.rules, variables, 'settings.app');
    return {
      ...checked,
      causes: [...checked.causes, ...unknown(template.name, Object.keys(template.rules), variables)],
    };
  }
  // Without a connection the address is all a bookmark has.
  const url = { ...bookmarkRules.url, required: entry?.connection == null };
  const bookmark = signOnMode === 'BOOKMARK' ? { ...bookmarkRules, url } : {};
  const { causes } = checkSettings(bookmark, variables, 'settings.app');
  const known = [...(entry?.connection?.variables ?? []).map((variable) => variable.name), ...Object.keys(bookmark)];
  return {
    values: variables,
    causes: [...causes, ...(entry === undefined ? [] : unknown(entry.name, known, variables))],
  };
}

function unknown(name: string, known: readonly string[], variables: JsonObject): ErrorCause[] {
  const offer = known.length === 0 ? 'it has none' : `it has ${known.join(', ')}`;
  return Object.keys(variables)
    .filter((variable) => !known.includes(variable))
    .map((variable) => ({ field: `settings.app.${variable}`, reason: `is not a setting of ${name}; ${offer}` }));
}

/** The parts of the settings that the way to sign in brings with it. */
function partsOf({ entry, template, signOnMode }: AppKind, given: JsonObject) {
  if (template?.signOnMode === 'OPENID_CONNECT') return [{ name: 'oauthClient', rules: oauthRules(redirects(given)) }];
  if (template !== undefined) return [];
  const ofCatalog = entry !== undefined;
  if (signOnMode === 'SAML_2_0') return [{ name: 'signOn', rules: ofCatalog ? catalogSamlRules : samlRules }];
  return signOnMode === 'AUTO_LOGIN' && !ofCatalog ? [{ name: 'signOn', rules: passwordRules }] : [];
}

/** Whether the client has people sent back to it, so that it must say where to. */
function redirects({ oauthClient }: JsonObject): boolean {
  const grants = isJsonObject(oauthClient) ? oauthClient['grant_types'] : undefined;
  return Array.isArray(grants) && (grants.includes('authorization_code') || grants.includes('implicit'));
}

/** What the parts of an OAuth client must not say together. */
function clientCauses({ oauthClient }: JsonObject): ErrorCause[] {
  if (!isJsonObject(oauthClient) || oauthClient['application_type'] !== 'service' || !redirects({ oauthClient }))
    return [];
  const reason = 'must be client_credentials for a service, which nobody signs in to';
  return [{ field: 'settings.oauthClient.grant_types', reason }];
}

/** A text anywhere else that is longer than anything a setting says. */
function longTexts(value: Json, path: string): ErrorCause[] {
  if (typeof value === 'string') {
    return value.length > textMax ? [{ field: path, reason: `is longer than ${textMax} characters` }] : [];
  }
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([name, inner]: [string, Json]) => longTexts(inner, `${path}.${name}`));
}

function refuse(what: string, causes: readonly ErrorCause[]): void {
  if (causes.length === 0) return;
  const sentences = causes.map((cause) => `${cause.field} ${cause.reason}`).join('; ');
  throw new UsherError('invalid_input', `${what}: ${sentences}.`, { causes });
}
