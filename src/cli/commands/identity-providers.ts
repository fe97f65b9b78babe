import { Option, type Command } from 'commander';
import { matchClaims, providerStatuses } from '../../domain/identity-provider.ts';
import type { JsonObject } from '../../lib/json.ts';
import { examples, perform, type Cli, type Session } from '../cli.ts';
import { readSecret } from '../client-settings.ts';
import type { Exit } from '../exit-codes.ts';
import { objectsAt, textAt, valueAt } from '../json-fields.ts';
import type { Column } from '../output.ts';
import { promptSecret } from '../prompt.ts';
import { resolveProvider } from '../resolve.ts';
import { printable } from '../terminal-text.ts';

const base = '/usher/v1/identity-providers';

const columns: readonly Column[] = [
  { title: 'id', value: (provider) => textAt(provider, 'id') },
  { title: 'label', value: (provider) => textAt(provider, 'label') },
  { title: 'status', value: (provider) => textAt(provider, 'status') },
  { title: 'issuer', value: (provider) => textAt(provider, 'issuer') },
  { title: 'client', value: (provider) => textAt(provider, 'clientId') },
  { title: 'found by', value: (provider) => textAt(provider, 'matchClaim') },
  { title: 'people', value: (provider) => textAt(provider, 'links') },
];

export function addProviderCommands(program: Command, session: Session): void {
  const providers = examples(
    program.command('identity-providers').description('where people sign in besides here, by OpenID Connect'),
    [
      ['identity-providers list', 'and the redirect URI to enter there'],
      ['identity-providers add Acme --issuer https://login.acme.example --client-id usher', 'asks for the secret'],
      ['identity-providers test Acme', 'whether it answers and takes the secret'],
    ],
  );
  examples(providers.command('list').description('list them, and where they are to send browsers back to'), [
    ['identity-providers list', 'all'],
  ]).action(perform(session, list));
  examples(providers.command('get').description('show one'), [['identity-providers get Acme', 'by id or label']])
    .argument('<provider>', 'id or label')
    .action(
      perform(session, async (cli, [name = '']) => {
        const provider = await resolveProvider(cli.api, name);
        cli.output.answer(provider, () => cli.output.table(columns, [provider]));
      }),
    );
  addAdd(providers, session);
  addUpdate(providers, session);
  examples(providers.command('test').description('ask one what can be asked without a person'), [
    ['identity-providers test Acme', 'reads only'],
  ])
    .argument('<provider>', 'id or label')
    .action(perform(session, test));
  examples(providers.command('delete').description('remove one; whom it has let in is signed out'), [
    ['identity-providers delete Acme', 'who is who there stays known, should it be added again'],
  ])
    .argument('<provider>', 'id or label')
    .action(
      perform(session, async (cli, [name = '']) => {
        const provider = await resolveProvider(cli.api, name);
        await cli.api.send('DELETE', pathOf(provider));
        const answer = { id: textAt(provider, 'id'), done: 'deleted' };
        cli.output.answer(answer, () => `${cli.output.style.green('✓')} ${textAt(provider, 'label')} is removed`);
      }),
    );
}

async function list(cli: Cli): Promise<void> {
  const found = await cli.api.get(base);
  cli.output.answer(found, () => {
    const note = `Redirect URI to enter there: ${textAt(found, 'redirectUri')}`;
    return `${cli.output.table(columns, objectsAt(found, 'providers'))}\n${cli.output.style.dim(note)}`;
  });
}

interface Flags {
  readonly label?: string;
  readonly issuer?: string;
  readonly clientId?: string;
  readonly credentialFile?: string;
  readonly matchClaim?: string;
  readonly status?: string;
}

const claimOption = () =>
  new Option('--match-claim <claim>', 'whose value is the login, at a first sign-in').choices([...matchClaims]);

