import { beforeAll, expect, test } from 'vitest';
import { adminRoles, type AdminRole } from '../../src/domain/admin-role.ts';
import { describeOnDatabases } from '../database.ts';
import { openHttpTest, type HttpTest } from '../http-context.ts';
import { routesOf, type RouteName } from '../routes.ts';

/**
 * Asks every route with every role and writes down who is let in. `matrix.md` is read by people: look at each line
 * that changes, then write it with `npx vitest run test/access/matrix.test.ts -u`.
 */
describeOnDatabases('roles and routes', (database) => {
  let on: HttpTest;
  const tokens = new Map<AdminRole, string>();
  beforeAll(async () => {
    on = await openHttpTest(database);
    for (const role of adminRoles) tokens.set(role, await on.addToken(role));
  });

  test('are as the reviewed table says, each route in it', { timeout: 300_000 }, async () => {
    // Whoever gives their token up is asked no more.
    const routes = routesOf(on.server).sort(([m, a], [n, b]) => last(a) - last(b) || compare(a, b) || compare(m, n));
    const rows: string[][] = [];
    for (const [method, url] of routes) {
      const open = (await ask(on, [method, url], null)) !== 401;
      const cells: string[] = [];
      for (const token of tokens.values()) {
        cells.push(open ? 'open' : (await ask(on, [method, url], token)) === 'refused' ? '' : 'yes');
      }
      rows.push([`${method} ${url}`, ...cells]);
    }
    const sorted = rows.sort(([a = ''], [b = '']) => compare(pathOf(a), pathOf(b)) || compare(a, b));
    await expect(table(['route', ...adminRoles.map(short)], sorted)).toMatchFileSnapshot('matrix.md');
  });
});

/** `refused` is said of the caller; what is missing or wrong about the rest of the request does not matter here. */
async function ask(on: HttpTest, [method, url]: RouteName, token: string | null): Promise<number | 'refused'> {
  const path = url.replace(/:\w+/g, 'x');
  const answer = await on.call(method, path, method === 'GET' ? undefined : {}, { token });
  const forbidden = answer.statusCode === 403 && answer.json<{ errorCode: string }>().errorCode === 'E0000006';
  return forbidden ? 'refused' : answer.statusCode;
}

function last(url: string): number {
  return url.endsWith('/api-tokens/current') ? 1 : 0;
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

function pathOf(route: string): string {
  return route.split(' ')[1] ?? '';
}

function short(role: AdminRole): string {
  return role.replace(/_ADMIN$/, '').toLowerCase();
}

/** Columns as wide as prettier makes them. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, index) => Math.max(3, title.length, ...rows.map((row) => (row[index] ?? '').length)));
  const line = (cells: readonly string[]) =>
    `| ${widths.map((width, index) => (cells[index] ?? '').padEnd(width)).join(' | ')} |`;
  return `${[line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n')}\n`;
}
