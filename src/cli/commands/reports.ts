import type { Command } from 'commander';
import type { JsonObject } from '../../lib/json.ts';
import type { ApiClient, Query } from '../api-client.ts';
import { examples, perform, type Cli, type Session } from '../cli.ts';
import { printFile } from '../download.ts';
import { CommandError } from '../exit-codes.ts';
import { numberAt, objectsAt, textAt, valueAt } from '../json-fields.ts';
import type { Column } from '../output.ts';
import { duration } from '../progress.ts';
import { resolveUser } from '../resolve.ts';
import { sinceOf } from './log.ts';

interface Filters {
  readonly app?: string;
  readonly user?: string;
  readonly state?: string;
  readonly since?: string;
  readonly until?: string;
}

export function addReportCommands(program: Command, session: Session): void {
  const reports = examples(
    program.command('reports').description('who has what, who had it, and how soon it was gone'),
    [
      ['reports list', 'the reports there are'],
      ['reports show leavers --since 30d', 'how long accounts of leavers were on'],
      ['reports export app-access > access.csv', 'all of it, as CSV'],
    ],
  );
  examples(reports.command('list').description('list the reports, and what each can be asked for'), [
    ['reports list --json', 'with their columns'],
  ]).action(
    perform(session, async (cli) => {
      const found = await cli.api.list('/usher/v1/reports');
      cli.output.answer(found, () => cli.output.table(reportColumns, found));
    }),
  );
  const show = examples(reports.command('show').description('show a report as a table'), [
    ['reports show app-usage', 'accounts per application'],
    ['reports show app-access --app Wiki --state ERROR', 'who has no account yet because of a failure'],
    ['reports show unassigned-accounts', 'accounts nobody should have'],
    ['reports show leavers --state ON', 'accounts of leavers that are still on'],
  ])
    .argument('<report>')
    .option('--limit <count>', 'at most so many rows', '100');
  withFilters(show).action(perform(session, showReport));
  const all = examples(reports.command('export').description('a whole report as a CSV file'), [
    ['reports export app-access > access.csv', 'who has which account in which application'],
    ['reports export unassignments --since 90d > lost.csv', 'who lost which application'],
  ]).argument('<report>');
  withFilters(all).action(
    perform<Filters>(session, async (cli, [name = ''], flags) => {
      await printFile(cli, pathOf(name), { ...(await queryOf(cli, flags)), format: 'csv' });
    }),
  );
}

function withFilters(command: Command): Command {
  return command
    .option('--app <app>', 'only about this application: id or label')
    .option('--user <user>', 'only about this person: id, login or full name')
    .option('--state <state>', 'only rows in this state, see "usher reports list"')
    .option('--since <when>', 'ISO time, or a while ago such as 12h or 30d; without it, 90d')
    .option('--until <when>', 'the same; without it, now');
}

async function showReport(cli: Cli, [name = '']: readonly string[], flags: Filters & { limit: string }): Promise<void> {
  const limit = Number(flags.limit);
  if (!Number.isInteger(limit) || limit < 1) throw new CommandError('usage', '--limit must be a whole number above 0.');
  const query = { ...(await queryOf(cli, flags)), limit: Math.min(limit, pageSizeMax) };
  const rows = await cli.api.list(pathOf(name), query, limit);
  if (cli.output.json) return cli.output.answer(rows, () => '');
  const report = (await cli.api.list('/usher/v1/reports')).find((each) => textAt(each, 'name') === name);
  const columns = objectsAt(report, 'columns').filter(
    (column) => !idColumns.includes(textAt(column, 'name')) && rows.some((row) => shown(row, column) !== ''),
  );
  cli.output.answer(rows, () => cli.output.table(columns.map(columnOf), rows));
  if (rows.length === limit) {
    cli.output.note(`The first ${limit}; --limit shows more, and "usher reports export" all of them.`);
  }
}

const pageSizeMax = 500;
/** Beside them stand the names people know. */
const idColumns: readonly string[] = ['appId', 'userId'];

const reportColumns: readonly Column[] = [
  { title: 'report', value: (report) => textAt(report, 'name') },
  { title: 'shows', value: (report) => textAt(report, 'description') },
  { title: 'states', value: (report) => listed(report, 'states') },
  { title: 'filters', value: (report) => listed(report, 'filters') },
];

function listed(report: JsonObject, name: string): string {
  const values = valueAt(report, name);
  return Array.isArray(values) ? values.join(' ') : '';
}

function columnOf(column: JsonObject): Column {
  const number = ['count', 'seconds'].includes(textAt(column, 'kind'));
  return {
    title: textAt(column, 'title'),
    value: (row) => shown(row, column),
    ...(number ? { align: 'right' } : {}),
  };
}

function shown(row: JsonObject, column: JsonObject): string {
  const [name, kind] = [textAt(column, 'name'), textAt(column, 'kind')];
  const value = valueAt(row, name);
  if (value === null || value === undefined) return '';
  if (kind === 'seconds') return duration(numberAt(row, name));
  if (kind === 'flag') return value === true ? 'yes' : 'no';
  return kind === 'moment' ? textAt(row, name).replace('T', ' ').slice(0, 16) : textAt(row, name);
}

async function queryOf({ api, clock }: Cli, flags: Filters): Promise<Query> {
  const momentOf = (text: string | undefined) => (text === undefined ? undefined : sinceOf(text, clock.now()));
  return {
    appId: flags.app === undefined ? undefined : await appIdOf(api, flags.app),
    userId: flags.user === undefined ? undefined : await userIdOf(api, flags.user),
    state: flags.state,
    since: momentOf(flags.since),
    until: momentOf(flags.until),
  };
}

/** By the report of all applications: whoever may read reports need not be allowed to read applications. */
async function appIdOf(api: ApiClient, name: string): Promise<string> {
  const apps = await api.list(pathOf('app-usage'), { limit: pageSizeMax });
  const wanted = name.toLowerCase();
  const found = apps.filter((app) => textAt(app, 'appId') === name || textAt(app, 'app').toLowerCase() === wanted);
  const ids = found.map((app) => textAt(app, 'appId'));
  const [only, another] = ids;
  if (only === undefined) throw new CommandError('notFound', `There is no app "${name}" to report on.`);
  if (another === undefined) return only;
  throw new CommandError('conflict', `${ids.length} apps are called "${name}". Name the one you mean by its id:`, {
    details: ids,
  });
}

async function userIdOf(api: ApiClient, who: string): Promise<string> {
  return /^00u\w{17}$/.test(who) ? who : textAt(await resolveUser(api, who), 'id');
}

function pathOf(name: string): string {
  return `/usher/v1/reports/${encodeURIComponent(name)}`;
}
