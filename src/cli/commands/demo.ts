import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { createApiClient } from '../api-client.ts';
import { examples, perform, type Cli, type Session } from '../cli.ts';
import { readCompany } from '../demo/company.ts';
import { createNarrator } from '../demo/narrator.ts';
import { startScimApp, type ScimApp } from '../demo/scim-app.ts';
import type { Stage } from '../demo/stage.ts';
import { tellStory } from '../demo/story.ts';
import { CommandError, type Exit } from '../exit-codes.ts';
import type { RunningUsher } from '../settings.ts';
import { aborted } from '../wait.ts';

interface DemoFlags {
  readonly once?: boolean;
  readonly data?: string;
}

export function addDemoCommand(program: Command, session: Session): void {
  examples(
    program
      .command('demo')
      .description('see the product work: a company, an app, and everything that happens to people'),
    [
      ['demo', 'then leave the server running, to try things'],
      ['demo --once', 'end after the story, with exit code 0 or 1'],
    ],
  )
    .option('--once', 'end after the story')
    .option('--data <folder>', 'an empty folder to keep the database in (default: a temporary one)')
    .action(perform(session, demo));
}

/** From `dist/src/cli/commands`, where this file runs, to the checkout. */
const peopleFile = fileURLToPath(new URL('../../../../examples/acme/people.csv', import.meta.url));

async function demo(cli: Cli, _args: readonly string[], flags: DemoFlags): Promise<Exit> {
  const folder = await dataFolder(flags);
  const token = secret();
  let app: ScimApp | undefined;
  let usher: RunningUsher | undefined;
  try {
    app = await startScimApp(secret(), cli.signal);
    usher = await startUsher(cli, folder, token);
    const stage = await setStage(cli, usher.url, token, app);
    const verified = await tellStory(stage, peopleFile).finally(() => stage.api.close());
    cli.output.answer(
      stage.acts.map((act) => ({ ...act })),
      () => '',
    );
    if (flags.once !== true) {
      showHowToGoOn(cli, usher, token, app);
      await aborted(cli.interrupted);
    }
    return verified ? 'ok' : 'failed';
  } finally {
    await usher?.close();
    await app?.stop();
    if (flags.data === undefined) await rm(folder, { recursive: true, force: true });
  }
}

async function dataFolder({ data }: DemoFlags): Promise<string> {
  if (data === undefined) return mkdtemp(join(tmpdir(), 'usher-demo-'));
  const entries = await readdir(data).catch(() => []);
  if (entries.length === 0) return resolve(data);
  throw new CommandError(
    'usage',
    `${data} is not empty, and the story begins with an empty database. Name another folder.`,
  );
}

/** The demo's app listens on this machine, which Usher otherwise refuses to connect to. */
const ownMachine = ['127.0.0.1/32', '::1/128'];

function startUsher(cli: Cli, folder: string, token: string): Promise<RunningUsher> {
  return cli.deps.startUsher({
    host: '127.0.0.1',
    port: 0,
    dataFolder: folder,
    databaseUrl: undefined,
    secretKey: undefined,
    previousSecretKey: undefined,
    egressAllow: ownMachine,
    bootstrapToken: token,
    ownerLogin: 'owner@acme.example',
    baseUrl: undefined,
    logLevel: 'fatal',
  });
}

async function setStage(cli: Cli, server: string, token: string, app: ScimApp): Promise<Stage> {
  const narrator = createNarrator(cli.output);
  narrator.title('Usher: the main job, end to end', [
    `Usher, with its embedded database, at ${server}`,
    `A SCIM 2.0 app built on ${app.packages}, in its own process, at ${app.url}`,
  ]);
  const api = createApiClient({ server, token, signal: cli.signal });
  return {
    cli: { ...cli, server, api },
    api,
    app,
    narrator,
    company: await readCompany(peopleFile),
    acts: [],
    ids: new Map(),
  };
}

function showHowToGoOn({ output }: Cli, { url: server, firstSignIn }: RunningUsher, token: string, app: ScimApp): void {
  const { bold, cyan, dim } = output.noteStyle;
  output.note(`
Usher goes on running. Look at the console: choose a password for owner@acme.example at
  ${bold(firstSignIn ?? server)}

Sign in to the API with
  ${cyan(`Authorization: SSWS ${token}`)}

Try, in another terminal:
  ${cyan(`export USHER_SERVER=${server} USHER_TOKEN=${token}`)}
  npm run usher -- users list --query maja
  npm run usher -- users deactivate daan.visser@acme.example
  npm run usher -- log --since 10m

The app's side: ${dim(`curl -H 'Authorization: Bearer ${app.token}' '${app.url}/Users?count=3'`)}
Ctrl-C stops everything and removes the data.`);
}

/** 256 random bits, for one demo. */
function secret(): string {
  return randomBytes(32).toString('base64url');
}
