import type { ExternalId } from '../lib/ids.ts';

/**
 * Whether an account of the app is a person's. Exact: it bears their key or their user name. Partial: another user
 * name, but the same e-mail address or the same first and last name. Ambiguous: several may be, or it is taken.
 */
export const matchResults = ['exact', 'partial', 'none', 'ambiguous'] as const;
export type MatchResult = (typeof matchResults)[number];

/** What an account may have of somebody's whose user name it does not bear. */
export type Alike = 'email' | 'name';

/** An account that may be the person's. */
export interface MatchCandidate {
  readonly externalId: ExternalId;
  readonly exact: boolean;
  /** Of one that is not exact: the e-mail address, else the first and last name. */
  readonly alike: Alike | undefined;
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
  const theirs = like.alike === 'name' ? 'first and last name' : 'e-mail address';
  const reason = `the account has their ${theirs}, and another user name`;
  return { result: 'partial', externalId: like.externalId, reason };
}

function ambiguous(reason: string): Match {
  return { result: 'ambiguous', externalId: undefined, reason };
}
