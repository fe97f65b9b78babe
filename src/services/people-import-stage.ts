import { allAttributes, type AttributeDefinitions } from '../domain/profile-schema.ts';
import { openCsv, type CsvFile } from '../lib/csv.ts';
import type { RunId, TypeId } from '../lib/ids.ts';
import { foldName } from '../lib/text.ts';
import {
  analyzeImportRows,
  findDuplicateRows,
  findOtherTypes,
  findRoleHolders,
  findUnknownManagers,
  insertImportRows,
  type ImportRow,
} from '../store/import-rows.ts';
import { findTakenInLoad } from '../store/unique-values.ts';
import { listUserSchemas } from '../store/user-schema.ts';
import { loginKeyOf } from '../store/users.ts';
import { peopleOutOfReach, visibleGroups } from './authorize.ts';
import type { Context } from './context.ts';
import {
  columnsFor,
  loginCell,
  readHeader,
  readRow,
  shortened,
  type ImportProblem,
  type PeopleColumns,
} from './people-columns.ts';
import { changedPeople, usersOf } from './people-import-changes.ts';

/** Rows per statement. */
const chunkSize = 2_000;
const maxListed = 1_000;

/** A load whose file has been read. */
export interface Staged {
  readonly file: CsvFile;
  /** Undefined when the header could not be used. */
  readonly columns: PeopleColumns | undefined;
  readonly rows: number;
  readonly failed: ProblemList;
  readonly warnings: ProblemList;
}

/** Reads and checks the whole file; what its rows say waits in the database. */
export async function stage(
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
