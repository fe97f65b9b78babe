import type { Command } from 'commander';
import { examples, perform, type Session } from '../cli.ts';
import { objectsAt, textAt, valueAt } from '../json-fields.ts';
import type { Column } from '../output.ts';
import { printable } from '../terminal-text.ts';

const columns: readonly Column[] = [
  { title: 'address', value: (found) => textAt(found, 'address') },
  { title: 'open', value: (found) => (valueAt(found, 'allowed') === true ? 'yes' : 'no') },
  { title: 'because it is', value: (found) => textAt(found, 'reason') },
  { title: 'opened by', value: (found) => textAt(found, 'network') },
];

export function addEgressCommands(program: Command, session: Session): void {
  const egress = examples(program.command('egress').description('where the server may connect to'), [
    ['egress check https://wiki.internal', 'whether it may, and why'],
  ]);
  examples(egress.command('check').description('ask whether the server may connect to an address; it does not'), [
    ['egress check https://wiki.internal/scim/v2', 'by name: what it stands for on the server'],
    ['egress check 10.20.3.4:8443', 'by address'],
  ])
    .argument('<url>', 'a URL, a host or an address')
    .action(
      perform(session, async (cli, [url = '']) => {
        const found = await cli.api.send('POST', '/usher/v1/egress/check', { url });
        const allowed = valueAt(found, 'allowed') === true;
        cli.output.answer(found, () => {
          const { green, red } = cli.output.style;
          const host = printable(`${textAt(found, 'host')} port ${textAt(found, 'port')}`);
          const verdict = allowed
            ? `${green('✓')} Usher may connect to ${host}`
            : `${red('✗')} Usher may not connect to ${host}`;
          const addresses = objectsAt(found, 'addresses');
          const why =
            addresses.length === 0 ? 'Its name is not known to the server.' : cli.output.table(columns, addresses);
          return `${verdict}\n${why}`;
        });
        return allowed ? 'ok' : 'failed';
      }),
    );
}
