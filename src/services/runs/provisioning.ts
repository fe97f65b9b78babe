import { UsherError } from '../../lib/errors.ts';
import type { AppId, RunId, UserId } from '../../lib/ids.ts';
import type { MatchResult } from '../../planner/match.ts';
import { findOwners } from '../../provisioning/account-owners.ts';
import { appendUnprovisioned, findWaiting, linkAccounts, type WaitingPerson } from '../../store/account-matches.ts';
import { loadAppConfig } from '../../store/app-config.ts';
import { releaseUnprovisioned } from '../../store/app-users.ts';
import type { Tx } from '../../store/database.ts';
import { appendRunItems, listRunItems } from '../../store/run-items.ts';
import type { NewRunProblem } from '../../store/run-problems.ts';
import type { Run } from '../../store/runs.ts';
import { requireApp } from '../app-change.ts';
import { assertProvisioned } from '../app-assignments.ts';
import { authorize } from '../authorize.ts';
import type { AppContext, Context } from '../context.ts';
import { insertRun } from './insert.ts';
import type { Chunk, RunKind } from './kind.ts';

/** What becomes of somebody whom an account is like, without bearing their user name. */
export const partialDecisions = ['leave', 'link', 'create'] as const;
export type PartialDecision = (typeof partialDecisions)[number];

export interface ProvisioningInput {
  /** Everybody when left out. */
  readonly userIds?: readonly UserId[];
  /** Only those matching has come to this for. */
  readonly match?: MatchResult | 'unknown';
  /** Default `leave`: no second account is made of one that may be theirs. */
  readonly partial?: PartialDecision;
}

const chunkSize = 1_000;

/**
 * Begins a run that has accounts made or linked for people who were given the app while nothing was provisioned. One
 * that has the right values already is linked without being written to.
 *
 * @throws {UsherError} `not_found` (app), `wrong_state` (provisioning is still off).
 */
export async function startProvisioning(context: Context, appId: AppId, input: ProvisioningInput): Promise<RunId> {
  return context.db.transaction(async (tx) => {
    const app = await requireApp(tx, appId);
    await authorize(context, tx, 'apps.assign', { apps: [appId] });
    await assertProvisioned(tx, app);
    const { userIds, match, partial = 'leave' } = input;
    const request = { partial, ...(match === undefined ? {} : { match }) };
    return insertRun(context, tx, { kind: 'provisioning', appId, request }, (runId) =>
      userIds === undefined
        ? appendUnprovisioned(tx, runId, appId, match)
        : appendRunItems(tx, runId, [...new Set(userIds)]),
    );
  });
}

export const provisioningRuns: RunKind = {
  permission: 'apps.assign',
  open: (context, run) => {
    const { appId } = run;
    const partial = partialDecisions.find((known) => known === run.request['partial']);
    if (appId === null || partial === undefined) throw new UsherError('internal', 'A run says not what it is to do.');
    return { chunk: (tx, current) => chunk(context, tx, current, appId, partial) };
  },
};

async function chunk(context: AppContext, tx: Tx, run: Run, appId: AppId, partial: PartialDecision): Promise<Chunk> {
  const from = typeof run.cursor === 'number' ? run.cursor : 0;
  const items = await listRunItems(tx, run.id, from, chunkSize);
  const config = await loadAppConfig(tx, appId);
  if (config === undefined) throw new UsherError('not_found', `There is no app with the id ${appId}.`);
  const { existingAccount } = config.provisioning;
  const people = await findWaiting(
    tx,
    appId,
    items.map(({ subject }) => subject),
  );
  const waiting = people.filter(({ waiting: still }) => still);
  const decided = waiting.map((person) => ({
    ...person,
    decision: decide(person, partial, existingAccount),
  }));
  const release = decided.filter(({ decision }) => decision === 'release').map(({ userId }) => userId);
  const wanted = decided.flatMap(({ userId, externalId, decision }) =>
    decision === 'link' && externalId !== null ? [{ userId, externalId }] : [],
  );
  const owners = await findOwners(
    tx,
    config,
    wanted.map(({ externalId }) => externalId),
  );
  const links = wanted.filter(({ externalId }) => !owners.has(externalId));
  if (release.length > 0) await releaseUnprovisioned(tx, appId, release);
  const linked = new Set(links.length === 0 ? [] : await linkAccounts(tx, appId, links));
  if (release.length + linked.size > 0) await context.queue.signalApps(tx, [appId]);
  const problems = decided.flatMap(({ userId, name, decision, ...person }): NewRunProblem[] => {
    if (decision === 'release' || (decision === 'link' && linked.has(userId))) return [];
    const reason = decision === 'link' ? notLinkedBecause(person, owners) : leftBecause(person);
    return [{ item: name, code: 'app_ambiguous', reason, detail: { userId } }];
  });
  return {
    cursor: items.at(-1)?.seq ?? from,
    ...{
      done: release.length + linked.size,
      failed: problems.length,
      skipped: items.length - waiting.length,
      problems,
    },
    counts: { linked: linked.size },
    ended: items.length < chunkSize,
  };
}

function notLinkedBecause(
  { externalId }: Pick<WaitingPerson, 'externalId'>,
  owners: Awaited<ReturnType<typeof findOwners>>,
): string {
  const owner = externalId === null ? undefined : owners.get(externalId);
  if (owner === undefined) return 'The account belongs to another person here by now.';
  return `${owner.label} provisions this account and writes ${owner.attributes.join(', ')}, as this app would.`;
}

/** The engine links an account with the same user name by itself, unless the app is set to ask: this is the answer. */
function decide(
  { result }: { readonly result: MatchResult | null },
  partial: PartialDecision,
  existingAccount: 'LINK' | 'ASK',
): 'release' | 'link' | 'leave' {
  if (result === 'ambiguous') return 'leave';
  if (result === 'exact') return existingAccount === 'ASK' ? 'link' : 'release';
  if (result !== 'partial' || partial === 'create') return 'release';
  return partial;
}

type LeftPerson = Pick<WaitingPerson, 'result' | 'reason' | 'externalId'>;

function leftBecause({ result, reason, externalId }: LeftPerson): string {
  return result === 'ambiguous'
    ? `It is not clear which account is theirs: ${reason ?? 'several may be'}. Change one of them, and match again.`
    : `The account ${externalId ?? ''} may be theirs. Say whether it is to be linked, or another created.`;
}
