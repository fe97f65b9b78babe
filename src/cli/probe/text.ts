import type { ProbeFinding, ProbeReport } from '../../connectors/contract.ts';
import { areas } from '../../connectors/scim/probe/rules.ts';
import { padded, printable, type Style } from '../terminal-text.ts';

/** The report for a terminal: the score, what is broken and how to mend it, and a line per area. */
export function probeText(report: ProbeReport, style: Style, all: boolean): string {
  const shown = report.findings.filter(({ outcome }) => outcome === 'fail' || outcome === 'warn');
  return [
    head(report, style),
    '',
    ...areaLines(report, style),
    ...(shown.length === 0 ? [] : ['', ...shown.flatMap((finding) => findingLines(finding, style))]),
    ...(all ? ['', ...rest(report, style)] : []),
    ...(report.leftBehind.length === 0
      ? []
      : ['', style.red('Left behind, delete by hand:'), ...report.leftBehind.map((each) => `  ${printable(each)}`)]),
    '',
    foot(report, style),
  ].join('\n');
}

function head({ score, verdict, url }: ProbeReport, style: Style): string {
  const paint = score >= 85 ? style.green : score >= 50 ? style.yellow : style.red;
  const filled = Math.round(score / 5);
  const bar = `${'█'.repeat(filled)}${style.dim('░'.repeat(20 - filled))}`;
  return [
    '',
    `  ${style.bold(printable(url))}`,
    `  ${paint(bar)}  ${style.bold(paint(`${score}`))}${style.dim('/100')}`,
    `  ${printable(verdict)}`,
  ].join('\n');
}

/** One line per area, a mark for each rule in it. */
function areaLines({ findings }: ProbeReport, style: Style): readonly string[] {
  return areas.flatMap((area) => {
    const own = findings.filter((finding) => finding.area === area);
    const held = own.filter(({ outcome }) => outcome === 'pass').length;
    const tried = own.filter(({ outcome }) => outcome !== 'skip').length;
    const marks = own.map((finding) => mark(finding, style)).join('');
    const count = tried === 0 ? style.dim('not tried') : style.dim(`${held} of ${tried}`);
    return [`  ${padded(area, 11)} ${marks}${' '.repeat(Math.max(1, 19 - own.length))}${count}`];
  });
}

function mark({ outcome }: ProbeFinding, style: Style): string {
  switch (outcome) {
    case 'pass':
      return style.green('●');
    case 'warn':
      return style.yellow('◐');
    case 'fail':
      return style.red('✗');
    case 'skip':
      return style.dim('·');
  }
}

function findingLines(finding: ProbeFinding, style: Style): readonly string[] {
  const { weight, title, seen, means, fix, reference, exchanges, outcome } = finding;
  const paint = outcome === 'warn' ? style.yellow : style.red;
  const proof = exchanges.length === 0 ? '' : style.dim(`  request ${exchanges.join(', ')}`);
  return [
    `  ${paint(outcome === 'warn' ? '◐' : '✗')} ${style.bold(title)}  ${style.dim(`${weight} · ${reference}`)}`,
    `      ${printable(seen)}${proof}`,
    `      ${style.dim('Means')}  ${means}`,
    `      ${style.dim('Fix')}    ${fix}`,
    '',
  ];
}

function rest({ findings }: ProbeReport, style: Style): readonly string[] {
  return findings
    .filter(({ outcome }) => outcome === 'pass' || outcome === 'skip')
    .map((finding) => `  ${mark(finding, style)} ${finding.title}  ${style.dim(printable(finding.seen))}`);
}

function foot({ counts, requests, durationMs, wrote }: ProbeReport, style: Style): string {
  const parts = [`${counts.pass} hold`, `${counts.warn} nearly`, `${counts.fail} do not`, `${counts.skip} not tried`];
  const how = wrote ? 'with a throw-away account' : 'reading only; --allow-writes tries the rest';
  return style.dim(`  ${parts.join(' · ')} · ${requests} requests in ${(durationMs / 1_000).toFixed(1)} s, ${how}`);
}
