import type { ProbeFinding, ProbeReport } from '../../contract.ts';
import type { RuleWeight } from './rules.ts';

const points: { readonly [weight in RuleWeight]: number } = { critical: 12, important: 4, minor: 1 };

/** What an app can reach that breaks a rule nobody can provision without. */
const scoreMaxWhenBroken = 49;

/** Half for a warning. One broken critical rule keeps the score below 50, whatever else is well. */
export function scoreOf(findings: readonly ProbeFinding[]): number {
  const tried = findings.filter(({ outcome }) => outcome !== 'skip');
  const all = tried.reduce((sum, { weight }) => sum + points[weight], 0);
  if (all === 0) return 0;
  const share = { pass: 1, warn: 0.5, fail: 0, skip: 0 } as const;
  const earned = tried.reduce((sum, { weight, outcome }) => sum + points[weight] * share[outcome], 0);
  const score = Math.floor((100 * earned) / all);
  return isBroken(findings) ? Math.min(score, scoreMaxWhenBroken) : score;
}

export function countsOf(findings: readonly ProbeFinding[]): ProbeReport['counts'] {
  const counts = { pass: 0, warn: 0, fail: 0, skip: 0 };
  for (const { outcome } of findings) counts[outcome] += 1;
  return counts;
}

export function verdictOf(findings: readonly ProbeFinding[], wrote: boolean): string {
  const failed = findings.filter(({ outcome }) => outcome === 'fail');
  const critical = failed.filter(({ weight }) => weight === 'critical');
  const [worst] = critical;
  if (worst !== undefined) {
    const others = critical.length === 1 ? '' : ` and ${critical.length - 1} more`;
    return `Not ready for provisioning: a rule that everything rests on does not hold (${worst.title}${others}).`;
  }
  const so = wrote ? '' : ' Only reading was tried; let it write to learn the rest.';
  if (failed.length === 0) return `Ready for provisioning: every rule that was tried holds or nearly does.${so}`;
  const rules = failed.length === 1 ? 'one rule does' : `${failed.length} rules do`;
  return `Usable: ${rules} not hold, and a careful client can work around it.${so}`;
}

function isBroken(findings: readonly ProbeFinding[]): boolean {
  return findings.some(({ weight, outcome }) => weight === 'critical' && outcome === 'fail');
}
