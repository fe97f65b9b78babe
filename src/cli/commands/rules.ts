import type { Command } from 'commander';
import { examples, perform, type Cli, type Session } from '../cli.ts';
import { textAt, valueAt } from '../json-fields.ts';
import type { Column } from '../output.ts';
import { resolveGroup, resolveRule } from '../resolve.ts';

const ruleColumns: readonly Column[] = [
  { title: 'id', value: (rule) => textAt(rule, 'id') },
  {
    title: 'status',
    value: (rule) => textAt(rule, 'status'),
    colour: (rule, style) => (textAt(rule, 'status') === 'ACTIVE' ? style.green : style.yellow),
  },
  { title: 'name', value: (rule) => textAt(rule, 'name') },
  { title: 'if', value: (rule) => textAt(rule, 'conditions', 'expression', 'value') },
];

export function addRuleCommands(program: Command, session: Session): void {
  const rules = examples(program.command('rules').description('rules that fill groups by expression'), [
    ['rules create Sales --if \'user.department == "Sales"\' --into Sales --activate', 'and begin at once'],
    ['rules deactivate Sales', 'its people leave the group'],
  ]);
  examples(rules.command('list').description('list group rules'), [
    ['rules list', 'all, with their expressions'],
  ]).action(
    perform(session, async (cli) => {
      const found = await cli.api.list('/api/v1/groups/rules', { limit: 200 });
      cli.output.answer(found, () => cli.output.table(ruleColumns, found));
    }),
  );
  examples(rules.command('create').description('make a rule; it does nothing until it is active'), [
    ['rules create Sales --if \'user.department == "Sales"\' --into Sales', 'activate it later'],
  ])
    .argument('<name>')
    .requiredOption('--if <expression>', 'Okta expression over user attributes')
    .requiredOption('--into <group...>', 'groups the people come into')
    .option('--activate', 'activate it at once')
    .action(perform(session, createRule));
  for (const verb of ['activate', 'deactivate'] as const) addVerb(rules, session, verb);
  examples(rules.command('delete').description('delete an inactive rule; its people stay unless told otherwise'), [
    ['rules delete Sales --remove-users', 'and take its people out of the groups'],
  ])
    .argument('<rule>', 'id or name')
    .option('--remove-users', 'take the people it added out of its groups')
    .action(
      perform<{ removeUsers?: boolean }>(session, async (cli, [name = ''], flags) => {
        const id = textAt(await resolveRule(cli.api, name), 'id');
        await cli.api.send('DELETE', `/api/v1/groups/rules/${id}`, undefined, {
          removeUsers: flags.removeUsers === true,
        });
        cli.output.answer({ id, done: 'deleted' }, () => `${cli.output.style.green('✓')} ${name} deleted`);
      }),
    );
}

async function createRule(
  cli: Cli,
  [name = '']: readonly string[],
  flags: { if?: string; into?: readonly string[]; activate?: boolean },
): Promise<void> {
  const groups = await Promise.all((flags.into ?? []).map((group) => resolveGroup(cli.api, group)));
  const rule = await cli.api.send('POST', '/api/v1/groups/rules', {
    type: 'group_rule',
    name,
    conditions: { expression: { type: 'urn:okta:expression:1.0', value: flags.if ?? '' } },
    actions: { assignUserToGroups: { groupIds: groups.map((group) => textAt(group, 'id')) } },
  });
  const id = textAt(rule, 'id');
  if (flags.activate === true) await cli.api.send('POST', `/api/v1/groups/rules/${id}/lifecycle/activate`);
  const state = flags.activate === true ? 'made and active' : 'made; activate it with "usher rules activate"';
  const now = flags.activate === true ? await cli.api.get(`/api/v1/groups/rules/${id}`) : rule;
  cli.output.answer(now, () => `${cli.output.style.green('✓')} ${textAt(valueAt(now, 'name'))} ${state}, ${id}`);
}

function addVerb(rules: Command, session: Session, verb: 'activate' | 'deactivate'): void {
  const meaning =
    verb === 'activate' ? 'evaluate it for everybody, now and on every change' : 'its people leave its groups';
  examples(rules.command(verb).description(meaning), [[`rules ${verb} Sales`, 'by id or name']])
    .argument('<rule>', 'id or name')
    .action(
      perform(session, async (cli, [name = '']) => {
        const id = textAt(await resolveRule(cli.api, name), 'id');
        await cli.api.send('POST', `/api/v1/groups/rules/${id}/lifecycle/${verb}`);
        cli.output.answer({ id, done: verb }, () => `${cli.output.style.green('✓')} ${name} ${verb}d`);
      }),
    );
}
