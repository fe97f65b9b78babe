import type { Command } from 'commander';
import { examples, perform, type Cli, type Session } from '../cli.ts';
import { numberAt, objectsAt, textAt, valueAt } from '../json-fields.ts';
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
    ['rules deactivate Sales', 'nobody is put in by it any more; who is in stays'],
  ]);
  examples(rules.command('list').description('list group rules'), [
    ['rules list', 'all, with their expressions'],
    ['rules list --into Sales', 'those that fill one group'],
  ])
    .option('--into <group>', 'only those that put people into this group')
    .action(
      perform<{ into?: string }>(session, async (cli, _args, { into }) => {
        const groupId = into === undefined ? undefined : textAt(await resolveGroup(cli.api, into), 'id');
        const path = groupId === undefined ? '/api/v1/groups/rules' : `/usher/v1/groups/${groupId}/rules`;
        const found = await cli.api.list(path, { limit: 200 });
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
  examples(
    rules.command('preview').description('who would come into the groups, and who would leave; changes nothing'),
    [
      ['rules preview --if \'user.department == "Sales"\' --into Sales', 'before it is made'],
      ['rules preview --if \'user.title == "Lead"\' --into Sales --rule Sales', 'in the place of a rule there is'],
    ],
  )
    .requiredOption('--if <expression>', 'Okta expression over user attributes')
    .requiredOption('--into <group...>', 'groups the people come into')
    .option('--rule <rule>', 'the rule it stands in for')
    .action(perform(session, previewRule));
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

async function previewRule(
  cli: Cli,
  _names: readonly string[],
  flags: { if?: string; into?: readonly string[]; rule?: string },
): Promise<void> {
  const groups = await Promise.all((flags.into ?? []).map((group) => resolveGroup(cli.api, group)));
  const found = await cli.api.send('POST', '/usher/v1/groups/rules/preview', {
    expression: flags.if ?? '',
    groupIds: groups.map((group) => textAt(group, 'id')),
    ...(flags.rule === undefined ? {} : { ruleId: textAt(await resolveRule(cli.api, flags.rule), 'id') }),
  });
  const rows = [
    ...objectsAt(found, 'joins').map((person) => ({ ...person, change: 'joins' })),
    ...objectsAt(found, 'leaves').map((person) => ({ ...person, change: 'leaves' })),
  ];
  const shown: readonly Column[] = [
    { title: 'change', value: (row) => textAt(row, 'change') },
    { title: 'login', value: (row) => textAt(row, 'login') },
  ];
  const reason = textAt(found, 'failure', 'reason');
  cli.output.answer(found, () =>
    [
      ...(rows.length === 0 ? [] : [cli.output.table(shown, rows)]),
      `Of ${numberAt(found, 'people')} people ${numberAt(found, 'joining')} would join and ${numberAt(found, 'leaving')} would leave.`,
      ...(reason === '' ? [] : [`Could not be told for ${numberAt(found, 'failure', 'people')}: ${reason}`]),
    ].join('\n'),
  );
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
