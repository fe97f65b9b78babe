import { connectionUrl } from '../catalog/connection-url.ts';
import type { CatalogEntry } from '../catalog/entry.ts';
import type { App, AppLimits, SignOnMode, UserNameTemplate } from '../domain/app.ts';
import { compileUserNameTemplate } from '../expression/user-name-template.ts';
import { UsherError, type ErrorCause } from '../lib/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../lib/json.ts';

/**
 * Checks Okta's `settings`: the catalog entry's variables in `app`, and the addresses a tile leads to.
 *
 * @throws {UsherError} `invalid_input`, a cause per setting.
 */
export function assertAppSettings(entry: CatalogEntry | undefined, signOnMode: SignOnMode, settings: JsonObject): void {
  const variables = variablesOf(settings);
  const causes = [
    ...(entry === undefined ? [] : unknownVariables(entry, signOnMode, variables)),
    ...addressCauses(entry, signOnMode, settings, variables),
  ];
  refuse('These app settings cannot be used', causes);
  if (entry !== undefined && entry.connection !== null) connectionUrl(entry, variables);
}

/** The settings with `app` in place. */
export function withVariables(settings: JsonObject): JsonObject {
  return { ...settings, app: variablesOf(settings) };
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
  if (type !== 'NONE') compileUserNameTemplate(template);
}

const labelMax = 100;
const bookmarkSettings = ['url', 'requestIntegration'];

function variablesOf(settings: JsonObject): JsonObject {
  return isJsonObject(settings['app']) ? settings['app'] : {};
}

function unknownVariables(entry: CatalogEntry, signOnMode: SignOnMode, variables: JsonObject): ErrorCause[] {
  const known = [
    ...(entry.connection?.variables ?? []).map((variable) => variable.name),
    ...(signOnMode === 'BOOKMARK' ? bookmarkSettings : []),
  ];
  const offer = known.length === 0 ? 'it has none' : `it has ${known.join(', ')}`;
  return Object.keys(variables)
    .filter((name) => !known.includes(name))
    .map((name) => ({ field: `settings.app.${name}`, reason: `is not a setting of ${entry.name}; ${offer}` }));
}

function addressCauses(
  entry: CatalogEntry | undefined,
  signOnMode: SignOnMode,
  settings: JsonObject,
  variables: JsonObject,
): ErrorCause[] {
  if (signOnMode === 'BOOKMARK') {
    // Without a connection the address is all a bookmark has.
    const required = entry?.connection == null;
    return addressCause('settings.app.url', variables['url'], required);
  }
  if (signOnMode === 'AUTO_LOGIN' && entry === undefined) {
    const signOn = isJsonObject(settings['signOn']) ? settings['signOn'] : {};
    return [
      ...addressCause('settings.signOn.loginUrl', signOn['loginUrl'], true),
      ...addressCause('settings.signOn.redirectUrl', signOn['redirectUrl'], false),
    ];
  }
  return [];
}

/** A tile may lead to a web page only: an address of another kind could run script in the console. */
function addressCause(field: string, value: Json | undefined, required: boolean): ErrorCause[] {
  if (value === undefined || value === null || value === '') return required ? [{ field, reason: 'is missing' }] : [];
  const isWeb = typeof value === 'string' && /^https?:\/\//i.test(value) && URL.canParse(value);
  return isWeb ? [] : [{ field, reason: 'must be an address that begins with https:// or http://' }];
}

function refuse(what: string, causes: readonly ErrorCause[]): void {
  if (causes.length === 0) return;
  const sentences = causes.map((cause) => `${cause.field} ${cause.reason}`).join('; ');
  throw new UsherError('invalid_input', `${what}: ${sentences}.`, { causes });
}
