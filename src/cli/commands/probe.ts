import { InvalidArgumentError, type Command } from 'commander';
import { addAuthOptions } from '../auth-flags.ts';
import { examples, perform, type Session } from '../cli.ts';
import type { ProbeFlags } from '../probe/perform.ts';

export function addProbeCommand(program: Command, session: Session): void {
  const command = examples(
    program
      .command('probe')
      .description('hold a SCIM 2.0 server against the RFC: what works, what does not, and how to mend it'),
    [
      ['probe https://app.example.com/scim/v2', 'asks for the token; only reads'],
      ['probe https://app.example.com/scim/v2 --token-file app.token --allow-writes', 'also with a throw-away account'],
      ['probe http://localhost:3000/scim --token-file - --report probe.html', 'token from stdin, report as a page'],
      ['probe https://app.example.com/scim/v2 --token-file t --json --fail-under 90', 'in a pipeline'],
    ],
  )
    .argument('<url>', 'SCIM base URL: what stands before /Users')
    .option(
      '--allow-writes',
      'make a throw-away account and group, change and delete them; without it only GET is sent',
    )
    .option('--all', 'show what holds, too')
    .option('--report <file>', 'write the report with every request: .html, .md or .json')
    .option('--fail-under <score>', 'exit with 6 when the score is lower (0 to 100)', parseScore)
    .addHelpText(
      'after',
      `
It speaks to the app itself; no Usher server is needed. The token also comes with --token-file here.
Exit codes: 0 no important rule is broken · 1 no report, or the probe broke off · 2 usage · 4 credential refused
· 6 an important or critical rule is broken, the score is under --fail-under, or something was left behind`,
    );
  addAuthOptions(command).action(
    perform<ProbeFlags>(session, async (cli, [url = ''], flags) => {
      // The rules and the schemas they need take longer to load than all other commands together.
      const { performProbe } = await import('../probe/perform.ts');
      return performProbe(cli, url, flags);
    }),
  );
}

function parseScore(text: string): number {
  const score = Number(text);
  if (text !== '' && score >= 0 && score <= 100) return score;
  throw new InvalidArgumentError('It must be a number from 0 to 100.');
}
