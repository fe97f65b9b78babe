import type { Command } from 'commander';
import { examples, perform, type Session } from '../cli.ts';
import { textAt } from '../json-fields.ts';
import type { Column } from '../output.ts';

const tokenColumns: readonly Column[] = [
  { title: 'id', value: (token) => textAt(token, 'id') },
  { title: 'name', value: (token) => textAt(token, 'name') },
  { title: 'created', value: (token) => textAt(token, 'created').slice(0, 10) },
  { title: 'acts as', value: (token) => textAt(token, 'holder', 'login') },
  { title: 'last used', value: (token) => textAt(token, 'lastUsed').slice(0, 10) || 'never' },
  { title: 'expires', value: (token) => textAt(token, 'expires').slice(0, 10) || 'never' },
];

export function addTokenCommands(program: Command, session: Session): void {
  const tokens = examples(program.command('token').description('API tokens'), [
    ['token create "nightly load"', 'prints it once'],
    ['token revoke 00T0A1b2C3d4E5f6G7h8', 'refused from the next request on'],
  ]);
  examples(tokens.command('create').description('make a token that acts as you; it is shown this once'), [
    ['token create "nightly load" > nightly.token', 'stdout is the token alone'],
  ])
    .argument('<name>', 'to tell it from others')
    .action(
      perform(session, async (cli, [name = '']) => {
        const created = await cli.api.send('POST', '/usher/v1/api-tokens', { name });
        cli.output.note('Keep it now: it is not shown again.');
        cli.output.answer(created, () => textAt(created, 'value'));
      }),
    );
  examples(
    tokens.command('list').description('list tokens, whose they are and when each was last used, without their values'),
    [['token list', 'all']],
  ).action(
    perform(session, async (cli) => {
      const found = await cli.api.list('/usher/v1/api-tokens');
      cli.output.answer(found, () => cli.output.table(tokenColumns, found));
    }),
  );
  examples(tokens.command('revoke').description('end a token'), [['token revoke 00T0A1b2C3d4E5f6G7h8', 'by id']])
    .argument('<id>')
    .action(
      perform(session, async (cli, [id = '']) => {
        await cli.api.send('DELETE', `/api/v1/api-tokens/${encodeURIComponent(id)}`);
        cli.output.answer({ id, done: 'revoked' }, () => `${cli.output.style.green('✓')} revoked`);
      }),
    );
}
