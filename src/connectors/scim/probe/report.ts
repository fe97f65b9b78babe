import type { AttributeDefinitions } from '../../../domain/profile-schema.ts';
import type { JsonObject } from '../../../lib/json.ts';
import type { Exchange } from './exchange.ts';
import type { RuleArea, RuleKey, RuleWeight } from './rules.ts';

/** What came of one rule: `skip` says that it could not be tried, and why. */
export type ProbeOutcome = 'pass' | 'warn' | 'fail' | 'skip';

/** One rule of SCIM held against what the server did, in sentences for the people who run it. */
export interface ProbeFinding {
  readonly rule: RuleKey;
  readonly area: RuleArea;
  readonly weight: RuleWeight;
  readonly outcome: ProbeOutcome;
  /** What must hold. */
  readonly title: string;
  /** What was seen. */
  readonly seen: string;
  /** What it means for provisioning when it does not hold. */
  readonly means: string;
  readonly fix: string;
  /** Where it is written, e.g. `RFC 7644 §3.4.2`. */
  readonly reference: string;
  /** Numbers of the exchanges that show it. */
  readonly exchanges: readonly number[];
}

/** What the server can do, as far as the probe saw it; undefined where it did not see. */
export interface ProbedCapabilities {
  readonly listAccounts: boolean;
  readonly create: boolean | undefined;
  readonly update: boolean | undefined;
  readonly deactivate: boolean | undefined;
  readonly remove: boolean | undefined;
  readonly groups: boolean | undefined;
  readonly discoversSchema: boolean;
  readonly patch: boolean | undefined;
  readonly bulk: boolean | undefined;
  readonly etag: boolean | undefined;
}

export interface ProbeReport {
  readonly url: string;
  readonly started: string;
  readonly durationMs: number;
  readonly requests: number;
  /** Whether a throw-away account was made. */
  readonly wrote: boolean;
  /** 0 to 100: the weight of the rules that hold, of all that could be tried. */
  readonly score: number;
  readonly verdict: string;
  readonly counts: { readonly [outcome in ProbeOutcome]: number };
  readonly capabilities: ProbedCapabilities;
  readonly findings: readonly ProbeFinding[];
  /** Throw-away accounts and groups that could not be deleted, for a person to delete by hand. */
  readonly leftBehind: readonly string[];
  /** What the server says accounts may have, as definitions for a profile schema. */
  readonly attributes: AttributeDefinitions;
  /** For the capability record of a connection: what it would otherwise have to find out. */
  readonly learned: JsonObject;
  readonly exchanges: readonly Exchange[];
}

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
