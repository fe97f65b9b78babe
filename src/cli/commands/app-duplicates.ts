import { Option, type Command } from 'commander';
import { examples, perform, type Session } from '../cli.ts';
import type { Exit } from '../exit-codes.ts';
import { numberAt, textAt, valueAt } from '../json-fields.ts';
import type { Column } from '../output.ts';
import { resolveApp } from '../resolve.ts';
import { counted } from '../terminal-text.ts';
import { makePlan } from './plans.ts';

interface DuplicateFlags {
  readonly label?: string;
  readonly links: string;
  readonly visible?: boolean;
  readonly plan?: boolean;
}

const sharedColumns: readonly Column[] = [
  { title: 'id', value: (other) => textAt(other, 'appId') },
  { title: 'label', value: (other) => textAt(other, 'label') },
  { title: 'people in common', value: (other) => (valueAt(other, 'sharePeople') === true ? 'yes' : 'no') },
  {
    title: 'written by both',
    value: (other) => [valueAt(other, 'contested')].flat().join(', '),
    colour: (_other, style) => style.yellow,
  },
];

export function addAppDuplicateCommands(apps: Command, session: Session): void {
  examples(apps.command('duplicate').description('make a second instance of an app, only for provisioning'), [
    ['apps duplicate Wiki', 'hidden from people, finds the same accounts once it is connected'],
    ['apps duplicate Wiki --label "Wiki accounts" --links move', 'takes the links over from the original'],
    ['apps duplicate Wiki --links move --plan', 'show what becomes of each account, make nothing'],
  ])
    .argument('<app>', 'id, label or name')
    .option('--label <text>', 'label of the duplicate')
    .addOption(
      new Option('--links <what>', 'the links to accounts: found again, left where they are, or moved')
        .choices(['match', 'stay', 'move'])
        .default('match'),
    )
    .option('--visible', 'show it to people as a tile')
    .option('--plan', 'plan it: say what becomes of each account, and make nothing')
    .action(
      perform<DuplicateFlags>(session, async (cli, [name = ''], { label, links, visible, plan }): Promise<Exit> => {
        const id = textAt(await resolveApp(cli.api, name), 'id');
        const asked = {
          links: links.toUpperCase(),
          ...(label === undefined ? {} : { label }),
          ...(visible === undefined ? {} : { visible }),
        };
        if (plan === true) return makePlan(cli, { kind: 'duplicate', appId: id, ...asked });
        const made = await cli.api.send('POST', `/usher/v1/apps/${id}/duplicate`, asked);
        const { green } = cli.output.style;
        const moved = numberAt(made, 'movedLinks');
        const also = moved === 0 ? '' : `, ${counted(moved, 'link')} moved`;
        cli.output.answer(
          made,
          () =>
            `${green('✓')} ${textAt(made, 'app', 'label')} added, ${textAt(made, 'app', 'id')}${also}. Give it a credential: usher apps connect`,
        );
        return 'ok';
      }),
    );
  examples(apps.command('shared-accounts').description('list other instances on the same accounts'), [
    ['apps shared-accounts Wiki', 'and the attributes both would write'],
  ])
    .argument('<app>', 'id, label or name')
    .action(
      perform(session, async (cli, [name = '']) => {
        const id = textAt(await resolveApp(cli.api, name), 'id');
        const found = await cli.api.list(`/usher/v1/apps/${id}/shared-accounts`, {});
        cli.output.answer(found, () => cli.output.table(sharedColumns, found));
      }),
    );
}
