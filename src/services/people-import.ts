import type { NewLogEvent } from '../domain/log-event.ts';
import { asUsherError } from '../lib/errors.ts';
import { newId, type RunId, type TypeId } from '../lib/ids.ts';
import type { TextEncoding } from '../lib/text-decoding.ts';
import type { Tx } from '../store/database.ts';
import {
  analyzePeople,
  deleteImportRows,
  dropAbandonedLoads,
  listImportRows,
  type ImportRow,
} from '../store/import-rows.ts';
import { appendEvents } from '../store/log-events.ts';
import { insertRun, updateRun, type RunStatus } from '../store/runs.ts';
import { findUserSchema } from '../store/user-schema.ts';
import { insertUsers, updateProfiles } from '../store/users.ts';
import { authorize } from './authorize.ts';
import type { Context } from './context.ts';
import { succeeded } from './log.ts';
import type { ImportProblem, PeopleColumns } from './people-columns.ts';
import { followPeople } from './people-changed.ts';
import { changedPeople, merged, usersOf } from './people-import-changes.ts';
import { stage, type Staged } from './people-import-stage.ts';
import { claimValues } from './unique-values.ts';
import { changeUserSchema } from './user-schema.ts';
import { creationEvents, profileEvent, reportsOf } from './users.ts';

