import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { request } from 'undici';
import type { Json } from '../../lib/json.ts';
import { CommandError } from '../exit-codes.ts';
import { numberAt, objectsAt, textAt, valueAt } from '../json-fields.ts';

/** An account as the app itself shows it. */
export interface AppAccount {
  readonly id: string;
  readonly active: boolean;
  readonly values: { readonly [attribute: string]: string };
}

/** The app of the story: a SCIM 2.0 server made of other people's packages, in a process of its own. */
export interface ScimApp {
  /** SCIM base URL. */
  readonly url: string;
  readonly token: string;
  readonly packages: string;
  /** Requests it has taken, our own readings included. */
  requests(): Promise<number>;
  /** Every account, read page by page through its SCIM API; by id. */
  accounts(): Promise<ReadonlyMap<string, AppAccount>>;
  stop(): Promise<void>;
}

const program = fileURLToPath(new URL('../../../test/apps/scimmy-app.js', import.meta.url));
const startDeadlineMs = 20_000;
const pageSize = 100;
const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

/** Starts the app. It ends with `stop`, and also by itself when this process is gone. */
export async function startScimApp(token: string, signal: AbortSignal): Promise<ScimApp> {
  if (!existsSync(program)) {
    throw new CommandError(
      'failed',
      `The demo's app is not here (${program}). Run the demo from a checkout, with "npm run demo".`,
    );
  }
  // Detached, so that Ctrl-C in the terminal does not take the app from under Usher.
  const child = spawn(process.execPath, [program, `--token=${token}`], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const url = await addressOf(child, signal);
  const get = async (address: string): Promise<Json> => {
    const answer = await request(address, { headers: { authorization: `Bearer ${token}` }, signal });
    const json: Json = JSON.parse(await answer.body.text());
    return json;
  };
  return {
    url,
    token,
    packages: 'scimmy and scimmy-routers',
    requests: async () => numberAt(await get(new URL('/_requests', url).href), 'requests'),
    accounts: async () => {
      const accounts = new Map<string, AppAccount>();
      for (let startIndex = 1; ; startIndex += pageSize) {
        const page = await get(`${url}/Users?startIndex=${startIndex}&count=${pageSize}`);
        const resources = objectsAt(page, 'Resources');
        for (const resource of resources) accounts.set(textAt(resource, 'id'), toAccount(resource));
        if (resources.length < pageSize) return accounts;
      }
    },
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill();
      await ended;
    },
  };
}

/** The app prints one line when it is ready. */
async function addressOf(child: ChildProcess, signal: AbortSignal): Promise<string> {
  const { stdout, stderr } = child;
  if (stdout === null || stderr === null) throw new CommandError('failed', "The demo's app has no output to read.");
  let complaint = '';
  stderr.on('data', (chunk: Buffer) => (complaint = `${complaint}${chunk.toString()}`.slice(-2_000)));
  const waiting = AbortSignal.any([signal, AbortSignal.timeout(startDeadlineMs)]);
  const line = await Promise.race([
    firstLine(stdout, waiting),
    once(child, 'exit', { signal: waiting }).then(() => undefined),
  ]).catch(() => undefined);
  if (line !== undefined) return textAt(JSON.parse(line), 'url');
  child.kill();
  signal.throwIfAborted();
  const details = complaint.trim().split('\n').slice(-6);
  throw new CommandError('failed', 'The demo\'s app did not start. It needs the development packages: run "npm ci".', {
    details,
  });
}

async function firstLine(stream: Readable, signal: AbortSignal): Promise<string> {
  const [line]: unknown[] = await once(createInterface({ input: stream }), 'line', { signal });
  return String(line);
}

/** Reads the attributes the story speaks of under the names the directory has for them. */
function toAccount(resource: Json): AppAccount {
  const [email] = objectsAt(resource, 'emails');
  return {
    id: textAt(resource, 'id'),
    active: valueAt(resource, 'active') === true,
    values: {
      login: textAt(resource, 'userName'),
      firstName: textAt(resource, 'name', 'givenName'),
      lastName: textAt(resource, 'name', 'familyName'),
      displayName: textAt(resource, 'displayName'),
      email: textAt(email, 'value'),
      title: textAt(resource, 'title'),
      department: textAt(resource, enterprise, 'department'),
      costCenter: textAt(resource, enterprise, 'costCenter'),
      employeeNumber: textAt(resource, enterprise, 'employeeNumber'),
    },
  };
}
