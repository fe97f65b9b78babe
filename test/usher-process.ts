import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { request } from 'undici';
import type { Json, JsonObject } from '../src/lib/json.ts';
import { openPostgres } from '../src/store/open-postgres.ts';
import { serverUrl } from './database.ts';

/** Where a Usher keeps everything: survives the death of its process. */
export interface UsherHome {
  readonly environment: Readonly<Record<string, string>>;
  remove(): Promise<void>;
}

export interface Answer {
  readonly status: number;
  readonly body: Json;
}

/** A real `usher serve` as a process of its own. */
export interface UsherProcess {
  readonly url: string;
  /** The owner's API token. */
  readonly token: string;
  readonly pid: number;
  /** What it wrote on stderr so far. */
  log(): string;
  call(method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: JsonObject): Promise<Answer>;
  /** kill -9, and wait until it is gone. */
  kill(): Promise<void>;
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
}

const token = `00${randomBytes(24).toString('hex')}`;
const script = join(import.meta.dirname, '../dist/src/main.js');

/** What a test that broke off has left running ends with the tests. */
const running = new Map<ChildProcess, UsherHome>();
process.once('exit', () => [...running.keys()].forEach((child) => child.kill('SIGKILL')));

/** A home goes when its servers have ended: one that is left takes the time of every test after it. */
function homeOf(environment: UsherHome['environment'], remove: () => Promise<void>): UsherHome {
  const home: UsherHome = {
    environment,
    remove: async () => {
      const left = [...running].filter(([, other]) => other === home).map(([child]) => child);
      left.forEach((child) => child.kill('SIGKILL'));
      await remove();
      if (left.length > 0) throw new Error('A server still ran when its home was removed: stop it first.');
    },
  };
  return home;
}

export async function embeddedHome(): Promise<UsherHome> {
  const folder = await mkdtemp(join(tmpdir(), 'usher-home-'));
  return homeOf({ USHER_DATA: folder }, () => rm(folder, { recursive: true }));
}

export async function serverHome(): Promise<UsherHome> {
  const folder = await mkdtemp(join(tmpdir(), 'usher-home-'));
  const admin = await openPostgres(serverUrl ?? '', { poolMax: 1 });
  const name = `usher_${randomBytes(6).toString('hex')}`;
  await admin.execute(`create database ${name}`);
  const url = new URL(serverUrl ?? '');
  url.pathname = `/${name}`;
  return homeOf({ USHER_DATA: folder, DATABASE_URL: url.href }, async () => {
    await admin.execute(`drop database ${name} with (force)`);
    await admin.close();
    await rm(folder, { recursive: true });
  });
}

/** Starts `usher serve`, on a port of the system's choice unless one is given, and waits until it answers. */
export async function startUsherProcess(home: UsherHome, port = 0): Promise<UsherProcess> {
  const child = spawn(process.execPath, [script, 'serve', '--port', String(port)], {
    env: {
      PATH: process.env['PATH'],
      USHER_BOOTSTRAP_TOKEN: token,
      USHER_EGRESS_ALLOW: '127.0.0.1/32',
      ...home.environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.set(child, home);
  child.once('exit', () => running.delete(child));
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const url = await addressOf(child, () => output);
  return {
    url,
    token,
    pid: child.pid ?? 0,
    log: () => output,
    call: async (method, path, body) => {
      const answer = await request(url + path, {
        method,
        headers: {
          authorization: `SSWS ${token}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await answer.body.text();
      return { status: answer.statusCode, body: text === '' ? null : (JSON.parse(text) as Json) };
    },
    kill: async () => {
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    },
    stop: async () => {
      child.kill('SIGTERM');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      return child.exitCode;
    },
  };
}

async function addressOf(child: ChildProcess, output: () => string): Promise<string> {
  for (;;) {
    const url = /Usher serves (http:\S+)/.exec(output())?.[1];
    if (url !== undefined) return url;
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`usher serve ended: ${output()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** The body of an answer that must have succeeded. */
export function succeeded(answer: Answer): JsonObject {
  if (answer.status >= 300) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
  return (answer.body ?? {}) as JsonObject;
}

/** Adds a generic SCIM app from the catalog, connects it with a bearer token and turns provisioning on. */
export async function addScimApp(usher: UsherProcess, baseUrl: string, appToken: string): Promise<string> {
  const app = succeeded(
    await usher.call('POST', '/usher/v1/apps', {
      catalogKey: 'scim2headerauth',
      label: 'Target',
      settings: { baseUrl },
    }),
  );
  const id = String(app['id']);
  const settings = { auth: { scheme: 'bearer', token: appToken } };
  succeeded(await usher.call('PUT', `/usher/v1/apps/${id}/connection`, { settings }));
  succeeded(await usher.call('POST', `/api/v1/apps/${id}/connections/default/lifecycle/activate`));
  const on = {
    create: { lifecycleCreate: { status: 'ENABLED' } },
    update: { profile: { status: 'ENABLED' }, lifecycleDeactivate: { status: 'ENABLED' } },
  };
  succeeded(await usher.call('PUT', `/api/v1/apps/${id}/features/USER_PROVISIONING`, on));
  return id;
}
