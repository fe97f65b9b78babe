import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { goodBehaviour, type Behaviour, type Fault } from './faulty/behaviour.ts';
import { discover } from './faulty/discovery.ts';
import { distort, newFaultPlan, sendBadly } from './faulty/faults.ts';
import { openGroups, type Groups } from './faulty/groups.ts';
import { isObject, Refusal, refuse, type Reply, type Resource } from './faulty/reply.ts';
import { list, newShelf } from './faulty/store.ts';
import { openUsers, type Users } from './faulty/users.ts';

export type { Behaviour, Fault } from './faulty/behaviour.ts';

export interface JournalEntry {
  readonly seq: number;
  readonly method: string;
  /** Path and query below the SCIM base. */
  readonly path: string;
  readonly headers: { readonly [name: string]: string | string[] | undefined };
  readonly body: string;
  /** Undefined while the request is open, and for good when it is never answered. */
  status: number | undefined;
}

/** A SCIM 2.0 server whose habits and failures are chosen by the test. */
export interface FaultyApp {
  /** SCIM base URL. */
  readonly url: string;
  readonly journal: readonly JournalEntry[];
  /** Requests taken so far, also when the journal is off. */
  requests(): number;
  /** Those of them that could change something. */
  writes(): number;
  behave(behaviour: Partial<Behaviour>): void;
  fail(...faults: readonly Fault[]): void;
  clearFaults(): void;
  /** Live resources as stored, for checks and for edits behind the client's back. */
  users(): Resource[];
  groups(): Resource[];
  /** Puts accounts in without a request; missing ids are made. */
  seed(users: readonly Resource[]): void;
  close(): Promise<void>;
}

export interface FaultyAppOptions {
  readonly port?: number;
  readonly behaviour?: Partial<Behaviour>;
  /** Off for benchmarks. */
  readonly journal?: boolean;
}

const basePath = '/scim/v2';

