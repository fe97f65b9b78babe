import type { Command } from 'commander';
import type { JsonObject } from '../../lib/json.ts';
import { examples, perform, type Cli, type Session } from '../cli.ts';
import { CommandError, type Exit } from '../exit-codes.ts';
import { textAt } from '../json-fields.ts';
import { resolveApp } from '../resolve.ts';
import { counted } from '../terminal-text.ts';
import { directionOption, fromFlags, mappingOf, withMappingFlags, type MappingFlags } from './mapping-flags.ts';
import { makePlan } from './plans.ts';

interface ChangeFlags extends MappingFlags {
  readonly later?: boolean;
  readonly plan?: boolean;
}

export function addMappingChanges(mappings: Command, session: Session): void {
  const set = examples(mappings.command('set').description('say where an attribute comes from'), [
    ['mappings set Wiki --to title --from title', 'from the same attribute of the person'],
    ["mappings set Wiki --to nickName --expression 'user.firstName' --push create", 'sent once and never again'],
    ['mappings set Wiki --to city --from city --when-empty leave', 'nobody loses what the app has'],
    ['mappings set Wiki --to title --value Agent --plan', 'show how many accounts it would change, change nothing'],
    ['mappings set Wiki --to title --from title --later', 'save it; "apps sync Wiki" brings it to everybody'],
  ]).argument('<app>', 'id, label or name');
  withChangeFlags(withMappingFlags(set)).action(
    perform<ChangeFlags>(session, async (cli, [name = ''], flags) => {
      if (flags.to === undefined) throw new CommandError('usage', 'Say which attribute is mapped: --to.');
      return change(cli, name, { [flags.to]: fromFlags(flags) }, flags);
    }),
  );
  withChangeFlags(
    examples(mappings.command('remove').description('map attributes no longer; what the app has stays'), [
      ['mappings remove Wiki title nickName', 'both of them'],
    ])
      .argument('<app>', 'id, label or name')
      .argument('<attribute...>', 'attributes that are mapped'),
  ).action(
    perform<ChangeFlags>(session, async (cli, [name = '', ...attributes], flags) =>
      change(cli, name, Object.fromEntries(attributes.map((attribute) => [attribute, null])), flags),
    ),
  );
}

function withChangeFlags(command: Command): Command {
  return command
    .addOption(directionOption())
    .option('--later', 'save it and look at nobody now')
    .option('--plan', 'plan it: say how many accounts it would change, and change nothing');
}

async function change(cli: Cli, name: string, properties: JsonObject, flags: ChangeFlags): Promise<Exit> {
  const { direction = 'to-app' } = flags;
  const app = await resolveApp(cli.api, name);
  const mappingId = textAt(await mappingOf(cli, textAt(app, 'id'), direction), 'id');
  if (flags.plan === true) {
    if (direction === 'to-directory' || flags.later === true)
      throw new CommandError('usage', 'Only a change towards the app, made at once, can be planned.');
    return makePlan(cli, { kind: 'mapping', mappingId, properties });
  }
  const query = flags.later === true ? '?apply=LATER' : '';
  const mapping = await cli.api.send('POST', `/api/v1/mappings/${mappingId}${query}`, { properties });
  const what = counted(Object.keys(properties).length, 'mapping');
  const next = flags.later === true ? `; "usher apps sync ${textAt(app, 'id')}" brings it to everybody` : '';
  cli.output.answer(mapping, () => `${cli.output.style.green('✓')} ${what} of ${textAt(app, 'label')} saved${next}`);
  return 'ok';
}
