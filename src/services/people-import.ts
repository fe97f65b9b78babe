import type { NewLogEvent } from '../domain/log-event.ts';
import { allAttributes, type AttributeDefinitions } from '../domain/profile-schema.ts';
import { sameValue, type Profile } from '../domain/profile.ts';
import type { User } from '../domain/user.ts';
import { openCsv, type CsvFile } from '../lib/csv.ts';
import { asUsherError } from '../lib/errors.ts';
import { newId, type RunId, type TypeId } from '../lib/ids.ts';
import { foldName } from '../lib/text.ts';
import type { TextEncoding } from '../lib/text-decoding.ts';
import type { Tx } from '../store/database.ts';
import {
  analyzeImportRows,
  analyzePeople,
  deleteImportRows,
  dropAbandonedLoads,
  findDuplicateRows,
  findOtherTypes,
  findRoleHolders,
  findUnknownManagers,
  insertImportRows,
  listImportRows,
  type ImportRow,
} from '../store/import-rows.ts';
import { appendEvents } from '../store/log-events.ts';
import { insertRun, updateRun, type RunStatus } from '../store/runs.ts';
import { findTakenInLoad } from '../store/unique-values.ts';
import { findUserSchema, listUserSchemas } from '../store/user-schema.ts';
import { insertUsers, lockUsersByLogin, loginKeyOf, updateProfiles } from '../store/users.ts';
import { authorize, peopleOutOfReach, visibleGroups } from './authorize.ts';
import type { Context } from './context.ts';
import { succeeded } from './log.ts';
import {
  columnsFor,
  loginCell,
  readHeader,
  readRow,
  shortened,
  type ImportProblem,
  type PeopleColumns,
} from './people-columns.ts';
import { followPeople } from './people-changed.ts';
import { changeUserSchema } from './user-schema.ts';
import { claimValues } from './unique-values.ts';
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
const maxListed = 1_000;

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

interface Staged {
  readonly file: CsvFile;
  /** Undefined when the header could not be used. */
  readonly columns: PeopleColumns | undefined;
  readonly rows: number;
  readonly failed: ProblemList;
  readonly warnings: ProblemList;
}

/** Reads and checks the whole file; what its rows say waits in the database. */
async function stage(
  context: Context,
  runId: RunId,
  source: AsyncIterable<Uint8Array>,
  createAttributes: boolean,
): Promise<Staged> {
  const known = await knownAttributes(context);
  const file = await openCsv(source);
  const failed = problemList();
  let columns: PeopleColumns | undefined;
  let rows = 0;
  let batch: Line[] = [];
  const keepBatch = async () => {
    const kept = columns === undefined ? [] : await importRows(context, batch, columns, known, failed);
    await context.db.transaction((tx) => insertImportRows(tx, runId, kept));
    batch = [];
  };
  for await (const item of file.items) {
    if ('problem' in item) {
      failed.add({ line: item.line, reason: item.problem });
      break;
    }
    if (columns === undefined) {
      const header = readHeader(item.line, item.cells, known, createAttributes);
      if ('problems' in header) {
        failed.add(...header.problems);
        break;
      }
      columns = header.columns;
      continue;
    }
    rows += 1;
    batch.push(item);
    if (batch.length === chunkSize) await keepBatch();
  }
  await keepBatch();
  await context.db.transaction(analyzeImportRows);
  if (rows === 0 && failed.total === 0) failed.add(noRows(columns));
  return { file, columns, rows, failed, warnings: await checkAcrossRows(context, runId, failed) };
}

interface Line {
  readonly line: number;
  readonly cells: readonly string[];
}

/** What people may have: of any type, of the default one (which new people are of), and of each other. */
interface KnownAttributes {
  readonly attributes: AttributeDefinitions;
  readonly ofNewcomers: AttributeDefinitions;
  readonly ofOthers: ReadonlyMap<TypeId, AttributeDefinitions>;
}

async function knownAttributes({ db }: Context): Promise<KnownAttributes> {
  const [newcomers, ...others] = await listUserSchemas(db);
  const ofNewcomers = newcomers === undefined ? {} : allAttributes(newcomers);
  const ofOthers = new Map(others.map((schema) => [schema.typeId, allAttributes(schema)]));
  return { attributes: Object.assign({}, ...ofOthers.values(), ofNewcomers), ofNewcomers, ofOthers };
}

/** Each row is held against the attributes of its person's own type. */
async function importRows(
  context: Context,
  lines: readonly Line[],
  columns: PeopleColumns,
  { ofNewcomers, ofOthers }: KnownAttributes,
  failed: ProblemList,
): Promise<ImportRow[]> {
  const forNewcomers = columnsFor(columns, { ...ofNewcomers, ...columns.created });
  const forType = new Map([...ofOthers].map(([typeId, attributes]) => [typeId, columnsFor(columns, attributes)]));
  const loginOf = ({ cells }: Line) => foldName(loginCell(columns, cells));
  const typeOf = ofOthers.size === 0 ? new Map<string, TypeId>() : await findOtherTypes(context.db, lines.map(loginOf));
  return lines.flatMap((item) => {
    const typeId = typeOf.get(loginOf(item));
    const own = (typeId === undefined ? undefined : forType.get(typeId)) ?? forNewcomers;
    const row = importRow(item.line, item.cells, own, failed);
    return row === undefined ? [] : [row];
  });
}

