import { Option, type Command } from 'commander';
import { isJsonObject, type Json, type JsonObject } from '../../lib/json.ts';
import type { Cli } from '../cli.ts';
import { CommandError } from '../exit-codes.ts';
import { textAt } from '../json-fields.ts';

export type Direction = 'to-app' | 'to-directory';
export const directions: readonly Direction[] = ['to-app', 'to-directory'];

export interface MappingFlags {
  readonly direction?: Direction;
  readonly to?: string;
  readonly expression?: string;
  readonly from?: string;
  readonly value?: string;
  readonly whenEmpty?: string;
  readonly default?: string;
  readonly push?: string;
}

export function directionOption(): Option {
  return new Option('--direction <way>', 'from people to accounts, or from accounts to people').choices(directions);
}

/** The mapping of an app in one direction, with its expressions. */
export async function mappingOf(cli: Cli, appId: string, direction: Direction): Promise<JsonObject> {
  const query = direction === 'to-app' ? { targetId: appId } : { sourceId: appId };
  const [found] = await cli.api.list('/api/v1/mappings', query);
  if (found === undefined) throw new CommandError('notFound', `The app ${appId} has no mapping ${direction}.`);
  const mapping = await cli.api.get(`/api/v1/mappings/${textAt(found, 'id')}`);
  return isJsonObject(mapping) ? mapping : {};
}

/** The options that say what one attribute is mapped from. */
export function withMappingFlags(command: Command): Command {
  return command
    .option('--to <attribute>', 'the attribute that is mapped')
    .option('--expression <text>', 'where its value comes from')
    .option('--from <attribute>', 'an attribute of the other side, as it is')
    .option('--value <text>', 'the same text for everybody')
    .addOption(new Option('--when-empty <what>', 'when nothing comes out').choices(['clear', 'leave', 'default']))
    .option('--default <value>', 'with --when-empty default; JSON or a text')
    .addOption(new Option('--push <when>', 'when it is sent').choices(['always', 'create']));
}

/** What the API takes for one attribute. @throws {CommandError} `usage` unless it says once where it comes from. */
export function fromFlags({ direction, ...flags }: MappingFlags): JsonObject {
  const root = direction === 'to-directory' ? 'appuser' : 'user';
  const sources = [
    flags.expression,
    flags.from === undefined ? undefined : `${root}.${flags.from}`,
    flags.value === undefined ? undefined : JSON.stringify(flags.value),
  ].filter((source) => source !== undefined);
  const [expression, another] = sources;
  if (expression === undefined || another !== undefined) {
    throw new CommandError('usage', 'Say where it comes from, once: --expression, --from or --value.');
  }
  return {
    expression,
    pushStatus: flags.push === 'create' ? 'DONT_PUSH' : 'PUSH',
    ...(flags.whenEmpty === undefined ? {} : { whenEmpty: flags.whenEmpty.toUpperCase() }),
    ...(flags.default === undefined ? {} : { defaultValue: jsonOrText(flags.default) }),
  };
}

function jsonOrText(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

export function apiDirection(direction: Direction): string {
  return direction === 'to-app' ? 'TO_APP' : 'TO_DIRECTORY';
}
