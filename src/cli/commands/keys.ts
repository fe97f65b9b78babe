import type { Command } from 'commander';
import type { Json } from '../../lib/json.ts';
import { examples, perform, type Cli, type Session } from '../cli.ts';
import { CommandError } from '../exit-codes.ts';
import { numberAt, objectsAt, textAt, valueAt } from '../json-fields.ts';
import type { Column } from '../output.ts';
import { startProgress } from '../progress.ts';
import { until } from '../wait.ts';

const columns: readonly Column[] = [
  { title: 'id', value: (key) => textAt(key, 'id') },
  { title: 'state', value: (key) => textAt(key, 'state') },
  { title: 'created', value: (key) => textAt(key, 'created').slice(0, 10) },
  { title: 'secrets', value: (key) => textAt(key, 'secrets'), align: 'right' },
];

export function addKeyCommands(program: Command, session: Session): void {
  const keys = examples(program.command('keys').description('the keys that secrets are sealed with'), [
    ['keys list', 'how many secrets each of them seals'],
    ['keys rotate', 'replace the key, and wait until everything is sealed anew'],
  ]);
  examples(keys.command('list').description('list them, without anything of the keys themselves'), [
    ['keys list', 'the newest first'],
  ]).action(
    perform(session, async (cli) => {
      const found = await cli.api.get('/usher/v1/keys');
      cli.output.answer(found, () => describe(cli, found));
    }),
  );
  examples(keys.command('rotate').description('replace the key; secrets can be used and changed all the while'), [
    ['keys rotate', 'with a progress bar; Ctrl-C leaves the rotation alone'],
    ['keys rotate --no-wait', 'only begins'],
  ])
    .option('--no-wait', 'do not wait until everything is sealed anew')
    .action(
      perform<{ wait: boolean }>(session, async (cli, _args, { wait }) => {
        const begun = await cli.api.send('POST', '/usher/v1/keys/rotate');
        const keys = wait ? await follow(cli, begun) : begun;
        cli.output.answer(keys, () => describe(cli, keys));
      }),
    );
}

/** Milliseconds between two looks. */
const lookEveryMs = 250;

async function follow(cli: Cli, begun: Json): Promise<Json> {
  const progress = startProgress(cli.output, cli.clock, 'Sealing anew', 'secrets');
  let latest = begun;
  try {
    return await until(
      async () => {
        const rotation = valueAt(latest, 'rotation');
        if (rotation == null) return latest;
        progress.update(numberAt(rotation, 'done'), numberAt(rotation, 'total'));
        latest = await cli.api.get('/usher/v1/keys');
        return undefined;
      },
      { clock: cli.clock, signal: cli.signal, everyMs: lookEveryMs, what: 'the rotation' },
    );
  } catch (error) {
    if (!cli.signal.aborted) throw error;
    throw new CommandError('interrupted', 'The rotation goes on without us. See it with "usher keys list".');
  } finally {
    progress.end();
  }
}

function describe({ output }: Cli, keys: Json): string {
  const rotation = valueAt(keys, 'rotation');
  const direct = numberAt(valueAt(keys, 'master') ?? {}, 'secrets');
  const unreadable = numberAt(keys, 'unreadable');
  return [
    output.table(columns, objectsAt(keys, 'keys')),
    ...(rotation == null
      ? []
      : [`Rotating: ${numberAt(rotation, 'done')} of ${numberAt(rotation, 'total')} secrets are sealed anew.`]),
    ...(direct === 0 ? [] : [`${direct} sealed with the master key itself: "usher keys rotate" seals them anew.`]),
    ...(unreadable === 0 ? [] : [`${unreadable} that no key opens: enter them again.`]),
  ].join('\n');
}
