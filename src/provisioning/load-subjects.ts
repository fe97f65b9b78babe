import type { AccountOwner } from '../planner/action.ts';
import type { FoundAccount } from '../planner/plan.ts';
import type { Profile } from '../domain/profile.ts';
import type { ExternalId, UserId } from '../lib/ids.ts';
import { foldName } from '../lib/text.ts';
import { findKnownAccounts, type KnownAccount } from '../store/app-accounts.ts';
import type { ClaimedRow } from '../store/app-user-queue.ts';
import type { Queryable } from '../store/database.ts';
import { loadGroupsOf, loadProfilesByReference, type Person } from '../store/people.ts';
import { findOwners } from './account-owners.ts';
import type { AppSetup } from './app-setup.ts';
import { accountUserName } from './desired.ts';
import type { PersonContext } from './mapped-values.ts';
import { isOurs, type Subject } from './reconcile.ts';

/** Everything the rows' decisions rest on, in at most six queries for any number of rows. */
export async function loadSubjects(
  db: Queryable,
  setup: AppSetup,
  rows: readonly ClaimedRow[],
  people: ReadonlyMap<UserId, Person>,
  now: Date,
): Promise<Subject[]> {
  const groups = setup.needsGroups ? await loadGroupsOf(db, [...people.keys()]) : undefined;
  const managers = setup.needsManager ? await loadManagers(db, people) : undefined;
  const subjects = rows.map((row) => {
    const person = people.get(row.userId);
    const manager = managers?.get(row.userId);
    const context: PersonContext = {
      now,
      ...(groups === undefined ? {} : { groups: groups.get(row.userId) ?? [] }),
      ...(manager === undefined ? {} : { manager }),
    };
    return { row, person, context, known: undefined };
  });
  return setup.hasKnownAccounts ? matchKnown(db, setup, subjects) : subjects;
}

async function loadManagers(db: Queryable, people: ReadonlyMap<UserId, Person>): Promise<Map<UserId, Profile>> {
  const references = [...people.values()].flatMap((person) => {
    const reference = person.profile['managerId'];
    return typeof reference === 'string' && reference !== '' ? [{ userId: person.userId, reference }] : [];
  });
  const profiles = await loadProfilesByReference(
    db,
    references.map((item) => item.reference),
  );
  return new Map(
    references.flatMap(({ userId, reference }) => {
      const profile = profiles.get(reference) ?? profiles.get(foldName(reference));
      return profile === undefined ? [] : [[userId, profile] as const];
    }),
  );
}

/** Joins people without an account to the accounts seen in the app: by our own key, then by user name. */
async function matchKnown(db: Queryable, setup: AppSetup, subjects: readonly Subject[]): Promise<Subject[]> {
  const unlinked = subjects.filter((subject) => subject.row.externalId === undefined);
  if (unlinked.length === 0) return [...subjects];
  const nameKeys = new Map(
    unlinked.flatMap(({ row, person, context }) => {
      const name = person === undefined ? undefined : accountUserName(setup, person, row, context);
      return name === undefined ? [] : [[row.userId, foldName(name)] as const];
    }),
  );
  const accounts = await findKnownAccounts(
    db,
    setup.appId,
    [...nameKeys.values()],
    unlinked.map((subject) => subject.row.userId),
  );
  const owners = await findOwners(
    db,
    setup,
    accounts.map((known) => known.account.externalId),
  );
  const byKey = new Map(accounts.map((known) => [known.account.correlationId, known]));
  const byName = new Map(accounts.map((known) => [known.nameKey, known]));
  return subjects.map((subject) => {
    if (subject.row.externalId !== undefined) return subject;
    const match = byKey.get(subject.row.userId) ?? byName.get(nameKeys.get(subject.row.userId) ?? '');
    return match === undefined ? subject : { ...subject, known: asFound(match, subject.row, owners) };
  });
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
