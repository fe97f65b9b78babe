import { many, number } from './plurals';

type Match = 'exact' | 'partial' | 'ambiguous' | 'none' | 'unknown';
const matches: Readonly<Record<Match, string>> = {
  exact: 'Exact',
  partial: 'Partial',
  ambiguous: 'Ambiguous',
  none: 'No account',
  unknown: 'Not compared yet',
};

/** Texts of people who have an application and no account in it. */
export const unprovisioned = {
  tab: (count: number) => `Without account (${number.format(count)})`,
  look: 'Look at them first',
  list: 'People without an account',
  what: 'They got the application before provisioning was on. Comparing reads the accounts of the application once and writes nothing. An account that is exactly theirs is linked; where none is, one is made.',
  match: 'Match',
  any: 'Any',
  matches,
  withCount: (match: Match, count: number) => `${matches[match]} (${number.format(count)})`,
  why: {
    exact: 'The account bears their key or their user name. It is linked.',
    partial: 'The account has their e-mail address or name, and another user name.',
    ambiguous: 'Several accounts may be theirs. It is left until that is clear.',
    none: 'No account is like them. One is made.',
    unknown: 'What is there is found out when they are provisioned.',
  },
  account: 'Account in the app',
  changes: 'Would change',
  compare: 'Compare with the app',
  empty: 'Everybody who has the application has an account, or is getting one.',
  emptyFiltered: 'Nobody is like this.',
  allTitle: (count: number) => `Provision ${many(count, 'person', 'people')}?`,
  allWhat: 'Accounts are made, or linked where one is exactly theirs. Who has a partial or an ambiguous match is left.',
  provision: 'Provision',
  link: 'Link',
  create: 'Make another',
  begun: 'It is being done.',
};
