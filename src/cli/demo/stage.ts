import type { ApiClient } from '../api-client.ts';
import type { Cli } from '../cli.ts';
import { CommandError } from '../exit-codes.ts';
import { numberAt, textAt } from '../json-fields.ts';
import { startProgress } from '../progress.ts';
import { until } from '../wait.ts';
import { differences, type Company } from './company.ts';
import type { ActSummary, Narrator } from './narrator.ts';
import type { AppAccount, ScimApp } from './scim-app.ts';

/** What the acts share. Everything they do goes through the HTTP API, as any other client's would. */
export interface Stage {
  readonly cli: Cli;
  /** Signed in as the owner. */
  readonly api: ApiClient;
  readonly app: ScimApp;
  readonly narrator: Narrator;
  readonly company: Company;
  readonly acts: ActSummary[];
  /** Ids of what earlier acts have made: groups by name, people by the login in the file, the app as `app`. */
  readonly ids: Map<string, string>;
}

/** Checks one claim and tells the outcome; `problems` say what is wrong with it. */
export type Check = (claim: string, problems: readonly string[]) => void;

export interface Scene {
  /** Runs what the act is about; its time is what the table shows. */
  timed<Result>(work: () => Promise<Result>): Promise<Result>;
  readonly check: Check;
  /** The accounts as they were when the act began. */
  readonly before: ReadonlyMap<string, AppAccount>;
  /** Reads the app back and checks it against the company; returns what it found. */
  readBack(claim: (accounts: ReadonlyMap<string, AppAccount>) => string): Promise<ReadonlyMap<string, AppAccount>>;
}

/** Plays one act and writes its line of the table. */
export async function play(stage: Stage, title: string, act: (scene: Scene) => Promise<void>): Promise<void> {
  const { app, narrator, cli, acts, company } = stage;
  narrator.act(acts.length + 1, title);
  const before = await app.accounts();
  const requestsBefore = await app.requests();
  let requests: number | undefined;
  let after = before;
  let seconds = 0;
  let verified = true;
  const check: Check = (claim, problems) => {
    verified &&= problems.length === 0;
    narrator.check(problems.length === 0, claim, problems);
  };
  await act({
    before,
    check,
    timed: async (work) => {
      const started = cli.clock.monotonicMs();
      const result = await work();
      seconds += (cli.clock.monotonicMs() - started) / 1_000;
      return result;
    },
    readBack: async (claim) => {
      requests ??= (await app.requests()) - requestsBefore;
      after = await app.accounts();
      check(claim(after), differences(company, after));
      return after;
    },
  });
  requests ??= (await app.requests()) - requestsBefore;
  acts.push({ act: title, accounts: changedAccounts(before, after), requests, seconds, verified });
}

/** Milliseconds between two looks, and how long the demo waits for anything. */
const lookEveryMs = 60;
const deadlineMs = 60_000;

export function waitFor<Answer>(stage: Stage, what: string, look: () => Promise<Answer | undefined>): Promise<Answer> {
  const { clock, signal } = stage.cli;
  return until(look, { clock, signal, everyMs: lookEveryMs, deadlineMs, what });
}

/**
 * Waits until Usher has nothing left to do in the app, with a progress bar. Where that takes too long the story goes
 * on: reading the app back shows what is missing.
 */
export async function settled(stage: Stage): Promise<void> {
  const path = `/usher/v1/apps/${idOf(stage, 'app')}/progress`;
  const progress = startProgress(stage.cli.output, stage.cli.clock, '    ', 'accounts');
  let most = 0;
  try {
    await waitFor(stage, 'the accounts', async () => {
      const counts = await stage.api.get(path);
      const open = numberAt(counts, 'waiting') + numberAt(counts, 'failed');
      most = Math.max(most, open);
      progress.update(most - open, most);
      return open === 0 ? counts : undefined;
    });
  } catch (error) {
    if (!(error instanceof CommandError) || error.exit !== 'timeout' || stage.cli.signal.aborted) throw error;
    stage.narrator.say(error.message);
  } finally {
    progress.end();
  }
}

export function idOf(stage: Stage, name: string): string {
  return stage.ids.get(name) ?? '';
}

/** The id of a person, by the login they have in the file. */
export async function userId(stage: Stage, login: string): Promise<string> {
  const known = stage.ids.get(login) ?? textAt(await stage.api.get(`/api/v1/users/${login}`), 'id');
  stage.ids.set(login, known);
  return known;
}

/** The account with this name, which the app must have. */
export function accountOf(accounts: ReadonlyMap<string, AppAccount>, login: string): AppAccount | undefined {
  return [...accounts.values()].find((account) => account.values['login'] === login);
}

export function activeCount(accounts: ReadonlyMap<string, AppAccount>): number {
  return [...accounts.values()].filter((account) => account.active).length;
}

function changedAccounts(before: ReadonlyMap<string, AppAccount>, after: ReadonlyMap<string, AppAccount>): number {
  return [...after.values()].filter((account) => JSON.stringify(account) !== JSON.stringify(before.get(account.id)))
    .length;
}