export interface ImportOptions {
  /** Checks everything and counts what would be done, and does nothing. */
  readonly dryRun?: boolean;
  /** Makes columns nobody knows into new string attributes of the user schema. */
  readonly createAttributes?: boolean;
  /** False leaves new people STAGED. Default true: they become PROVISIONED. */
  readonly activate?: boolean;
  /** As soon as the run can be looked at, before the file is read. */
  readonly onStart?: (runId: RunId) => void;
  /** After each chunk of people: how many rows are done, of how many. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** REFUSED: something in the file is wrong and nothing was written. Lists are cut at 1,000 entries, totals are not. */
export interface ImportReport {
  readonly runId: RunId;
  readonly status: Extract<RunStatus, 'SUCCEEDED' | 'REFUSED'>;
  readonly dryRun: boolean;
  readonly encoding: TextEncoding;
  readonly delimiter: string;
  /** Rows of the file that have been read, without the header. */
  readonly rows: number;
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly createdAttributes: readonly string[];
  readonly failed: readonly ImportProblem[];
  readonly failedTotal: number;
  readonly warnings: readonly ImportProblem[];
  readonly warningsTotal: number;
}

/** Rows per statement and per transaction. */
const chunkSize = 2_000;

/**
 * Loads people from a CSV file. All of it is read and checked before anything is written; then people are added, or
 * brought up to the row with their login, a few thousand per transaction. A row sets the attributes that have a
 * column, an empty cell clears; everything else about a person stays, their status too. Loading a file again writes
 * nothing, so a load that was interrupted is finished by starting it once more.
 *
 * @throws {UsherError} `forbidden`
 */
export async function importPeople(
  context: Context,
  source: AsyncIterable<Uint8Array>,
  options: ImportOptions = {},
): Promise<ImportReport> {
  await authorize(context, context.db, 'users.import');
  if (options.createAttributes === true) await authorize(context, context.db, 'schemas.manage');
  const runId = newId('run');
  const inRun = { ...context, transactionId: runId };
  await context.db.transaction(async (tx) => {
    await dropAbandonedLoads(tx);
    await insertRun(tx, { id: runId, kind: 'people_import', appId: null, startedBy: context.actor });
  });
  options.onStart?.(runId);
  try {
    const staged = await stage(inRun, runId, source, options.createAttributes === true);
    if (staged.columns === undefined || staged.failed.total > 0) {
      return await finish(inRun, runId, 'REFUSED', staged, noCounts, options);
    }
    const counts = await apply(inRun, runId, staged.columns, staged.rows, options);
    return await finish(inRun, runId, 'SUCCEEDED', staged, counts, options);
  } catch (error) {
    await context.db.transaction(async (tx) => {
      await updateRun(tx, runId, { status: 'FAILED', problems: [{ reason: asUsherError(error).message }] });
      await deleteImportRows(tx, runId);
    });
    throw error;
  }
}

interface Counts {
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
}
const noCounts: Counts = { created: 0, updated: 0, unchanged: 0 };

async function apply(
  context: Context,
  runId: RunId,
  columns: PeopleColumns,
  total: number,
  options: ImportOptions,
): Promise<Counts> {
  const dryRun = options.dryRun === true;
  const newAttributes = Object.keys(columns.created).length > 0;
  const { typeId } = await context.db.transaction(async (tx) =>
    newAttributes && !dryRun ? changeUserSchema(context, tx, { custom: columns.created }) : findUserSchema(tx),
  );
  const status = options.activate === false ? 'STAGED' : 'PROVISIONED';
  let counts = noCounts;
  let done = 0;
  for (let afterLine = 0; done < total;) {
    const chunk = await context.db.transaction(async (tx) => {
      const rows = await listImportRows(tx, runId, afterLine, chunkSize);
      const changes = dryRun ? await previewRows(tx, rows) : await applyRows(context, tx, rows, typeId, status);
      const sum = {
        created: counts.created + changes.created,
        updated: counts.updated + changes.updated,
        unchanged: counts.unchanged + rows.length - changes.created - changes.updated,
      };
      await updateRun(tx, runId, { total, counts: { ...sum }, ...progressOf(sum) });
      return { sum, rows };
    });
    counts = chunk.sum;
    done += chunk.rows.length;
    afterLine = chunk.rows.at(-1)?.line ?? Infinity;
    options.onProgress?.(done, total);
  }
  if (counts.created > chunkSize) await context.db.transaction(analyzePeople);
  return counts;
}

function progressOf({ created, updated, unchanged }: Counts) {
  return { done: created + updated, skipped: unchanged };
}

type Changes = Pick<Counts, 'created' | 'updated'>;

async function applyRows(
  context: Context,
  tx: Tx,
  rows: readonly ImportRow[],
  typeId: TypeId,
  status: 'STAGED' | 'PROVISIONED',
): Promise<Changes> {
  const candidates = rows.map((row) => ({ id: newId('user'), status, profile: merged({}, row.profile), row }));
  const added = await insertUsers(tx, typeId, candidates);
  const created = candidates.filter((candidate) => added.has(candidate.id));
  const known = candidates.filter((candidate) => !added.has(candidate.id)).map((candidate) => candidate.row);
  const changed = changedPeople(await usersOf(tx, known), known);
  await authorize(context, tx, 'users.import', { users: changed.map(({ id }) => id) });
  if (changed.length > 0) await updateProfiles(tx, changed);
  await claimValues(
    context,
    tx,
    [...created, ...changed].map(({ id }) => id),
  );
  await appendEvents(tx, [
    ...created.flatMap((user) => creationEvents(context, user)),
    ...changed.map((user) => profileEvent(context, user, user.before)),
  ]);
  const people = [...created, ...changed];
  if (people.length > 0) {
    const reports = await reportsOf(tx, ...people);
    await followPeople(context, tx, [...new Set([...people.map(({ id }) => id), ...reports])], 'person');
  }
  return { created: created.length, updated: changed.length };
}

async function previewRows(tx: Tx, rows: readonly ImportRow[]): Promise<Changes> {
  const known = await usersOf(tx, rows);
  return { created: rows.length - known.size, updated: changedPeople(known, rows).length };
}

/** Ends the run, logs it and drops its rows. */
async function finish(
  context: Context,
  runId: RunId,
  status: ImportReport['status'],
  { file, columns, rows, failed, warnings }: Staged,
  counts: Counts,
  options: ImportOptions,
): Promise<ImportReport> {
  const dryRun = options.dryRun === true;
  await context.db.transaction(async (tx) => {
    const problems = failed.listed.map(({ reason, ...place }) => ({
      item: `line ${place.line}`,
      reason,
      detail: place,
    }));
    const summed = { ...counts, failed: failed.total };
    await updateRun(tx, runId, {
      ...{ status, total: rows, counts: summed, problems },
      ...(status === 'REFUSED' ? { failed: failed.total } : progressOf(counts)),
    });
    await deleteImportRows(tx, runId);
    if (!dryRun) await appendEvents(tx, [loadEvent(context, runId, status, { rows, ...counts, failed: failed.total })]);
  });
  return {
    runId,
    status,
    dryRun,
    encoding: file.encoding(),
    delimiter: file.delimiter,
    rows,
    ...counts,
    createdAttributes: status === 'SUCCEEDED' ? Object.keys(columns?.created ?? {}) : [],
    failed: failed.listed,
    failedTotal: failed.total,
    warnings: warnings.listed,
    warningsTotal: warnings.total,
  };
}

function loadEvent(
  context: Context,
  runId: RunId,
  status: ImportReport['status'],
  counts: { readonly [name: string]: number },
): NewLogEvent {
  const target = { id: runId, type: 'Run', alternateId: runId, displayName: 'Load of people from a CSV file' } as const;
  const event = succeeded(context, 'system.csv.import_user', [target], counts);
  return status === 'SUCCEEDED'
    ? event
    : { ...event, outcome: 'FAILURE', reason: `The file has ${counts['failed']} faults; nothing was written.` };
}
