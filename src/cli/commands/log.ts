import type { Command } from 'commander';
import type { JsonObject } from '../../lib/json.ts';
import { examples, perform, type Cli, type Session } from '../cli.ts';
import { printFile } from '../download.ts';
import { CommandError } from '../exit-codes.ts';
import { numberAt, objectsAt, textAt, valueAt } from '../json-fields.ts';
import type { Column } from '../output.ts';
import { padded, printable } from '../terminal-text.ts';
import { pause } from '../wait.ts';

interface LogFlags {
  readonly filter?: string;
  readonly query?: string;
  readonly since?: string;
  readonly limit: string;
  readonly follow?: boolean;
}

export function addLogCommand(program: Command, session: Session): void {
  const log = program.command('log').description('the system log: who did what, and what Usher did in apps');
  examples(log, [
    ['log --since 1h', 'the last hour, newest first'],
    ['log counts --since 24h --by type', 'how many events of which type there were'],
    ['log export --since 30d > log.csv', 'all of it, as a file'],
    ['log --filter \'outcome.result eq "FAILURE"\'', 'an Okta filter expression'],
    ['log --follow --json', 'events as they come, one JSON document per line'],
  ])
    .option('--filter <expression>', 'Okta filter expression')
    .option('--query <text>', 'words anywhere in the event')
    .option('--since <when>', 'ISO time, or a while ago such as 30m, 12h or 7d')
    .option('--limit <count>', 'at most so many', '50')
    .option('--follow', 'go on with new events until Ctrl-C')
    .action(
      perform(session, (cli, _args, flags: LogFlags) =>
        flags.follow === true ? follow(cli, flags) : show(cli, flags),
      ),
    );
  addCounts(log, session);
  addExport(log, session);
}

interface CountFlags extends Omit<LogFlags, 'limit'> {
  readonly until?: string;
  readonly buckets?: string;
  readonly by: string;
}

function addCounts(log: Command, session: Session): void {
  examples(log.command('counts').description('how many events there were when, and how they ended'), [
    ['log counts --since 24h --buckets 24', 'hour by hour'],
    ['log counts --since 30d --by type', 'by type, those with the most events first'],
  ])
    .option('--filter <expression>', 'Okta filter expression')
    .option('--query <text>', 'words anywhere in the event')
    .option('--since <when>', 'ISO time, or a while ago such as 30m, 12h or 7d; without it, 7d')
    .option('--until <when>', 'the same; without it, now')
    .option('--buckets <count>', 'as many lines at most, from 2 to 500', '24')
    .option('--by <what>', 'time or type', 'time')
    .action(
      perform(session, async (cli, _args, flags: CountFlags) => {
        if (flags.by !== 'time' && flags.by !== 'type') throw new CommandError('usage', '--by must be time or type.');
        const counts = await cli.api.get('/usher/v1/logs/counts', { ...queryOf(cli, flags), buckets: flags.buckets });
        cli.output.answer(counts, () =>
          flags.by === 'type'
            ? cli.output.table([typeColumn, ...countColumns], objectsAt(counts, 'types'))
            : cli.output.table([timeColumn, ...countColumns], objectsAt(counts, 'buckets')),
        );
        if (valueAt(counts, 'complete') === false) cli.output.note('Only the newest million events.');
      }),
    );
}

const typeColumn: Column = { title: 'event', value: (row) => textAt(row, 'eventType') };
const timeColumn: Column = { title: 'from', value: (row) => textAt(row, 'from').replace('T', ' ').slice(0, 19) };
const countColumns: readonly Column[] = ['SUCCESS', 'FAILURE', 'SKIPPED', 'DEFERRED'].map((outcome) => ({
  title: outcome.toLowerCase(),
  value: (row) => String(numberAt(row, outcome)),
  align: 'right',
}));

interface ExportFlags extends Omit<LogFlags, 'limit'> {
  readonly until?: string;
  readonly format: string;
}

function addExport(log: Command, session: Session): void {
  examples(log.command('export').description('the log as a file, the newest first'), [
    ['log export > log.csv', 'all of it, as CSV'],
    ['log export --format ndjson --since 30d > log.ndjson', 'whole events, one JSON document per line'],
  ])
    .option('--filter <expression>', 'Okta filter expression')
    .option('--query <text>', 'words anywhere in the event')
    .option('--since <when>', 'ISO time, or a while ago such as 30m, 12h or 7d; without it, from the beginning')
    .option('--until <when>', 'the same; without it, now')
    .option('--format <format>', 'csv or ndjson', 'csv')
    .action(
      perform(session, async (cli, _args, flags: ExportFlags) => {
        const { format } = flags;
        if (format !== 'csv' && format !== 'ndjson') throw new CommandError('usage', '--format must be csv or ndjson.');
        await printFile(cli, `/usher/v1/logs/${format}`, queryOf(cli, flags));
      }),
    );
}

