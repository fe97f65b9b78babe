import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import express from 'express';
import SCIMMY from 'scimmy';
import SCIMMYRouters from 'scimmy-routers';

/** A running SCIM 2.0 server made of published packages, with its accounts in memory. */
export interface RunningApp {
  /** SCIM base URL. */
  readonly url: string;
  /** Requests taken so far. */
  requests(): number;
  /** Those of them that could change something. */
  writes(): number;
  close(): Promise<void>;
}

export interface ScimmyAppOptions {
  readonly port?: number;
  readonly token: string;
  /** Called once per request, e.g. to print it in a demonstration. */
  readonly onRequest?: (line: string) => void;
}

type Attributes = Record<string, unknown>;

interface Shelf {
  readonly byId: Map<string, Attributes>;
  readonly idByName: Map<string, string>;
  readonly nameKey: 'userName' | 'displayName';
}

interface Store {
  readonly users: Shelf;
  readonly groups: Shelf;
}

/** Users with the enterprise extension and groups; user and group names are unique whatever their letter case. */
export async function startScimmyApp(options: ScimmyAppOptions): Promise<RunningApp> {
  declareResources();
  const store: Store = { users: newShelf('userName'), groups: newShelf('displayName') };
  let taken = 0;
  let writes = 0;
  const app = express();
  app.disable('x-powered-by');
  // Express would send a hash of the body as ETag, although this server does not support versions.
  app.disable('etag');
  // Not a SCIM request, and not counted.
  app.get('/_requests', (_request, response) => void response.json({ requests: taken }));
  app.use((request, _response, next) => {
    taken += 1;
    if (request.method !== 'GET') writes += 1;
    options.onRequest?.(`${request.method} ${request.originalUrl}`);
    next();
  });
  app.use(
    '/scim/v2',
    new SCIMMYRouters({
      type: 'bearer',
      handler: (request) => {
        if (request.headers.authorization !== `Bearer ${options.token}`)
          throw new Error('The bearer token is not valid');
        return 'usher';
      },
      context: () => store,
      baseUri: (request) => `http://${request.headers.host}`,
    }),
  );
  const server = createServer({ keepAliveTimeout: 60_000 }, app);
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/scim/v2`,
    requests: () => taken,
    writes: () => writes,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

let declared = false;

/** SCIMMY keeps resource types per process; each app's own store arrives as the handlers' context. */
function declareResources(): void {
  if (declared) return;
  declared = true;
  SCIMMY.Resources.User.extend(SCIMMY.Schemas.EnterpriseUser, false);
  SCIMMY.Resources.declare(SCIMMY.Resources.User)
    .ingress((resource, data, store: Store) => write(store.users, resource.id, data))
    .egress((resource, store: Store) => read(store.users, resource))
    .degress((resource, store: Store) => remove(store.users, resource.id));
  SCIMMY.Resources.declare(SCIMMY.Resources.Group)
    .ingress((resource, data, store: Store) => write(store.groups, resource.id, data))
    .egress((resource, store: Store) => read(store.groups, resource))
    .degress((resource, store: Store) => remove(store.groups, resource.id));
}

// SCIMMY types its handlers by schema; the store holds plain JSON, so what crosses is untyped on both sides.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Untyped = any;

function newShelf(nameKey: Shelf['nameKey']): Shelf {
  return { byId: new Map(), idByName: new Map(), nameKey };
}

function write(shelf: Shelf, id: string | undefined, data: Untyped): Untyped {
  const before = id === undefined ? undefined : shelf.byId.get(id);
  if (id !== undefined && !before) throw notFound(id);
  const attributes = JSON.parse(JSON.stringify(data)) as Attributes;
  const name = String(attributes[shelf.nameKey]);
  const holder = shelf.idByName.get(name.toLowerCase());
  if (holder !== undefined && holder !== id) {
    throw new SCIMMY.Types.Error(409, 'uniqueness', `${shelf.nameKey} ${name} is taken`);
  }
  const now = new Date().toISOString();
  const ownId = id ?? randomUUID();
  const { meta } = (before ?? {}) as { meta?: { created: string } };
  const stored: Attributes = { ...attributes, id: ownId, meta: { created: meta?.created ?? now, lastModified: now } };
  if (before) shelf.idByName.delete(String(before[shelf.nameKey]).toLowerCase());
  shelf.byId.set(ownId, stored);
  shelf.idByName.set(name.toLowerCase(), ownId);
  return stored;
}

function read(shelf: Shelf, resource: Untyped): Untyped {
  if (resource.id !== undefined) {
    const found = shelf.byId.get(String(resource.id));
    if (!found) throw notFound(String(resource.id));
    return found;
  }
  const all = [...shelf.byId.values()];
  return resource.filter === undefined ? all : resource.filter.match(all);
}

function remove(shelf: Shelf, id: string | undefined): void {
  const found = id === undefined ? undefined : shelf.byId.get(id);
  if (!found || id === undefined) throw notFound(String(id));
  shelf.idByName.delete(String(found[shelf.nameKey]).toLowerCase());
  shelf.byId.delete(id);
}

function notFound(id: string): Error {
  // The published type forgets that scimType may be null.
  return new SCIMMY.Types.Error(404, null as Untyped, `Resource ${id} not found`);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '0' },
      token: { type: 'string', default: 'secret' },
      verbose: { type: 'boolean' },
    },
  });
  const app = await startScimmyApp({
    port: Number(values.port),
    token: values.token,
    ...(values.verbose ? { onRequest: (line: string) => console.error(line) } : {}),
  });
  // Started by a program that talks to it over IPC, it ends with that program, however that ends.
  process.once('disconnect', () => process.exit(0));
  console.log(JSON.stringify({ url: app.url }));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main();
