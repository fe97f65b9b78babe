import type { Command } from 'commander';
import type { Json, JsonObject } from '../../lib/json.ts';
import { examples, perform, type Cli, type Session } from '../cli.ts';
import { CommandError, type Exit } from '../exit-codes.ts';
import { numberAt, objectsAt, textAt, valueAt } from '../json-fields.ts';
import { isJsonObject } from '../../lib/json.ts';
import { facts, type Column } from '../output.ts';
import { duration, startProgress } from '../progress.ts';
import { resolveApp } from '../resolve.ts';
import { until } from '../wait.ts';

export function addRunCommands(program: Command, session: Session): void {
  const runs = examples(program.command('runs').description('bulk work: how far it is, and stopping it'), [
    ['runs list', 'the newest first'],
    ['runs watch run0A1b2C3d4E5f6G7h8', 'wait for its end, with a progress bar'],
    ['runs pause run0A1b2C3d4E5f6G7h8', 'stop before the next item'],
  ]);
  examples(runs.command('list').description('list runs, the newest first'), [
    ['runs list --status RUNNING', 'what is at work'],
    ['runs list --app Wiki', 'what was done to one app'],
  ])
    .option('--status <status>', 'RUNNING, PAUSED, SUCCEEDED, FAILED, REFUSED or CANCELLED')
    .option('--kind <kind>', 'e.g. people_import')
    .option('--app <app>', 'id, label or name')
    .option('--limit <number>', 'how many, 20 when left out', '20')
    .action(perform(session, listRuns));
  examples(runs.command('show').description('show a run and what it could not do'), [
    ['runs show run0A1b2C3d4E5f6G7h8', 'what it did'],
    ['runs show run0A1b2C3d4E5f6G7h8 --watch', 'wait for its end, with a progress bar'],
  ])
    .argument('<id>')
    .option('--watch', 'wait until it has ended')
    .action(
      perform<{ watch?: boolean }>(session, async (cli, [id = ''], flags) => showRun(cli, id, flags.watch === true)),
    );
  examples(runs.command('watch').description('wait for the end of a run'), [
    ['runs watch run0A1b2C3d4E5f6G7h8', 'with a progress bar; Ctrl-C leaves the run alone'],
  ])
    .argument('<id>')
    .action(perform(session, async (cli, [id = '']) => showRun(cli, id, true)));
  addControl(runs, session, 'pause', 'stop a run before its next item; resume goes on');
  addControl(runs, session, 'resume', 'go on with a paused run');
  addControl(runs, session, 'cancel', 'end a run before its next item; what is done stays done');
}

/** Milliseconds between two looks at a run. */
const lookEveryMs = 250;

/** Draws a run's progress until it has ended or is paused, and resolves with how. Interrupted, it says that it goes on. */
export async function followRun(cli: Cli, run: Json, title: string, unit: string): Promise<Json> {
  const id = textAt(run, 'id');
  const progress = startProgress(cli.output, cli.clock, title, unit);
  let latest = run;
  try {
    return await until(
      async () => {
        if (textAt(latest, 'status') !== 'RUNNING') return latest;
        progress.update(behind(latest), numberAt(latest, 'total'));
        latest = await cli.api.get(`/usher/v1/runs/${id}`);
        return undefined;
      },
      { clock: cli.clock, signal: cli.signal, everyMs: lookEveryMs, what: 'the run' },
    );
  } catch (error) {
    if (!cli.signal.aborted) throw error;
    throw new CommandError('interrupted', `The run ${id} goes on without us. See it with "usher runs watch ${id}".`);
  } finally {
    progress.end();
  }
}

/** How a command ends that has done bulk work: what failed item by item is `partial`. */
export function exitOfRun(run: Json): Exit {
  const status = textAt(run, 'status');
  if (status === 'FAILED' || status === 'REFUSED' || status === 'CANCELLED') return 'failed';
  return numberAt(run, 'failed') > 0 ? 'partial' : 'ok';
}

export function describeRun(cli: Cli, run: Json): string {
  const counts = valueAt(run, 'counts');
  const seconds = numberAt(run, 'secondsLeft');
  const rate = numberAt(run, 'rate');
  const problems = objectsAt(run, 'problems');
  return facts(
    [
      ...['id', 'kind', 'status', 'phase', 'started', 'finished', 'total', 'done', 'failed', 'skipped', 'waiting'].map(
        (name) => [name, textAt(run, name)] as const,
      ),
      ['rate', rate > 0 ? `${rate}/s${seconds > 0 ? `, ${duration(seconds)} left` : ''}` : ''],
      ...Object.keys(isJsonObject(counts) ? counts : {}).map((name) => [name, textAt(counts, name)] as const),
      ...problems.map((problem) => ['problem', describeProblem(problem)] as const),
      [
        'more',
        problems.length < numberAt(run, 'failed') ? `problems: /usher/v1/runs/${textAt(run, 'id')}/problems` : '',
      ],
    ],
    cli.output.style,
  );
}

function describeProblem(problem: JsonObject): string {
  const item = textAt(problem, 'item');
  return `${item === '' ? '' : `${item}: `}${textAt(problem, 'reason')}`;
}

const columns: readonly Column[] = [
  { title: 'id', value: (run) => textAt(run, 'id') },
  { title: 'kind', value: (run) => textAt(run, 'kind') },
  {
    title: 'status',
    value: (run) => textAt(run, 'status'),
    colour: (run, style) => (textAt(run, 'status') === 'FAILED' ? style.red : (text: string) => text),
  },
  { title: 'total', value: (run) => textAt(run, 'total'), align: 'right' },
  { title: 'done', value: (run) => textAt(run, 'done'), align: 'right' },
  { title: 'failed', value: (run) => textAt(run, 'failed'), align: 'right' },
  { title: 'skipped', value: (run) => textAt(run, 'skipped'), align: 'right' },
  { title: 'started', value: (run) => textAt(run, 'started') },
];

interface ListFlags {
  readonly status?: string;
  readonly kind?: string;
  readonly app?: string;
  readonly limit: string;
}

async function listRuns(cli: Cli, _args: readonly string[], flags: ListFlags): Promise<void> {
  const app = flags.app === undefined ? undefined : await resolveApp(cli.api, flags.app);
  const query = { status: flags.status, kind: flags.kind, ...(app === undefined ? {} : { appId: textAt(app, 'id') }) };
  const runs = await cli.api.list('/usher/v1/runs', { ...query, limit: flags.limit }, Number(flags.limit) || 20);
  cli.output.answer(runs, () => cli.output.table(columns, runs));
}

async function showRun(cli: Cli, id: string, watch: boolean): Promise<Exit> {
  const found = await cli.api.get(pathOf(id));
  const run = watch ? await followRun(cli, found, textAt(found, 'kind'), 'items') : found;
  cli.output.answer(run, () => describeRun(cli, run));
  return exitOfRun(run);
}

function addControl(runs: Command, session: Session, verb: 'pause' | 'resume' | 'cancel', about: string): void {
  examples(runs.command(verb).description(about), [[`runs ${verb} run0A1b2C3d4E5f6G7h8`, 'by its id']])
    .argument('<id>')
    .action(
      perform(session, async (cli, [id = '']) => {
        const run = await cli.api.send('POST', `${pathOf(id)}/${verb}`);
        cli.output.answer(run, () => describeRun(cli, run));
      }),
    );
}

function pathOf(id: string): string {
  return `/usher/v1/runs/${encodeURIComponent(id)}`;
}

function behind(run: Json): number {
  return numberAt(run, 'done') + numberAt(run, 'failed') + numberAt(run, 'skipped');
}
