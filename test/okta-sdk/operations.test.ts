import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { operationsByRoute } from '../../src/http/openapi/operations.ts';

/** The methods of the SDK's request factories, as `POST /api/v1/users → createUser`. */
function sdkOperations(): readonly { readonly route: string; readonly id: string }[] {
  const main = createRequire(import.meta.url).resolve('@okta/okta-sdk-nodejs');
  const folder = join(dirname(main), 'generated/apis');
  return readdirSync(folder)
    .filter((file) => file.endsWith('Api.js'))
    .flatMap((file) => {
      const source = readFileSync(join(folder, file), 'utf8');
      const method = /^ {2}async (\w+)\([^)]*\) \{[^]*?const path = '([^']+)'[^]*?HttpMethodEnum\.(\w+)/gm;
      return [...source.matchAll(method)].map(([, id = '', path = '', verb = '']) => ({
        route: `${verb} ${path.replace(/\{\w+\}/g, '{}')}`,
        id,
      }));
    });
}

function grouped(pairs: readonly (readonly [key: string, value: string])[]): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>();
  for (const [key, value] of pairs) groups.set(key, [...(groups.get(key) ?? []), value]);
  return groups;
}

const sdk = sdkOperations();
const idsByRoute = grouped(sdk.map(({ route, id }) => [route, id]));
const routesById = grouped(sdk.map(({ route, id }) => [id, route]));
/** Okta's namespace: under `/usher/v1` names are ours to give. */
const ours = [...operationsByRoute]
  .filter(([route]) => !route.includes(' /usher/'))
  .map(([route, { id }]) => ({ route: route.replace(/:\w+/g, '{}'), id }));

test('the SDK has been read', () => {
  expect(sdk.length).toBeGreaterThan(500);
  expect(sdk).toContainEqual({ route: 'POST /api/v1/users', id: 'createUser' });
});

test('what the SDK has at a path of ours bears the name of its method', () => {
  const known = ours.filter(({ route }) => idsByRoute.has(route));
  expect(known.length).toBeGreaterThan(80);
  const misnamed = known.filter(({ route, id }) => idsByRoute.get(route)?.includes(id) === false);
  expect(misnamed).toEqual([]);
});

test('a name of the SDK’s stands for what it stands for there', () => {
  const misplaced = ours.filter(({ route, id }) => routesById.get(id)?.includes(route) === false);
  expect(misplaced).toEqual([]);
});

test('under /api/v1 only this is not in the SDK', () => {
  const added = ours.filter(({ route }) => route.includes(' /api/v1/') && !idsByRoute.has(route));
  expect(added.map(({ route }) => route).sort()).toEqual([
    // Terraform asks for the first three; the last is the User operation's twin.
    'GET /api/v1/apps/{}/user/types',
    'GET /api/v1/internal/apps/{}/settings/oauth/idToken',
    'POST /api/v1/internal/apps/{}/settings/oauth/idToken',
    'PUT /api/v1/groups/{}/roles/{}/targets/catalog/apps',
  ]);
});
