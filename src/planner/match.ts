import type { ExternalId } from '../lib/ids.ts';

/**
 * Whether an account of the app is a person's. Exact: it bears their key or their user name. Partial: another user
 * name, but the same e-mail address or the same first and last name. Ambiguous: several may be, or it is taken.
 */
export const matchResults = ['exact', 'partial', 'none', 'ambiguous'] as const;
export type MatchResult = (typeof matchResults)[number];

/** An account that may be the person's. */
export interface MatchCandidate {
  readonly externalId: ExternalId;
  readonly exact: boolean;
  /** It is linked to another person of the app. */
  readonly linkedToOther: boolean;
}

export interface Match {
  readonly result: MatchResult;
  /** The one account it may be. */
  readonly externalId: ExternalId | undefined;
  readonly reason: string | undefined;
}

/** What the candidates come to. Exact ones make the others of no account; one that is taken is no partial match. */
export function classifyMatch(candidates: readonly MatchCandidate[]): Match {
  const exact = candidates.filter((candidate) => candidate.exact);
  const [only, another] = exact;
  if (only !== undefined) {
    if (another !== undefined) return ambiguous(`${exact.length} accounts bear their key or user name`);
    if (only.linkedToOther) return ambiguous('the account with their user name belongs to another person here');
    return { result: 'exact', externalId: only.externalId, reason: undefined };
  }
  const partial = candidates.filter((candidate) => !candidate.linkedToOther);
  const [like, alike] = partial;
  if (like === undefined) return { result: 'none', externalId: undefined, reason: undefined };
  if (alike !== undefined) return ambiguous(`${partial.length} accounts have their e-mail address or name`);
  return { result: 'partial', externalId: like.externalId, reason: undefined };
}

function ambiguous(reason: string): Match {
  return { result: 'ambiguous', externalId: undefined, reason };
}
