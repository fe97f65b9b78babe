import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { scim } from '@better-auth/scim';
import { betterAuth, type BetterAuthPlugin } from 'better-auth';
import { memoryAdapter } from 'better-auth/adapters/memory';
import { getAuthTables } from 'better-auth/db';
import { toNodeHandler } from 'better-auth/node';
import type { RunningApp } from './scimmy-app.ts';

/** The SCIM server of better-auth, strict and with good errors; its accounts are in memory. */
export async function startBetterAuthApp(options: { port?: number; token: string }): Promise<RunningApp> {
  let taken = 0;
  let writes = 0;
  const server = createServer({ keepAliveTimeout: 60_000 });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const origin = `http://127.0.0.1:${port}`;
  const credentials = [{ type: 'bearer', id: 'usher-1', token: options.token }] as const;
  // The published types of the plugin do not hold under exactOptionalPropertyTypes.
  const plugins = [scim({ connections: [{ id: 'usher', credentials }] }) as unknown as BetterAuthPlugin];
  const models = Object.values(getAuthTables({ plugins })).map(({ modelName }) => modelName);
  const tables = Object.fromEntries(models.map((model): [string, never[]] => [model, []]));
  const auth = betterAuth({
    baseURL: origin,
    secret: 'a secret for tests that guards nothing',
    database: memoryAdapter(tables),
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    logger: { disabled: true },
    plugins,
  });
  const handle = toNodeHandler(auth);
  server.on('request', (request, response) => {
    taken += 1;
    if (request.method !== 'GET') writes += 1;
    void handle(request, response);
  });
  return {
    url: `${origin}/api/auth/scim/v2`,
    requests: () => taken,
    writes: () => writes,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { port: { type: 'string', default: '0' }, token: { type: 'string', default: 'secret' } },
  });
  const app = await startBetterAuthApp({ port: Number(values.port), token: values.token });
  console.log(JSON.stringify({ url: app.url }));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main();
