import type { JsonObject } from '../lib/json.ts';
import type { ExpressionScope } from './scope.ts';

type ReadRoot = (scope: ExpressionScope) => JsonObject | undefined;

const readRoots: ReadonlyMap<string, ReadRoot> = new Map<string, ReadRoot>([
  ['user', (scope) => scope.user],
  ['appuser', (scope) => scope.appuser],
  ['source', (scope) => scope.source],
  ['idpuser', (scope) => scope.idpuser],
  ['app', (scope) => scope.app],
  ['org', (scope) => scope.org],
  ['session', (scope) => scope.session],
  ['access', (scope) => scope.access],
]);

const appSettingsSuffix = '_app';

/** The name under which a root is known: Okta's help pages write `appuser` as `appUser`, too. */
export function canonicalRoot(name: string): string {
  return name === 'appUser' ? 'appuser' : name;
}

/** The attribute as we name it: Okta's guide writes `org.subDomain` as `org.subdomain`, too. */
export function canonicalAttribute(root: string, attribute: string): string {
  return root === 'org' && attribute === 'subdomain' ? 'subDomain' : attribute;
}

export function isFixedRoot(root: string): boolean {
  return readRoots.has(root);
}

/** The fixed root a name differs from only in letter case: `User` is meant to be `user`. */
export function misspeltRoot(name: string): string | undefined {
  return [...readRoots.keys()].find((root) => root !== name && root === name.toLowerCase());
}

/**
 * Reads what stands before the first dot. A name that is not fixed is the machine name of an app: its app user,
 * or with `_app` at the end the settings of that app instance.
 */
export function rootReader(root: string): ReadRoot {
  return readRoots.get(root) ?? ((scope) => own(scope.appUsers, root) ?? settingsOf(scope, root));
}

function settingsOf(scope: ExpressionScope, root: string): JsonObject | undefined {
  return root.endsWith(appSettingsSuffix) ? own(scope.apps, root.slice(0, -appSettingsSuffix.length)) : undefined;
}

function own(objects: { readonly [name: string]: JsonObject } | undefined, name: string): JsonObject | undefined {
  return objects !== undefined && Object.hasOwn(objects, name) ? objects[name] : undefined;
}
