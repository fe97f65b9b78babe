import type { Reply } from './exchange.ts';
import type { ProbeFinding, ProbeOutcome } from '../../contract.ts';
import { areaOf, ruleKeys, rules, type RuleKey } from './rules.ts';

/** Collects what came of each rule. The first word on a rule counts. */
export interface Judge {
  /** `holds` decides between pass and fail; `seen` is a sentence about what was seen. */
  say(rule: RuleKey, holds: boolean, seen: string, ...replies: readonly Reply[]): void;
  warn(rule: RuleKey, seen: string, ...replies: readonly Reply[]): void;
  skip(rule: RuleKey, why: string, ...replies: readonly Reply[]): void;
  holds(rule: RuleKey): boolean | undefined;
  /** In the order of the table; rules nobody spoke of are skipped for the reason given. */
  findings(otherwise: (rule: RuleKey) => string): readonly ProbeFinding[];
}

export function createJudge(): Judge {
  const known = new Map<RuleKey, ProbeFinding>();
  const note = (rule: RuleKey, outcome: ProbeOutcome, seen: string, replies: readonly Reply[]): void => {
    if (known.has(rule)) return;
    known.set(rule, finding(rule, outcome, seen, [...new Set(replies.map(({ exchange }) => exchange))]));
  };
  return {
    say: (rule, holds, seen, ...replies) => note(rule, holds ? 'pass' : 'fail', seen, replies),
    warn: (rule, seen, ...replies) => note(rule, 'warn', seen, replies),
    skip: (rule, why, ...replies) => note(rule, 'skip', why, replies),
    holds: (rule) => {
      const outcome = known.get(rule)?.outcome;
      return outcome === undefined || outcome === 'skip' ? undefined : outcome !== 'fail';
    },
    findings: (otherwise) => ruleKeys.map((rule) => known.get(rule) ?? finding(rule, 'skip', otherwise(rule), [])),
  };
}

function finding(rule: RuleKey, outcome: ProbeOutcome, seen: string, exchanges: readonly number[]): ProbeFinding {
  return { rule, area: areaOf(rule), outcome, seen, exchanges, ...rules[rule] };
}
