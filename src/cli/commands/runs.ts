import type { Command } from 'commander';
import type { Json } from '../../lib/json.ts';
import { examples, perform, type Cli, type Session } from '../cli.ts';
import { isJsonObject } from '../../lib/json.ts';
import { CommandError, type Exit } from '../exit-codes.ts';
import { numberAt, objectsAt, textAt, valueAt } from '../json-fields.ts';
import { facts } from '../output.ts';
import { startProgress } from '../progress.ts';
import { until } from '../wait.ts';

export function addRunCommands(program: Command, session: Session): void {
  const runs = examples(program.command('runs').description('bulk work and how far it is'), [
    ['runs show run0A1b2C3d4E5f6G7h8', 'what it did'],
  ]);
  examples(runs.command('show').description('show a run'), [
    ['runs show run0A1b2C3d4E5f6G7h8 --watch', 'wait for its end, with a progress bar'],
  ])
    .argument('<id>')
    .option('--watch', 'wait until it has ended')
    .action(
      perform<{ watch?: boolean }>(session, async (cli, [id = ''], flags): Promise<Exit> => {
        const found = await cli.api.get(`/usher/v1/runs/${encodeURIComponent(id)}`);
        const run = flags.watch === true ? await followRun(cli, found, textAt(found, 'kind'), 'items') : found;
        cli.output.answer(run, () => describeRun(cli, run));
        return ['FAILED', 'REFUSED'].includes(textAt(run, 'status')) ? 'failed' : 'ok';
      }),
    );
}

/** Milliseconds between two looks at a run. */
const lookEveryMs = 250;

/** Draws a run's progress until it has ended, and resolves with how. Interrupted, it says that the run goes on. */
export async function followRun(cli: Cli, run: Json, title: string, unit: string): Promise<Json> {
  const id = textAt(run, 'id');
  const progress = startProgress(cli.output, cli.clock, title, unit);
  let latest = run;
  try {
    return await until(
      async () => {
        if (textAt(latest, 'status') !== 'RUNNING') return latest;
        progress.update(doneOf(latest), numberAt(latest, 'total'));
        latest = await cli.api.get(`/usher/v1/runs/${id}`);
        return undefined;
      },
      { clock: cli.clock, signal: cli.signal, everyMs: lookEveryMs, what: 'the run' },
    );
  } catch (error) {
    if (!cli.signal.aborted) throw error;
    throw new CommandError(
      'interrupted',
      `The run ${id} goes on without us. See it with "usher runs show ${id} --watch".`,
    );
  } finally {
    progress.end();
  }
}

function doneOf(run: Json): number {
  const counts = valueAt(run, 'counts');
  return isJsonObject(counts) ? Object.keys(counts).reduce((sum, name) => sum + numberAt(counts, name), 0) : 0;
}

function describeRun(cli: Cli, run: Json): string {
  const counts = valueAt(run, 'counts');
  return facts(
    [
      ['id', textAt(run, 'id')],
      ['kind', textAt(run, 'kind')],
      ['status', textAt(run, 'status')],
      ['started', textAt(run, 'started')],
      ['finished', textAt(run, 'finished')],
      ['total', textAt(run, 'total')],
      ...Object.keys(isJsonObject(counts) ? counts : {}).map((name) => [name, textAt(counts, name)] as const),
      ...objectsAt(run, 'problems').map((problem) => ['problem', textAt(problem, 'reason')] as const),
    ],
    cli.output.style,
  );
}
