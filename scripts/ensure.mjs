/**
 * Gets a checkout ready to run: dependencies installed as the lock file says and, with `--build`, `dist/` as
 * new as the sources. Says and does nothing when both are so. Plain Node, since nothing is installed yet.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const at = (...parts) => join(root, ...parts);
const stamp = at('dist', '.stamp');

/** Ends the process with a sentence when Node is too old or a step fails. */
export async function ensure({ build }) {
  process.chdir(root);
  refuseOldNode();
  if (isReady(build)) return;
  await alone(async () => {
    if (!isInstalled()) install();
    if (build && !isBuilt()) await compile();
  });
}

function isReady(build) {
  return isInstalled() && (!build || isBuilt());
}

function refuseOldNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  fail(
    `Usher needs Node 20.19 or newer and this is ${process.versions.node}. Node 24 is the best choice: https://nodejs.org`,
  );
}

/** Whether npm's own record of node_modules, written when an install is complete, holds what the lock file asks for. */
function isInstalled() {
  const record = at('node_modules', '.package-lock.json');
  if (!existsSync(record)) return false;
  const installed = JSON.parse(readFileSync(record, 'utf8')).packages;
  const wanted = JSON.parse(readFileSync(at('package-lock.json'), 'utf8')).packages;
  return Object.entries(wanted).every(([path, { version, optional }]) => {
    if (path === '') return true;
    // Optional packages are mostly those of other platforms.
    return installed[path] ? installed[path].version === version : optional === true;
  });
}

function install() {
  if (Number(process.versions.node.split('.')[0]) < 22) {
    say(`Node ${process.versions.node} works; Node 24 is faster and still maintained.`);
  }
  say('Installing the dependencies of the lock file (about half a minute) …');
  // npm names itself to what it runs; on a bare `node scripts/…` the one on the path is taken.
  const npm = process.env.npm_execpath;
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund'];
  if (npm?.endsWith('.js')) run(process.execPath, [npm, ...args]);
  else run('npm', args, { shell: process.platform === 'win32' });
}

function isBuilt() {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === sourcesHash();
}

/** Builds beside `dist/` and swaps, so that files of deleted sources go and a failed build leaves the old one. */
async function compile() {
  say('Building …');
  const hash = sourcesHash();
  rmSync(at('dist.next'), { recursive: true, force: true });
  run(process.execPath, [at('node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json', '--outDir', 'dist.next']);
  cpSync(at('src'), at('dist.next', 'src'), { recursive: true, filter: (path) => !path.endsWith('.ts') });
  const database = makeNewDatabase();
  buildConsole();
  await database;
  writeFileSync(at('dist.next', '.stamp'), hash);
  rmSync(at('dist'), { recursive: true, force: true });
  renameSync(at('dist.next'), at('dist'));
}

/** The API's types for the console are made each time, its files only where its sources have changed. */
function buildConsole() {
  run(process.execPath, [at('scripts/api-types.mjs'), 'dist.next', 'console/src/api/openapi.d.ts']);
  const hash = hashOf(['console'], createHash('sha256').update(readFileSync(at('package-lock.json'))));
  const [built, next] = [at('dist', 'console'), at('dist.next', 'console')];
  if (existsSync(join(built, '.stamp')) && readFileSync(join(built, '.stamp'), 'utf8') === hash) {
    cpSync(built, next, { recursive: true });
    return;
  }
  const vite = ['build', 'console', '--config', 'console/vite.config.ts', '--outDir', next, '--logLevel', 'warn'];
  run(process.execPath, [at('node_modules/vite/bin/vite.js'), ...vite]);
  writeFileSync(join(next, '.stamp'), hash);
}

/** What the embedded database begins as: made anew, beside the console, only where PGlite or the tables are others. */
async function makeNewDatabase() {
  const [made, next] = [at('dist', 'database'), at('dist.next', 'database')];
  const makers = ['node_modules/@electric-sql/pglite/package.json', 'scripts/new-database.mjs'];
  const begun = makers.reduce((sum, name) => sum.update(readFileSync(at(name))), createHash('sha256'));
  const hash = hashOf(['src/store/migrations'], begun);
  if (existsSync(join(made, '.stamp')) && readFileSync(join(made, '.stamp'), 'utf8') === hash) {
    cpSync(made, next, { recursive: true });
    return;
  }
  mkdirSync(next);
  const args = [at('scripts/new-database.mjs'), 'dist.next', join(next, 'new.tgz')];
  const [code] = await once(
    spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] }),
    'exit',
  );
  if (code !== 0) throw new Error('A new database could not be made. The reason is above.');
  writeFileSync(join(next, '.stamp'), hash);
}

/** By content and not by time: a checkout or a copy changes times without changing sources. */
function sourcesHash() {
  const hash = createHash('sha256').update(readFileSync(at('package-lock.json')));
  for (const name of readdirSync(root).sort()) {
    if (/^tsconfig.*\.json$/.test(name)) hash.update(name).update(readFileSync(at(name)));
  }
  return hashOf(['src', 'bench', 'test/apps', 'console'], hash);
}

function hashOf(folders, hash) {
  for (const folder of folders.filter((name) => existsSync(at(name)))) {
    for (const entry of readdirSync(at(folder), { recursive: true, withFileTypes: true }).sort(byPath)) {
      if (!entry.isFile() || entry.name.endsWith('.test.ts') || entry.name === 'openapi.d.ts') continue;
      const path = join(entry.parentPath ?? entry.path, entry.name);
      hash.update(path.slice(root.length)).update(readFileSync(path));
    }
  }
  return hash.digest('hex');
}

function byPath(left, right) {
  const [a, b] = [left, right].map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Runs `work` while no other invocation in this checkout does; one that died is not waited for. */
async function alone(work) {
  const lock = join(tmpdir(), `usher-setup-${createHash('sha256').update(root).digest('hex').slice(0, 16)}`);
  const holder = join(lock, 'pid');
  for (let waited = 0; ; waited += 1) {
    try {
      mkdirSync(lock);
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    if (waited === 5) say('Waiting for another invocation that is installing or building …');
    await new Promise((resolve) => setTimeout(resolve, 200));
    if (waited >= 5 && !isHeld(holder)) rmSync(lock, { recursive: true, force: true });
  }
  try {
    writeFileSync(holder, String(process.pid));
    await work();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

function isHeld(holder) {
  try {
    process.kill(Number(readFileSync(holder, 'utf8')), 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function run(command, args, options = {}) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd: root, encoding: 'utf8', ...options });
  if (status === 0) return;
  process.stderr.write(`${stdout ?? ''}${stderr ?? ''}`);
  throw new Error(`${command} ${args.join(' ')} failed${error ? `: ${error.message}` : ''}. Its output is above.`);
}

/** On stderr, so that the output of a command stays clean. */
function say(sentence) {
  process.stderr.write(`${sentence}\n`);
}

function fail(sentence) {
  say(sentence);
  process.exit(1);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await ensure({ build: process.argv.includes('--build') });
}