async function show(cli: Cli, flags: LogFlags): Promise<void> {
  const limit = Number(flags.limit);
  if (!Number.isInteger(limit) || limit < 1) throw new CommandError('usage', '--limit must be a whole number above 0.');
  const query = { ...queryOf(cli, flags), sortOrder: 'DESCENDING', limit: Math.min(limit, pageSizeMax) };
  const events = await cli.api.list('/api/v1/logs', { ...query, until: cli.clock.now().toISOString() }, limit);
  cli.output.answer(events, () => cli.output.table(eventColumns, events));
}

/** Milliseconds between two questions for new events. */
const askEveryMs = 1_500;
const pageSizeMax = 1_000;

/** Without an end the log always has a next page, which is empty until something happens. */
async function follow(cli: Cli, flags: LogFlags): Promise<void> {
  const since = flags.since === undefined ? { since: cli.clock.now().toISOString() } : {};
  let next: string | undefined = '/api/v1/logs';
  let query: ReturnType<typeof queryOf> | undefined = {
    ...queryOf(cli, flags),
    ...since,
    sortOrder: 'ASCENDING',
    limit: '100',
  };
  try {
    while (next !== undefined) {
      const page: Awaited<ReturnType<Cli['api']['page']>> = await cli.api.page(next, query);
      for (const event of page.items) {
        if (cli.output.json) cli.output.document(event);
        else cli.output.text(lineOf(cli, event));
      }
      next = page.next;
      query = undefined;
      if (page.items.length === 0) await pause(askEveryMs, cli.signal);
    }
  } catch (error) {
    // Ctrl-C is how following ends.
    if (!cli.interrupted.aborted) throw error;
  }
}

function queryOf(
  cli: Cli,
  flags: Omit<LogFlags, 'limit'> & { readonly until?: string },
): { readonly [name: string]: string | undefined } {
  const momentOf = (text: string | undefined) => (text === undefined ? undefined : sinceOf(text, cli.clock.now()));
  const until = flags.until === undefined ? {} : { until: momentOf(flags.until) };
  return { filter: flags.filter, q: flags.query, since: momentOf(flags.since), ...until };
}

const unitMs: { readonly [unit: string]: number } = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `30m` before `now`, or the time given, as ISO. @throws {CommandError} `usage` for anything else. */
export function sinceOf(text: string, now: Date): string {
  const [, count, unit] = /^(\d+)([smhd])$/.exec(text) ?? [];
  const ms = unit === undefined ? undefined : unitMs[unit];
  if (ms !== undefined) return new Date(now.getTime() - Number(count) * ms).toISOString();
  const time = new Date(text);
  if (!Number.isNaN(time.getTime())) return time.toISOString();
  throw new CommandError(
    'usage',
    `"${text}" is not a time. Write 2026-05-01T08:00:00Z, or a while ago such as 30m, 12h or 7d.`,
  );
}

const eventColumns: readonly Column[] = [
  { title: 'published', value: (event) => textAt(event, 'published').replace('T', ' ').slice(0, 19) },
  {
    title: 'outcome',
    value: (event) => textAt(event, 'outcome', 'result'),
    colour: (event, style) => (textAt(event, 'outcome', 'result') === 'FAILURE' ? style.red : style.green),
  },
  { title: 'event', value: (event) => textAt(event, 'displayMessage') || textAt(event, 'eventType') },
  { title: 'about', value: targetsOf },
  { title: 'by', value: (event) => textAt(event, 'actor', 'alternateId') },
  { title: 'reason', value: (event) => textAt(event, 'outcome', 'reason') },
];

function lineOf(cli: Cli, event: JsonObject): string {
  const { dim, red, green } = cli.output.style;
  const failed = textAt(event, 'outcome', 'result') === 'FAILURE';
  const what = padded(textAt(event, 'displayMessage'), 34);
  const reason = textAt(event, 'outcome', 'reason');
  const time = textAt(event, 'published').slice(11, 19);
  return [dim(time), failed ? red('✗') : green('✓'), what, printable(targetsOf(event)), dim(printable(reason))]
    .join(' ')
    .trimEnd();
}

function targetsOf(event: JsonObject): string {
  return objectsAt(event, 'target')
    .map((target) => textAt(target, 'displayName') || textAt(target, 'alternateId'))
    .filter((name, index, names) => name !== '' && names.indexOf(name) === index)
    .join(' → ');
}
