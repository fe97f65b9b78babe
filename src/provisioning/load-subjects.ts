import type { AccountOwner } from '../planner/action.ts';
import type { FoundAccount } from '../planner/plan.ts';
import type { ExternalId, UserId } from '../lib/ids.ts';
import { foldName } from '../lib/text.ts';
import { findKnownAccounts, type KnownAccount } from '../store/app-accounts.ts';
import type { ClaimedRow } from '../store/app-user-queue.ts';
import type { Queryable } from '../store/database.ts';
import type { Person } from '../store/people.ts';
import { findOwners } from './account-owners.ts';
import type { AppSetup } from './app-setup.ts';
import { accountUserName, describeAccount } from './desired.ts';
import { loadContexts } from './load-contexts.ts';
import type { PersonContext } from './mapped-values.ts';
import { isOurs, type Subject } from './reconcile.ts';
import { matchesByName, uniqueAttributeOf, uniqueValue } from './unique-value.ts';

/** Everything the rows' decisions rest on, in as many queries for any number of rows. */
export async function loadSubjects(
  db: Queryable,
  setup: AppSetup,
  rows: readonly ClaimedRow[],
  people: ReadonlyMap<UserId, Person>,
  now: Date,
): Promise<Subject[]> {
  const contexts = await loadContexts(db, setup, [...people.values()], now);
  const subjects = rows.map((row) => {
    const context = contexts.get(row.userId) ?? { now };
    return { row, person: people.get(row.userId), context, known: undefined };
  });
  return setup.hasKnownAccounts ? matchKnown(db, setup, subjects) : subjects;
}

/**
 * Joins people without an account to the accounts seen in the app: by our own key, then by user name or by what the app
 * is set to recognise accounts by instead. A value several accounts have is nobody's: the app is asked about it.
 */
async function matchKnown(db: Queryable, setup: AppSetup, subjects: readonly Subject[]): Promise<Subject[]> {
  const unlinked = subjects.filter((subject) => subject.row.externalId === undefined);
  if (unlinked.length === 0) return [...subjects];
  const attribute = uniqueAttributeOf(setup);
  const uniques = attribute === undefined ? new Map<UserId, string>() : uniqueValues(setup, unlinked);
  const byNames = matchesByName(setup) ? unlinked : [];
  const nameKeys = new Map(
    byNames.flatMap(({ row, person, context }) => {
      const name = person === undefined ? undefined : accountUserName(setup, person, row, context);
      return name === undefined ? [] : [[row.userId, foldName(name)] as const];
    }),
  );
  const accounts = await findKnownAccounts(
    db,
    setup.appId,
    [...nameKeys.values()],
    unlinked.map((subject) => subject.row.userId),
    attribute === undefined ? undefined : { attribute, values: [...uniques.values()] },
  );
  const owners = await findOwners(
    db,
    setup,
    accounts.map((known) => known.account.externalId),
  );
  const byKey = new Map(accounts.map((known) => [known.account.correlationId, known]));
  const byName = new Map(accounts.map((known) => [known.nameKey, known]));
  const byUnique = soleAccounts(accounts);
  return subjects.map((subject) => {
    if (subject.row.externalId !== undefined) return subject;
    const { userId } = subject.row;
    const match =
      byKey.get(userId) ?? byName.get(nameKeys.get(userId) ?? '') ?? byUnique.get(uniques.get(userId) ?? '');
    return match === undefined ? subject : { ...subject, known: asFound(match, subject.row, owners) };
  });
}

/** By the unique attribute's value; without those that several accounts have. */
function soleAccounts(accounts: readonly KnownAccount[]): ReadonlyMap<string | undefined, KnownAccount> {
  const byValue = new Map<string | undefined, KnownAccount>();
  const shared = new Set<string | undefined>();
  for (const known of accounts) {
    const other = byValue.get(known.unique);
    if (other !== undefined && other.account.externalId !== known.account.externalId) shared.add(known.unique);
    byValue.set(known.unique, known);
  }
  for (const value of shared) byValue.delete(value);
  return byValue;
}

/** In lower case, of everybody of whom an account can be described. */
function uniqueValues(setup: AppSetup, subjects: readonly Subject[]): Map<UserId, string> {
  return new Map(
    subjects.flatMap(({ row, person, context }) => {
      const value = person === undefined ? undefined : describedUnique(setup, person, row, context);
      return value === undefined ? [] : [[row.userId, value.toLowerCase()] as const];
    }),
  );
}

function describedUnique(setup: AppSetup, person: Person, row: ClaimedRow, context: PersonContext): string | undefined {
  try {
    return uniqueValue(setup, describeAccount(setup, person, row, context).profile);
  } catch {
    return undefined;
  }
}

function asFound(known: KnownAccount, row: ClaimedRow, owners: ReadonlyMap<ExternalId, AccountOwner>): FoundAccount {
  const owner = owners.get(known.account.externalId);
  return {
    ...(owner === undefined ? {} : { owner }),
    account: known.account,
    ours: isOurs(known.account, row),
    linkedToOther: known.linkedTo !== undefined && known.linkedTo !== row.userId,
  };
}
