import type { Connection } from '../../connectors/contract.ts';
import { UsherError } from '../../lib/errors.ts';
import type { AppId, RunId, UserId } from '../../lib/ids.ts';
import { isJsonObject, type Json } from '../../lib/json.ts';
import { foldName } from '../../lib/text.ts';
import { classifyMatch } from '../../planner/match.ts';
import { setUpApp, type AppSetup } from '../../provisioning/app-setup.ts';
import { describeAccount } from '../../provisioning/desired.ts';
import { loadSubjects } from '../../provisioning/load-subjects.ts';
import { openAppConnection } from '../../provisioning/open-connection.ts';
import { decideRow, type Subject } from '../../provisioning/reconcile.ts';
import { matchesByName, uniqueAttributeOf } from '../../provisioning/unique-value.ts';
import {
  deleteMatches,
  findCandidates,
  listUnprovisionedRows,
  saveMatches,
  type AccountCandidate,
  type ComparedAttributes,
  type SoughtAccount,
  type StoredMatch,
} from '../../store/account-matches.ts';
import {
  analyzeAccounts,
  deleteAccountsNotSeen,
  markAccountsListed,
  upsertAccounts,
} from '../../store/app-accounts.ts';
import { loadAppConfig } from '../../store/app-config.ts';
import type { Tx } from '../../store/database.ts';
import { loadPeopleOfApp } from '../../store/people.ts';
import type { Run } from '../../store/runs.ts';
import { beginAppChange, requireApp } from '../app-change.ts';
import { authorize } from '../authorize.ts';
import type { AppContext } from '../context.ts';
import { diffOf } from '../plans/entry.ts';
import { insertRun } from './insert.ts';
import type { Chunk, RunKind, RunWork } from './kind.ts';

/** People per transaction. */
const chunkSize = 1_000;

/**
 * Begins a run that reads every account of the app once, a page at a time, and finds for everybody who has the app and
 * no account which one may be theirs. Nothing is written to the app, and nobody is linked.
 *
 * @throws {UsherError} `not_found` (app)
 */
export async function startMatching(context: AppContext, appId: AppId): Promise<RunId> {
  return context.db.transaction(async (tx) => {
    await requireApp(tx, appId);
    await authorize(context, tx, 'apps.assign', { apps: [appId] });
    return insertRun(context, tx, { kind: 'account_matching', appId });
  });
}

export const matchingRuns: RunKind = { permission: 'apps.assign', open: openMatching };

/** Where a matching is: at a page of the listing, or behind a person. */
type Place =
  | { readonly phase: 'listing'; readonly page: string | undefined }
  | { readonly phase: 'matching'; readonly after: string };

function openMatching(context: AppContext, run: Run): RunWork {
  const { appId } = run;
  if (appId === null) throw new UsherError('internal', 'A matching says not of which app.');
  let connection: Connection | undefined;
  let listed: { readonly at: Json; readonly page: Awaited<ReturnType<NonNullable<Connection['list']>>> } | undefined;
  return {
    before: async ({ cursor }, signal) => {
      connection ??= await openAppConnection(context.db, context, appId);
      const place = placeOf(cursor);
      if (place.phase !== 'listing' || (listed !== undefined && listed.at === cursor)) return;
      if (connection.list === undefined) {
        throw new UsherError('unsupported', 'The accounts of this app cannot be listed, so nobody can be matched.');
      }
      listed = { at: cursor, page: await connection.list(place.page, signal) };
    },
    chunk: async (tx, current) => {
      const place = placeOf(current.cursor);
      if (place.phase === 'matching') return matchChunk(context, tx, appId, place.after, connection);
      // Another process has gone on meanwhile: look again from where it stopped.
      if (listed === undefined || placesDiffer(listed.at, current.cursor)) {
        listed = undefined;
        return { cursor: current.cursor };
      }
      return keepPage(tx, current, appId, listed.page);
    },
    close: async () => connection?.close(),
  };
}

function placeOf(cursor: Json): Place {
  if (!isJsonObject(cursor)) return { phase: 'listing', page: undefined };
  const { after, page } = cursor;
  if (typeof after === 'string') return { phase: 'matching', after };
  return { phase: 'listing', page: typeof page === 'string' ? page : undefined };
}

function placesDiffer(left: Json, right: Json): boolean {
  return JSON.stringify(left) !== JSON.stringify(right);
}

async function keepPage(
  tx: Tx,
  run: Run,
  appId: AppId,
  { accounts, next }: Awaited<ReturnType<NonNullable<Connection['list']>>>,
): Promise<Chunk> {
  if (accounts.length > 0) await upsertAccounts(tx, appId, accounts);
  const counts = { pages: 1, accounts: accounts.length };
  if (next !== undefined) return { cursor: { page: next }, phase: 'listing', counts };
  await deleteAccountsNotSeen(tx, appId, run.started);
  await markAccountsListed(tx, appId);
  await analyzeAccounts(tx);
  await deleteMatches(tx, appId);
  // Workers that have the app in hand learn that its accounts are known now.
  await beginAppChange(tx, appId);
  return { cursor: { after: '' }, phase: 'matching', counts };
}