export async function startFaultyApp(options: FaultyAppOptions = {}): Promise<FaultyApp> {
  let behaviour: Behaviour = { ...goodBehaviour, ...options.behaviour };
  let taken = 0;
  let writes = 0;
  let origin = '';
  const journal: JournalEntry[] = [];
  const plan = newFaultPlan();
  const habits = (): Behaviour => behaviour;
  const users = openUsers(newShelf('userName'), () => origin + basePath, habits);
  const groups = openGroups(newShelf('displayName'), users.shelf, habits);

  function control(text: string): Reply {
    const order: unknown = text === '' ? {} : JSON.parse(text);
    if (isObject(order)) {
      if (isObject(order['behaviour'])) behaviour = { ...behaviour, ...order['behaviour'] };
      if (order['clear'] === true) plan.clear();
      if (Array.isArray(order['faults'])) plan.add(order['faults'] as Fault[]);
    }
    const state = { requests: taken, users: users.shelf.byId.size, groups: groups.shelf.byId.size };
    return { status: 200, body: JSON.stringify(state), contentType: 'application/json' };
  }

  function take(request: IncomingMessage, response: ServerResponse, text: string): void {
    const url = request.url ?? '/';
    const method = request.method ?? 'GET';
    if (url === '/_control') return send(response, control(text));
    taken += 1;
    if (method !== 'GET') writes += 1;
    const path = url.startsWith(basePath) ? url.slice(basePath.length) : url;
    const fault = plan.next(`${method} ${path}`);
    let reply: Reply = { status: 500, body: '' };
    if (fault?.effect !== 'before') reply = carryOut(method, path, text, request, users, groups, habits());
    if (fault) reply = distort(reply, fault);
    if (options.journal !== false) {
      const status = fault?.transport === undefined ? reply.status : undefined;
      journal.push({ seq: taken, method, path, headers: request.headers, body: text, status });
    }
    const waitMs = fault?.latencyMs ?? behaviour.latencyMs;
    const answer = (): void =>
      fault?.transport === undefined ? send(response, reply) : sendBadly(response, reply, fault);
    if (waitMs > 0) setTimeout(answer, waitMs);
    else answer();
  }

  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    let text = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => void (text += chunk));
    request.on('end', () => take(request, response, text));
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  origin = `http://127.0.0.1:${port}`;

  return {
    url: origin + basePath,
    journal,
    requests: () => taken,
    writes: () => writes,
    behave: (change) => void (behaviour = { ...behaviour, ...change }),
    fail: (...faults) => plan.add(faults),
    clearFaults: () => plan.clear(),
    users: () => [...users.shelf.byId.values()],
    groups: () => [...groups.shelf.byId.values()],
    seed: (resources) => resources.forEach((resource) => void users.create(resource)),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function carryOut(
  method: string,
  path: string,
  text: string,
  request: IncomingMessage,
  users: Users,
  groups: Groups,
  behaviour: Behaviour,
): Reply {
  try {
    if (behaviour.token !== undefined && request.headers.authorization !== `Bearer ${behaviour.token}`) {
      throw refuse(401, 'The token is not valid');
    }
    const ifMatch = request.headers['if-match'];
    return route(method, path, text === '' ? undefined : parse(text), ifMatch, users, groups, behaviour);
  } catch (error) {
    if (error instanceof Refusal) return error.reply;
    throw error;
  }
}

function route(
  method: string,
  path: string,
  body: unknown,
  ifMatch: string | undefined,
  users: Users,
  groups: Groups,
  behaviour: Behaviour,
): Reply {
  const [pathname = '', query = ''] = path.split('?', 2);
  const [, collection = '', rawId] = pathname.split('/', 3);
  if (method === 'POST' && pathname === '/Bulk') return bulk(body, users, groups, behaviour);
  const shelf = collection === 'Users' ? users : collection === 'Groups' ? groups : undefined;
  if (!shelf) return (method === 'GET' ? discover(pathname, behaviour) : undefined) ?? notFound();
  if (rawId === undefined) {
    if (method === 'POST') return shelf.create(body);
    return list(shelf.shelf, new URLSearchParams(query), behaviour, shelf.show);
  }
  const id = decodeURIComponent(rawId);
  if (method === 'GET') return shelf.read(id);
  if (method === 'PUT') return shelf.replace(id, body, ifMatch);
  if (method === 'PATCH') return shelf.patch(id, body, ifMatch);
  return method === 'DELETE' ? shelf.remove(id) : notFound();
}

function bulk(body: unknown, users: Users, groups: Groups, behaviour: Behaviour): Reply {
  if (behaviour.bulk !== 'works') throw refuse(501, 'Bulk is not supported');
  const operations: unknown = isObject(body) ? body['Operations'] : undefined;
  if (!Array.isArray(operations)) throw refuse(400, 'Operations are missing', 'invalidSyntax');
  if (operations.length > behaviour.bulkMax) throw refuse(413, 'Too many operations', 'tooMany');
  const results = operations.filter(isObject).map((operation) => {
    const reply = bulkStep(operation, users, groups, behaviour);
    const response: unknown = reply.body === '' ? undefined : JSON.parse(reply.body);
    const location = isObject(response) && isObject(response['meta']) ? response['meta']['location'] : undefined;
    return {
      method: operation['method'],
      bulkId: operation['bulkId'],
      status: String(reply.status),
      location,
      response,
    };
  });
  const schemas = ['urn:ietf:params:scim:api:messages:2.0:BulkResponse'];
  return { status: 200, body: JSON.stringify({ schemas, Operations: results }) };
}

function bulkStep(operation: Resource, users: Users, groups: Groups, behaviour: Behaviour): Reply {
  try {
    const { method, path, data } = operation;
    return route(String(method), String(path), data, undefined, users, groups, behaviour);
  } catch (error) {
    if (error instanceof Refusal) return error.reply;
    throw error;
  }
}

function notFound(): Reply {
  throw refuse(404, 'There is nothing here');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw refuse(400, 'The body is not JSON', 'invalidSyntax');
  }
}

function send(response: ServerResponse, reply: Reply): void {
  response.writeHead(reply.status, {
    'content-type': reply.contentType ?? 'application/scim+json',
    ...(reply.status === 204 ? {} : { 'content-length': Buffer.byteLength(reply.body) }),
    ...reply.headers,
  });
  response.end(reply.status === 204 ? undefined : reply.body);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '0' },
      token: { type: 'string' },
      'latency-ms': { type: 'string', default: '0' },
      journal: { type: 'boolean', default: false },
    },
  });
  const app = await startFaultyApp({
    port: Number(values.port),
    behaviour: { token: values.token, latencyMs: Number(values['latency-ms']) },
    journal: values.journal,
  });
  console.log(JSON.stringify({ url: app.url }));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main();
