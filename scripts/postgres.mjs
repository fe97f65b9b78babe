import { execFile, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';

const execute = promisify(execFile);

/**
 * A PostgreSQL to test on: `DATABASE_URL` if it is set, else a server of this machine's binaries on an empty
 * folder, which goes when `stop` is called or when this process ends, however it ends. `settings` are
 * PostgreSQL's own. Resolves with `url` undefined and a `reason` where neither can be had.
 */
export async function startPostgres(settings = {}) {
  const url = process.env.DATABASE_URL;
  if (url) return { url, server: 'DATABASE_URL', stop: async () => {} };
  const bin = findBinaries();
  if (!bin) return without('no PostgreSQL binaries on this machine and DATABASE_URL is not set.');
  const folder = mkdtempSync(join(tmpdir(), 'usher-postgres-'));
  try {
    return await start(bin, folder, settings);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    return without(`the server in ${bin} did not start: ${error.message}`);
  }
}

function without(reason) {
  return { url: undefined, server: undefined, reason, stop: async () => {} };
}

async function start(bin, folder, settings) {
  const user = await serverUser();
  if (user.uid !== undefined) chownSync(folder, user.uid, user.gid);
  const data = join(folder, 'data');
  const initdb = ['-D', data, '-U', 'usher', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync'];
  await execute(join(bin, 'initdb'), initdb, { ...user, cwd: folder });
  const port = await freePort();
  const options = {
    fsync: 'off',
    max_connections: 200,
    max_locks_per_transaction: 512,
    listen_addresses: '127.0.0.1',
    port,
    ...settings,
  };
  const server = watched(folder, user, [
    join(bin, 'postgres'),
    ...['-D', data, '-k', folder],
    ...Object.entries(options).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ]);
  const url = `postgres://usher@127.0.0.1:${port}/postgres`;
  try {
    return { url, server: await firstAnswer(url, server), stop: server.stop };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/**
 * The shell stops the server and deletes its folder as soon as its input ends: that is when we say so, and also
 * when we are killed. Detached, so that Ctrl-C in a terminal does not take the database from running tests.
 */
function watched(folder, user, command) {
  const script = 'folder=$1; shift; "$@" & cat >/dev/null; kill -INT $! && wait $!; cd / && rm -rf "$folder"';
  const shell = spawn('sh', ['-c', script, 'sh', folder, ...command], {
    ...user,
    cwd: folder,
    detached: true,
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  let log = '';
  shell.stderr.on('data', (chunk) => (log = `${log}${chunk}`.slice(-2_000)));
  const ended = new Promise((resolve) => shell.once('exit', resolve));
  const stop = async () => {
    shell.stdin.end();
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  return { stop, log: () => log };
}

/** Resolves with the server's version once it takes connections. */
async function firstAnswer(url, server) {
  for (let attempt = 0; ; attempt += 1) {
    const client = new pg.Client({ connectionString: url });
    try {
      await client.connect();
      const { rows } = await client.query('SHOW server_version');
      return `PostgreSQL ${rows[0].server_version.split(' ')[0]}`;
    } catch (error) {
      if (attempt === 150) throw new Error(`${error.message}\n${server.log()}`, { cause: error });
      await new Promise((resolve) => setTimeout(resolve, 100));
    } finally {
      await client.end().catch(() => {});
    }
  }
}

/** The newest of Debian's folders, else whatever the path leads to. */
function findBinaries() {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [
    ...versions.map((version) => join(debian, version, 'bin')),
    ...(process.env.PATH ?? '').split(delimiter),
  ];
  return folders.find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')));
}

/** PostgreSQL refuses to run as root; then it runs as `postgres` or, where there is none, as `nobody`. */
async function serverUser() {
  if (process.getuid?.() !== 0) return {};
  for (const name of ['postgres', 'nobody']) {
    try {
      const [uid, gid] = await Promise.all(
        ['-u', '-g'].map(async (flag) => Number((await execute('id', [flag, name])).stdout)),
      );
      return { uid, gid };
    } catch {
      // No such user here: try the next.
    }
  }
  throw new Error('it may not run as root, and there is no user postgres or nobody.');
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
