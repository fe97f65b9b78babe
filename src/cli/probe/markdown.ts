import type { ProbeExchange, ProbeFinding, ProbeReport } from '../../connectors/contract.ts';

/** The report as Markdown: to be put into an issue or a pull request. */
export function probeMarkdown(report: ProbeReport): string {
  const { url, score, verdict, counts, findings, exchanges, started } = report;
  const broken = findings.filter(({ outcome }) => outcome === 'fail' || outcome === 'warn');
  const rest = findings.filter(({ outcome }) => outcome === 'pass' || outcome === 'skip');
  return [
    `# SCIM probe of ${code(url)}: ${score}/100`,
    '',
    `${escaped(verdict)} ${counts.pass} rules hold, ${counts.fail} do not, ${counts.skip} were not tried (${started}).`,
    ...report.leftBehind.map((each) => `\n**Left behind, delete by hand:** ${escaped(each)}`),
    '',
    ...broken.flatMap(findingLines),
    '## What holds, and what was not tried',
    '',
    '| rule | outcome | seen |',
    '|---|---|---|',
    ...rest.map(({ title, outcome, seen }) => `| ${title} | ${outcome} | ${escaped(seen)} |`),
    '',
    '## Requests',
    '',
    ...exchanges.flatMap(exchangeLines),
  ].join('\n');
}

function findingLines({ title, weight, reference, seen, means, fix, exchanges }: ProbeFinding): readonly string[] {
  return [
    `### ${title} (${weight})`,
    '',
    `- **Seen:** ${escaped(seen)}${exchanges.length === 0 ? '' : ` (request ${exchanges.join(', ')})`}`,
    `- **Means:** ${means}`,
    `- **Fix:** ${fix}`,
    `- **Written in:** ${reference}`,
    '',
  ];
}

function exchangeLines({
  number,
  method,
  url,
  requestBody,
  status,
  responseBody,
  error,
}: ProbeExchange): readonly string[] {
  const lines = [`${method} ${url}`, ...(requestBody === null ? [] : [requestBody]), '', String(status ?? error ?? '')];
  return [`${number}.`, '', ...fenced([...lines, responseBody ?? '']), ''];
}

function fenced(lines: readonly string[]): readonly string[] {
  const text = lines.join('\n').trim();
  const ticks = '`'.repeat(Math.max(3, ...[...text.matchAll(/`+/g)].map(([run]) => run.length + 1)));
  return [ticks, text, ticks];
}

function code(text: string): string {
  return `\`${text.replaceAll('`', '')}\``;
}

function escaped(text: string): string {
  return text.replace(/[\\`*_{}[\]<>|#]/g, (character) => `\\${character}`);
}
