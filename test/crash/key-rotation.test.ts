import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Json } from '../../src/lib/json.ts';
import { serverUrl } from '../database.ts';
import { runUsher } from '../run-cli.ts';
import {
  embeddedHome,
  serverHome,
  startUsherProcess,
  succeeded,
  type UsherHome,
  type UsherProcess,
} from '../usher-process.ts';

/** More than a batch. */
const clients = 230;
/** Every start of the embedded database costs seconds, so where a server is there it gets most of the kills. */
const killsBeside = { pglite: 1, postgres: 3 };

function killWhileRotating(name: string, makeHome: () => Promise<UsherHome>, kills: number): void {
  test.concurrent(`kill -9 while keys are rotated loses no secret [${name}]`, { timeout: 240_000 }, async () => {
    const made = await makeHome();
    const key = randomBytes(32).toString('hex');
    const home = withEnvironment(made, { USHER_KEY: key });
    let usher = await startUsherProcess(home);
    const ids: string[] = [];
    for (let index = 0; index < clients; index += 1) ids.push(await addClient(usher, index));
    const before = await hashes(usher, ids);
    const seen: Json[] = [];
    for (let round = 0; round < kills; round += 1) {
      const begun = await usher.call('POST', '/usher/v1/keys/rotate');
      expect([202, 409]).toContain(begun.status);
      await new Promise((resolve) => setTimeout(resolve, round * 40));
      await usher.kill();
      usher = await startUsherProcess(home);
      seen.push(succeeded(await usher.call('GET', '/usher/v1/keys')));
    }
    await expect.poll(async () => rotationOf(usher), { timeout: 60_000 }).toBeNull();
    expect(await hashes(usher, ids)).toEqual(before);
    const rotated = await runUsher(['keys', 'rotate', '--json'], { server: usher.url, token: usher.token });
    expect([rotated.code, JSON.parse(rotated.stdout)]).toMatchObject([
      0,
      { keys: [{ state: 'ACTIVE', secrets: clients }], rotation: null, unreadable: 0 },
    ]);
    expect(await hashes(usher, ids)).toEqual(before);
    const listed = await runUsher(['keys', 'list'], { server: usher.url, token: usher.token });
    expect(listed.stdout).toMatch(new RegExp(`^ID .* SECRETS\\nkey\\w{17} +ACTIVE .* ${clients}\\n$`));
    await usher.stop();

    // Another master key is refused, and is taken where the former one is said, too.
    const next = randomBytes(32).toString('hex');
    await expect(startUsherProcess(withEnvironment(made, { USHER_KEY: next }))).rejects.toThrow(
      /is not the one the secrets/,
    );
    usher = await startUsherProcess(withEnvironment(made, { USHER_KEY: next, USHER_KEY_PREVIOUS: key }));
    await usher.stop();
    const last = withEnvironment(made, { USHER_KEY: next });
    usher = await startUsherProcess(last);
    expect(await hashes(usher, ids)).toEqual(before);
    await usher.stop();
    await made.remove();
    process.stdout.write(
      `rotation kill [${name}]: ${seen.filter((keys) => !ended(keys)).length} of ${kills} in the middle\n`,
    );
  });
}

killWhileRotating('pglite', embeddedHome, serverUrl === undefined ? killsBeside.postgres : killsBeside.pglite);
if (serverUrl !== undefined) killWhileRotating('postgres', serverHome, killsBeside.postgres);

function withEnvironment(home: UsherHome, environment: UsherHome['environment']): UsherHome {
  return { ...home, environment: { ...home.environment, ...environment } };
}

async function addClient(usher: UsherProcess, index: number): Promise<string> {
  const added = await usher.call('POST', '/api/v1/apps', {
    name: 'oidc_client',
    label: `Client ${index}`,
    signOnMode: 'OPENID_CONNECT',
    credentials: { oauthClient: { token_endpoint_auth_method: 'client_secret_basic' } },
    settings: {
      oauthClient: {
        redirect_uris: ['https://client.example/callback'],
        response_types: ['code'],
        grant_types: ['authorization_code'],
        application_type: 'web',
      },
    },
  });
  return String(succeeded(added)['id']);
}

/** Of the secrets themselves: what tells that each is still what it was. */
async function hashes(usher: UsherProcess, ids: readonly string[]): Promise<Json[]> {
  const answers: Json[] = [];
  // Every fifth: a token may ask so much a minute.
  for (const id of ids.filter((_, index) => index % 5 === 0))
    answers.push((await usher.call('GET', `/api/v1/apps/${id}/credentials/secrets`)).body);
  expect(JSON.stringify(answers[0])).toContain('secret_hash');
  return answers;
}

async function rotationOf(usher: UsherProcess): Promise<Json | undefined> {
  return succeeded(await usher.call('GET', '/usher/v1/keys'))['rotation'];
}

function ended(keys: Json): boolean {
  return JSON.stringify(keys).includes('"rotation":null');
}
