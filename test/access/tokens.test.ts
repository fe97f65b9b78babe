import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, expect, test } from 'vitest';
import { describeOnDatabases } from '../database.ts';
import { openHttpTest, type HttpTest } from '../http-context.ts';
import { routesOf } from '../routes.ts';

const publicRoutes = [
  /^GET \/\.well-known\//,
  /^POST \/usher\/v1\/session(\/password)?$/,
  // Who comes this way has not shown who they are yet.
  /^GET \/usher\/v1\/sign-in\/(callback|providers(\/:providerId)?)$/,
  /^GET \/(|login|login\/done|(my|admin|assets|welcome|reset_password)(\/:\w+)*|favicon\.svg|theme\.js)$/,
  /^GET \/(healthz|readyz|openapi\.json|docs(\/:\w+)?)$/,
  /^GET \/usher\/v1\/.*\/logo$/,
];

/** The same path in other letters: the matched route decides, not how the path is written. */
const spellings: readonly ((path: string) => string)[] = [
  (path) => path,
  (path) => `//${path.slice(1)}`,
  (path) => path.replace(/[a-z](?=[^/]*$)/, (letter) => `%${letter.charCodeAt(0).toString(16)}`),
  (path) => `${path}?x=/healthz`,
];

describeOnDatabases('a token that does not work', (database) => {
  let on: HttpTest;
  beforeAll(async () => {
    on = await openHttpTest(database);
  });

  test.each([
    ['none', null, undefined],
    ['a wrong one', '00wrongwrongwrongwrongwrongwrongwrongwrong', undefined],
    ['an expired one', undefined, `update api_tokens set expires = now() - interval '1 second' where user_id = $1`],
    ['a revoked one', undefined, 'delete from api_tokens where user_id = $1'],
    ['of somebody suspended', undefined, `update users set status = 'SUSPENDED' where id = $1`],
  ])('%s: 401 at every route, however its path is written', async (_name, given, spoil) => {
    const token = given === undefined ? await on.addToken('SUPER_ADMIN') : given;
    if (spoil !== undefined) {
      const { id } = (await on.call('GET', '/api/v1/users/me', undefined, { token })).json<{ id: string }>();
      await on.db.query(spoil, [id]);
      // The server is not told, as when another process did it: what only reads may go on for half a second.
      await sleep(600);
    }
    const routes = routesOf(on.server).filter(
      ([method, url]) => !publicRoutes.some((pattern) => pattern.test(`${method} ${url}`)),
    );
    expect(routes.length).toBeGreaterThan(100);
    const letIn: string[] = [];
    for (const [method, url] of routes) {
      for (const spell of spellings) {
        const path = spell(url.replace(/:\w+/g, 'x'));
        const { statusCode } = await on.call(method, path, method === 'GET' ? undefined : {}, { token });
        if (statusCode !== 401) letIn.push(`${statusCode} ${method} ${path}`);
      }
    }
    expect(letIn).toEqual([]);
  });

  test('of somebody who has lost every role: 403 from the next request on', async () => {
    const token = await on.addToken('ORG_ADMIN');
    const { id } = (await on.call('GET', '/api/v1/users/me', undefined, { token })).json<{ id: string }>();
    const [role] = (await on.call('GET', `/api/v1/users/${id}/roles`)).json<{ id: string }[]>();
    expect((await on.call('DELETE', `/api/v1/users/${id}/roles/${role?.id}`)).statusCode).toBe(204);
    expect((await on.call('GET', '/api/v1/users/me', undefined, { token })).statusCode).toBe(403);
  });
});