async function matchChunk(
  context: AppContext,
  tx: Tx,
  appId: AppId,
  after: string,
  connection: Connection | undefined,
): Promise<Chunk> {
  const config = await loadAppConfig(tx, appId);
  if (config === undefined) throw new UsherError('not_found', `There is no app with the id ${appId}.`);
  const setup = setUpApp(config);
  const rows = await listUnprovisionedRows(tx, appId, after, chunkSize);
  const { people } = await loadPeopleOfApp(
    tx,
    appId,
    rows.map(({ userId }) => userId),
  );
  const subjects = await loadSubjects(tx, { ...setup, hasKnownAccounts: false }, rows, people, context.clock.now());
  const compared = comparedAttributes(setup);
  const sought = subjects.flatMap((subject) => soughtAccount(setup, subject, compared) ?? []);
  const candidates = byUser(await findCandidates(tx, appId, sought, compared));
  const known = new Set(sought.map(({ userId }) => userId));
  const matches = subjects.map((subject) =>
    known.has(subject.row.userId)
      ? matchOf(subject, candidates.get(subject.row.userId) ?? [], setup, connection)
      : unmatchable(subject.row.userId),
  );
  await saveMatches(tx, appId, matches);
  const counts: Record<string, number> = {};
  for (const { result } of matches) counts[result] = (counts[result] ?? 0) + 1;
  return {
    cursor: { after: rows.at(-1)?.userId ?? after },
    done: rows.length,
    counts,
    ended: rows.length < chunkSize,
  };
}

function byUser(candidates: readonly AccountCandidate[]): ReadonlyMap<UserId, readonly AccountCandidate[]> {
  const byUserId = new Map<UserId, AccountCandidate[]>();
  for (const candidate of candidates) {
    const others = byUserId.get(candidate.userId);
    if (others === undefined) byUserId.set(candidate.userId, [candidate]);
    else others.push(candidate);
  }
  return byUserId;
}

/** The attributes that are mapped from what people are compared by. */
function comparedAttributes(setup: AppSetup): ComparedAttributes {
  const { mappings } = setup;
  const unique = uniqueAttributeOf(setup) ?? null;
  const mappedFrom = (source: string) =>
    Object.entries(mappings).find(([, { expression }]) => expression.trim() === `user.${source}`)?.[0] ?? null;
  return { email: mappedFrom('email'), firstName: mappedFrom('firstName'), lastName: mappedFrom('lastName'), unique };
}

/** Undefined for somebody of whom no account can be described. */
function soughtAccount(
  setup: AppSetup,
  { person, row, context }: Subject,
  compared: ComparedAttributes,
): SoughtAccount | undefined {
  if (person === undefined) return undefined;
  try {
    const { userName, profile } = describeAccount(setup, person, row, context);
    const text = (attribute: string | null) => {
      const value = attribute === null ? null : profile[attribute];
      return typeof value === 'string' && value !== '' ? value.toLowerCase() : null;
    };
    return {
      userId: row.userId,
      nameKey: matchesByName(setup) ? foldName(userName) : null,
      unique: text(compared.unique),
      ...{ email: text(compared.email), firstName: text(compared.firstName), lastName: text(compared.lastName) },
    };
  } catch {
    return undefined;
  }
}

function matchOf(
  subject: Subject,
  candidates: readonly AccountCandidate[],
  setup: AppSetup,
  connection: Connection | undefined,
): StoredMatch {
  const { userId } = subject.row;
  const match = classifyMatch(
    candidates.map(({ account, exact, alike, linkedTo }) => ({
      externalId: account.externalId,
      exact,
      alike,
      linkedToOther: linkedTo !== null,
    })),
  );
  const account = candidates.find((candidate) => candidate.account.externalId === match.externalId)?.account;
  if (account === undefined) return { ...match, userId, diff: null };
  // As if somebody had said yes: what linking would change.
  const agreed = {
    ...subject,
    row: { ...subject.row, unprovisioned: false },
    known: { account, ours: true, linkedToOther: false },
  };
  const { action, before } = decideRow(agreed, { setup, connection });
  return { ...match, userId, diff: action.kind === 'link' ? diffOf(action, before, setup) : [] };
}

function unmatchable(userId: UserId): StoredMatch {
  const reason = 'no account can be described for them: a mapping or the user name fails';
  return { userId, result: 'ambiguous', externalId: undefined, reason, diff: null };
}
