import { createReadStream } from 'node:fs';
import { access, constants, stat } from 'node:fs/promises';
import type { Command } from 'commander';
import type { Json, JsonObject } from '../../lib/json.ts';
import { examples, perform, type Cli, type Session } from '../cli.ts';
import { CommandError, type Exit } from '../exit-codes.ts';
import { numberAt, objectsAt, textAt } from '../json-fields.ts';
import { counted } from '../terminal-text.ts';
import { followRun } from './runs.ts';

export function addUserImport(users: Command, session: Session): void {
  examples(
    users.command('import').description('load people from a CSV file; a row updates the person with its login'),
    [
      ['users import people.csv', 'load everybody'],
      ['users import people.csv --create-attributes', 'and make unknown columns into attributes'],
      ['users import - < people.csv', 'from stdin'],
    ],
  )
    .argument('<file>', 'CSV with a header row, - for stdin')
    .option('--dry-run', 'check everything, count what would be done, do nothing')
    .option('--create-attributes', 'make columns nobody knows into new attributes')
    .option('--staged', 'leave new people STAGED instead of activating them')
    .action(perform(session, importUsers));
}

interface ImportFlags {
  readonly dryRun?: boolean;
  readonly createAttributes?: boolean;
  readonly staged?: boolean;
}

async function importUsers(cli: Cli, [file = '']: readonly string[], flags: ImportFlags): Promise<Exit> {
  const content = file === '-' ? cli.deps.stdin : createReadStream(await readable(file));
  const started = await cli.api.upload('/usher/v1/imports/people', content, 'text/csv', {
    dryRun: flags.dryRun,
    createAttributes: flags.createAttributes,
    ...(flags.staged === true ? { activate: false } : {}),
  });
  const run = await followRun(cli, started, 'Loading people', 'people');
  const refused = textAt(run, 'status') !== 'SUCCEEDED';
  cli.output.answer(run, () => describeImport(cli, run, flags.dryRun === true));
  return refused ? 'failed' : 'ok';
}

function describeImport(cli: Cli, run: Json, dryRun: boolean): string {
  const { style } = cli.output;
  if (textAt(run, 'status') === 'SUCCEEDED') {
    const count = (name: string) => numberAt(run, 'counts', name).toLocaleString('en-US');
    const sum = `${count('created')} created, ${count('updated')} updated, ${count('unchanged')} unchanged`;
    return dryRun ? `Nothing was written. It would be: ${sum}.` : `${style.green('✓')} ${sum}`;
  }
  const problems = objectsAt(run, 'problems');
  const failed = numberAt(run, 'counts', 'failed') || problems.length;
  return [
    `${style.red('✗')} Nothing was written, because the file has ${counted(failed, 'fault')}:`,
    ...problems.map(describeProblem),
    ...(failed > problems.length ? [`… and ${failed - problems.length} more.`] : []),
  ].join('\n');
}

/** `line 12, column 4 (email) "x": reason`. */
function describeProblem(problem: JsonObject): string {
  const [line, column] = [numberAt(problem, 'line'), numberAt(problem, 'column')];
  const [header, value] = [textAt(problem, 'header'), textAt(problem, 'value')];
  const place = [line > 0 ? `line ${line}` : '', column > 0 ? `column ${column}` : ''].filter((part) => part !== '');
  const shown = `${place.join(', ')}${header === '' ? '' : ` (${header})`}${value === '' ? '' : ` "${value}"`}`;
  return `  ${shown === '' ? '' : `${shown}: `}${textAt(problem, 'reason')}`;
}

async function readable(file: string): Promise<string> {
  try {
    await access(file, constants.R_OK);
    if (!(await stat(file)).isDirectory()) return file;
  } catch (cause) {
    throw new CommandError('usage', `${file} cannot be read. Check the path and its permissions.`, { cause });
  }
  throw new CommandError('usage', `${file} is a folder. Name a CSV file.`);
}