function importRow(
  line: number,
  cells: readonly string[],
  columns: PeopleColumns,
  failed: ProblemList,
): ImportRow | undefined {
  const { profile, problems } = readRow(line, cells, columns);
  failed.add(...problems);
  const { login } = profile;
  // A faulty row is kept with its login alone, so that a second row with the login is found in the same go.
  if (typeof login !== 'string' || login.includes('\0')) return undefined;
  return { line, loginKey: foldName(login), profile: problems.length === 0 ? profile : {} };
}

/** Adds what only all rows together show to `failed`, and returns what is strange but can be loaded. */
async function checkAcrossRows(context: Context, runId: RunId, failed: ProblemList): Promise<ProblemList> {
  for (const { line, firstLine, ...duplicate } of await findDuplicateRows(context.db, runId)) {
    const login = shortened(duplicate.login);
    failed.add({ line, value: login, reason: `Lines ${firstLine} and ${line} have the same login ${login}.` });
  }
  const warnings = problemList();
  if (failed.total > 0) return warnings;
  await checkRoleHolders(context, runId, failed);
  await checkUniqueValues(context, runId, failed);
  for (const { line, managerId } of await findUnknownManagers(context.db, runId)) {
    const reason = 'The manager is neither in the file nor in the directory.';
    warnings.add({ line, value: shortened(managerId), reason });
  }
  return warnings;
}

/** People whose role is out of the caller's reach may be in the file as they are, but it may not change them. */
async function checkRoleHolders(context: Context, runId: RunId, failed: ProblemList): Promise<void> {
  const found = await findRoleHolders(context.db, runId);
  const outOfReach = await peopleOutOfReach(
    context,
    context.db,
    found.map(({ userId }) => userId),
  );
  const rows = found.filter(({ userId }) => outOfReach.includes(userId)).map(({ row }) => row);
  if (rows.length === 0) return;
  const known = await context.db.transaction((tx) => usersOf(tx, rows));
  const changed = changedPeople(known, rows).map(({ before }) => loginKeyOf(before));
  for (const { line, loginKey } of rows.filter((row) => changed.includes(row.loginKey))) {
    const reason = 'This person holds an administrator role that is out of your reach, so you cannot change them.';
    failed.add({ line, value: shortened(loginKey), reason });
  }
}

/** A value is looked for among people as they are before the load, whatever a later line makes of them. */
async function checkUniqueValues(context: Context, runId: RunId, failed: ProblemList): Promise<void> {
  const showHolders = visibleGroups(context, 'users.read') === 'all';
  for (const { line, attribute, value, firstLine, holder } of await findTakenInLoad(context.db, runId)) {
    const reason =
      holder === null
        ? `Lines ${firstLine} and ${line} have the same ${attribute}, which must be unique.`
        : `The ${attribute} must be unique, and ${showHolders ? shortened(holder) : 'somebody else'} has this value already.`;
    failed.add({ line, value: shortened(value), reason });
  }
}

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

/** By folded login. */
async function usersOf(tx: Tx, rows: readonly ImportRow[]): Promise<ReadonlyMap<string, User>> {
  const users = await lockUsersByLogin(
    tx,
    rows.map((row) => row.loginKey),
  );
  return new Map(users.map((user) => [loginKeyOf(user.profile), user]));
}

function changedPeople(known: ReadonlyMap<string, User>, rows: readonly ImportRow[]) {
  return rows.flatMap((row) => {
    const user = known.get(row.loginKey);
    if (user === undefined) return [];
    const profile = merged(user.profile, row.profile);
    return sameValue(profile, user.profile) ? [] : [{ id: user.id, profile, before: user.profile }];
  });
}

/** What the row says over what is there; null clears. */
function merged(current: Profile, row: Profile): Profile {
  return Object.fromEntries(Object.entries({ ...current, ...row }).filter(([, value]) => value !== null));
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

function noRows(columns: PeopleColumns | undefined): ImportProblem {
  return columns === undefined
    ? { line: 1, reason: 'The file is empty. Its first line must name the columns.' }
    : { line: 1, reason: 'The file has a header and no rows below it.' };
}

/** Problems in order of lines, the list cut where it gets long. */
interface ProblemList {
  readonly listed: readonly ImportProblem[];
  readonly total: number;
  add(...problems: readonly ImportProblem[]): void;
}

function problemList(): ProblemList {
  const listed: ImportProblem[] = [];
  let total = 0;
  return {
    get listed() {
      return [...listed].sort((left, right) => left.line - right.line || (left.column ?? 0) - (right.column ?? 0));
    },
    get total() {
      return total;
    },
    add: (...problems) => {
      total += problems.length;
      listed.push(...problems.slice(0, Math.max(0, maxListed - listed.length)));
    },
  };
}
