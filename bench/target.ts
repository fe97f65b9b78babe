import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Pool } from 'undici';

export const token = 'bench-token';

/** A SCIM server in a process of its own. */
export interface Target {
  /** SCIM base URL. */
  readonly url: string;
  /** By its own count. */
  counts(): Promise<{ readonly requests: number; readonly users: number }>;
  close(): Promise<void>;
}

/** Requests after which V8 has compiled the server's code; they leave as many accounts behind. */
const warmUps = 3_000;

/** Starts the server, warms it up, and from then on has it answer after `latencyMs`. */
export async function startTarget(latencyMs: number): Promise<Target> {
  const script = fileURLToPath(new URL('../test/apps/faulty-app.js', import.meta.url));
  const child = spawn(process.execPath, [script, '--token', token], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  const { url } = JSON.parse(line) as { url: string };
  const control = async (order: object) => {
    const response = await fetch(new URL('/_control', url), { method: 'POST', body: JSON.stringify(order) });
    return (await response.json()) as { requests: number; users: number };
  };
  const warmBodies = Array.from({ length: warmUps }, (_, n) => JSON.stringify({ userName: `warm${n}@acme.example` }));
  await postAll(url, warmBodies, 32);
  await control({ behaviour: { latencyMs } });
  return {
    url,
    counts: () => control({}),
    close: async () => {
      child.kill();
      await once(child, 'exit');
    },
  };
}

/**
 * The bare loop: POSTs each body to /Users, `inFlight` at a time on kept connections, and parses each answer.
 * `onCreated` gets the place of the body and the new account's id.
 */
export async function postAll(
  url: string,
  bodies: readonly string[],
  inFlight: number,
  onCreated: (index: number, id: unknown) => void = () => undefined,
): Promise<void> {
  const { origin, pathname } = new URL(`${url}/Users`);
  const pool = new Pool(origin, { connections: inFlight, pipelining: 1 });
  const headers = {
    authorization: `Bearer ${token}`,
    accept: 'application/scim+json, application/json',
    'content-type': 'application/scim+json',
  };
  let next = 0;
  const loop = async () => {
    for (let index = next++; index < bodies.length; index = next++) {
      const body = bodies[index] ?? null;
      const response = await pool.request({ method: 'POST', path: pathname, headers, body });
      const created = (await response.body.json()) as { id?: unknown };
      if (response.statusCode !== 201 || created.id === undefined)
        throw new Error(`The app answered ${response.statusCode}.`);
      onCreated(index, created.id);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, loop));
  await pool.close();
}
