import { writeFile } from 'node:fs/promises';
import { Value } from 'typebox/value';
import { probeScim } from '../../connectors/scim/probe/probe.ts';
import type { ProbeReport } from '../../connectors/contract.ts';
import { ScimSettings } from '../../connectors/scim/settings.ts';
import { parseEgressRules } from '../../lib/egress.ts';
import { createHttpClient } from '../../lib/undici-http-client.ts';
import { readAuth, type AuthFlags } from '../auth-flags.ts';
import type { Cli } from '../cli.ts';
import { CommandError, type Exit } from '../exit-codes.ts';
import { probeMarkdown } from './markdown.ts';
import { probePage } from './page.ts';
import { probeText } from './text.ts';

export interface ProbeFlags extends AuthFlags {
  readonly allowWrites?: boolean;
  readonly report?: string;
  readonly all?: boolean;
  readonly failUnder?: number;
}

/** Probes the server at `url`, shows or writes the report, and resolves with how it should end. */
export async function performProbe(cli: Cli, url: string, flags: ProbeFlags): Promise<Exit> {
  const settings: unknown = { baseUrl: url, auth: await readAuth(cli, flags, cli.givenToken) };
  if (!Value.Check(ScimSettings, settings) || !/^https?:\/\//.test(url) || !URL.canParse(url)) {
    throw new CommandError('usage', `"${url}" is not an address. Write it like https://app.example.com/scim/v2.`);
  }
  const writeReport = reportWriter(flags.report);
  // Whoever probes from their own machine may reach what it reaches.
  const egress = parseEgressRules(['0.0.0.0/0', '::/0']);
  const http = createHttpClient({ egress, timeoutMs: 30_000, connections: 2 });
  try {
    const report = await probeScim({
      settings,
      http,
      allowWrites: flags.allowWrites === true,
      signal: cli.signal,
      onStage: (stage) => {
        if (cli.output.terminal.stderr) cli.output.note(cli.output.noteStyle.dim(`· ${stage}`));
      },
    });
    await writeReport?.(report);
    cli.output.answer(JSON.parse(JSON.stringify(report)), () =>
      probeText(report, cli.output.style, flags.all === true),
    );
    cli.signal.throwIfAborted();
    return exitOf(report, flags.failUnder ?? 0);
  } finally {
    await http.close();
  }
}

function exitOf(report: ProbeReport, least: number): Exit {
  const { findings, leftBehind, score } = report;
  const credential = findings.find(({ rule }) => rule === 'connection.credential');
  if (credential?.outcome === 'fail') {
    const { status } = report.exchanges.find(({ number }) => credential.exchanges.includes(number)) ?? { status: 0 };
    return status === 401 || status === 403 ? 'denied' : 'failed';
  }
  if (report.verdict.startsWith('The probe broke off')) return 'failed';
  const broken = findings.some(({ outcome, weight }) => outcome === 'fail' && weight !== 'minor');
  return broken || leftBehind.length > 0 || score < least ? 'partial' : 'ok';
}

/** Undefined where no report is asked for. Says before the probe that the file's kind is not known. */
function reportWriter(file: string | undefined): ((report: ProbeReport) => Promise<void>) | undefined {
  if (file === undefined) return undefined;
  const [, kind = ''] = /\.(html|md|json)$/.exec(file) ?? [];
  const render = renderers[kind];
  if (render === undefined)
    throw new CommandError('usage', `A report is written as .html, .md or .json, not as "${file}".`);
  return async (report) => {
    await writeFile(file, render(report)).catch((cause: unknown) => {
      throw new CommandError('failed', `The report cannot be written to ${file}.`, { cause });
    });
  };
}

const renderers: { readonly [kind: string]: (report: ProbeReport) => string } = {
  html: probePage,
  md: probeMarkdown,
  json: (report) => `${JSON.stringify(report, null, 2)}\n`,
};