function addAdd(providers: Command, session: Session): void {
  examples(providers.command('add').description('add one; nothing is sent there'), [
    ['identity-providers add Acme --issuer https://login.acme.example --client-id usher', 'asks for the secret'],
    [
      'identity-providers add Acme --issuer https://login.acme.example --client-id usher --credential-file acme.secret',
      'takes it from a file',
    ],
  ])
    .argument('<label>', 'what the button of the sign-in page says')
    .requiredOption('--issuer <url>', 'its address, as its ID tokens say it')
    .requiredOption('--client-id <id>', 'what Usher is called there')
    .option('--credential-file <file>', 'file with the client secret; - for stdin')
    .addOption(claimOption())
    .action(
      perform(session, async (cli, [label = ''], flags: Flags) => {
        const clientSecret = await secretOf(cli, flags);
        const made = await cli.api.send('POST', base, { label, ...given(flags), clientSecret });
        cli.output.answer(made, () => `${cli.output.style.green('✓')} ${textAt(made, 'label')} is added`);
      }),
    );
}

function addUpdate(providers: Command, session: Session): void {
  examples(providers.command('update').description('change one; what is not named stays as it is'), [
    ['identity-providers update Acme --status INACTIVE', 'lets nobody in, and signs out whom it has let in'],
    ['identity-providers update Acme --client-id usher2', 'another client takes the secret again: asks for it'],
  ])
    .argument('<provider>', 'id or label')
    .option('--label <label>', 'what the button of the sign-in page says')
    .option('--issuer <url>', 'its address; takes the secret again')
    .option('--client-id <id>', 'what Usher is called there; takes the secret again')
    .option('--credential-file <file>', 'file with the client secret; - for stdin')
    .addOption(claimOption())
    .addOption(new Option('--status <status>', 'whether people can sign in there').choices([...providerStatuses]))
    .action(
      perform(session, async (cli, [name = ''], flags: Flags) => {
        const before = await resolveProvider(cli.api, name);
        const elsewhere = (['issuer', 'clientId'] as const).some(
          (field) => flags[field] !== undefined && flags[field] !== textAt(before, field),
        );
        const again = elsewhere || flags.credentialFile !== undefined;
        const secret = again ? { clientSecret: await secretOf(cli, flags) } : {};
        const kept = Object.fromEntries(fields.map((field) => [field, textAt(before, field)]));
        const now = await cli.api.send('PUT', pathOf(before), { ...kept, ...given(flags), ...secret });
        cli.output.answer(now, () => `${cli.output.style.green('✓')} ${textAt(now, 'label')} is changed`);
      }),
    );
}

async function test(cli: Cli, [name = '']: readonly string[]): Promise<Exit> {
  const provider = await resolveProvider(cli.api, name);
  const report = await cli.api.send('POST', `${pathOf(provider)}/test`);
  const findings = objectsAt(report, 'findings');
  const { green, red, dim } = cli.output.style;
  const line = (finding: JsonObject) =>
    `${valueAt(finding, 'ok') === true ? green('✓') : red('✗')} ${printable(textAt(finding, 'subject'))}  ${dim(printable(textAt(finding, 'detail')))}`;
  cli.output.answer(report, () => findings.map(line).join('\n'));
  return findings.every((finding) => valueAt(finding, 'ok') === true) ? 'ok' : 'failed';
}

const fields = ['label', 'issuer', 'clientId', 'matchClaim', 'status'] as const;

function given(flags: Flags): JsonObject {
  return Object.fromEntries(
    fields.flatMap((field) => {
      const value = flags[field];
      return value === undefined ? [] : [[field, value]];
    }),
  );
}

function secretOf(cli: Cli, { credentialFile }: Flags): Promise<string> {
  if (credentialFile !== undefined) return readSecret(credentialFile, cli.deps.stdin, 'a client secret');
  return promptSecret(cli, 'Client secret: ');
}

function pathOf(provider: JsonObject): string {
  return `${base}/${encodeURIComponent(textAt(provider, 'id'))}`;
}
