import type { Profile } from '../domain/profile.ts';
import { asUsherError, UsherError } from '../lib/errors.ts';
import type { UserId } from '../lib/ids.ts';
import { foldName } from '../lib/text.ts';
import { loadAppConfig } from '../store/app-config.ts';
import type { Queryable } from '../store/database.ts';
import { loadGroupsOf, loadPeopleOfApp, loadProfilesByReference, type Person } from '../store/people.ts';
import { findAppIds, loadAssignmentFacts } from '../store/profile-reads.ts';
import { setUpApp, type AppSetup } from './app-setup.ts';
import { appUserProfile, isEntitled } from './desired.ts';
import type { PersonContext } from './mapped-values.ts';

/** Somebody expressions are evaluated for. */
type Subject = Pick<Person, 'userId' | 'profile'>;

/**
 * What else the app's expressions may ask about these people, as far as they do: in one query for groups, one for
 * managers, and four for each app whose profiles are read, for any number of people.
 */
export async function loadContexts(
  db: Queryable,
  setup: AppSetup,
  people: readonly Subject[],
  now: Date,
): Promise<ReadonlyMap<UserId, PersonContext>> {
  return contextsWithin(db, setup, people, now, new Set([setup.name]));
}

/** `within` are the apps on the way here: a circle, which no mapping that is saved can make, ends where it began. */
async function contextsWithin(
  db: Queryable,
  setup: AppSetup,
  people: readonly Subject[],
  now: Date,
  within: ReadonlySet<string>,
): Promise<ReadonlyMap<UserId, PersonContext>> {
  const userIds = people.map(({ userId }) => userId);
  const groups = setup.needsGroups ? await loadGroupsOf(db, userIds) : undefined;
  const managers = setup.needsManager ? await loadManagers(db, people) : undefined;
  const appUsers = setup.readsApps.length > 0 ? await loadAppUsers(db, setup, userIds, now, within) : undefined;
  return new Map(
    userIds.map((userId): [UserId, PersonContext] => {
      const manager = managers?.get(userId);
      const others = appUsers?.get(userId);
      return [
        userId,
        {
          now,
          ...(groups === undefined ? {} : { groups: groups.get(userId) ?? [] }),
          ...(manager === undefined ? {} : { manager }),
          ...(others === undefined ? {} : { appUsers: others }),
        },
      ];
    }),
  );
}

async function loadManagers(db: Queryable, people: readonly Subject[]): Promise<Map<UserId, Profile>> {
  const references = people.flatMap((person) => {
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

type AppUsers = Record<string, Profile>;

/** Profiles in other apps, as they are to be there: only of those who have the app. */
async function loadAppUsers(
  db: Queryable,
  { readsApps }: AppSetup,
  userIds: readonly UserId[],
  now: Date,
  within: ReadonlySet<string>,
): Promise<ReadonlyMap<UserId, AppUsers>> {
  const byUserId = new Map<UserId, AppUsers>(userIds.map((userId) => [userId, {}]));
  const read = readsApps.filter((name) => !within.has(name));
  for (const [name, appId] of await findAppIds(db, read)) {
    const facts = await loadAssignmentFacts(db, appId, userIds);
    const config = facts.size === 0 ? undefined : await loadAppConfig(db, appId);
    if (config === undefined) continue;
    const setup = setUpApp(config);
    const { people } = await loadPeopleOfApp(db, appId, [...facts.keys()]);
    const contexts = await contextsWithin(db, setup, [...people.values()], now, new Set([...within, name]));
    for (const [userId, person] of people) {
      const appUsers = byUserId.get(userId);
      const assignment = facts.get(userId);
      if (appUsers === undefined || assignment === undefined || !isEntitled(person, assignment)) continue;
      const context = contexts.get(userId) ?? { now };
      defineLazily(appUsers, name, () => readProfile(setup, () => appUserProfile(setup, person, assignment, context)));
    }
  }
  return byUserId;
}

/**
 * Made when an expression looks at it, so that a mapping that is broken there fails whatever reads it, and nothing
 * else: read as empty, it would take away what the account has.
 */
function defineLazily(appUsers: AppUsers, name: string, make: () => Profile): void {
  let made: Profile | undefined;
  Object.defineProperty(appUsers, name, { enumerable: true, get: () => (made ??= make()) });
}

function readProfile({ label }: AppSetup, read: () => Profile): Profile {
  try {
    return read();
  } catch (error) {
    const cause = asUsherError(error);
    throw new UsherError('evaluation_failed', `The profile in ${label} cannot be told: ${cause.message}`, { cause });
  }
}
