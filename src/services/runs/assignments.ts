import { userTarget } from '../../domain/event-targets.ts';
import type { AttributeDefinitions } from '../../domain/profile-schema.ts';
import type { Profile } from '../../domain/profile.ts';
import { UsherError } from '../../lib/errors.ts';
import type { AppId, RunId, UserId } from '../../lib/ids.ts';
import type { Json } from '../../lib/json.ts';
import { setUpApp } from '../../provisioning/app-setup.ts';
import { groupValues } from '../../provisioning/desired.ts';
import { loadAppConfig } from '../../store/app-config.ts';
import { assignDirectly, endDirectAssignmentsOf } from '../../store/app-users.ts';
import { recheckAssignments } from '../../store/assignments.ts';
import {
  appendAssignedPeople,
  findNamedPeople,
  overrideGroups,
  returnToGroups,
  type NamedPerson,
} from '../../store/bulk-assignments.ts';
import type { Tx } from '../../store/database.ts';
import { appendEvents } from '../../store/log-events.ts';
import { loadPeopleOfApp } from '../../store/people.ts';
import { appendRunItems, listRunItems } from '../../store/run-items.ts';
import type { NewRunProblem } from '../../store/run-problems.ts';
import type { Run } from '../../store/runs.ts';
import { findUsers } from '../../store/users.ts';
import { followAssignments, requireApp } from '../app-change.ts';
import { authorize } from '../authorize.ts';
import type { AppContext, Context } from '../context.ts';
import { succeeded } from '../log.ts';
import { insertRun } from './insert.ts';
import type { Chunk, RunKind } from './kind.ts';
import { fillWithPeople } from './people.ts';

/**
 * `override` makes assignments by group individual ones, with the values the groups give just now; `return_to_groups`
 * is the way back. `assign` does both: who has the app by group keeps their values.
 */
export const assignmentActions = ['assign', 'unassign', 'override', 'return_to_groups'] as const;
export type AssignmentAction = (typeof assignmentActions)[number];

/** Whom it is about: people by id or login, everybody a list of people would bring, or all whom it can be about. */
export type Whom =
  | { readonly subjects: readonly string[] }
  | { readonly search?: string; readonly filter?: string; readonly prefix?: string }
  | 'all';

/** People per transaction. */
const chunkSize = 1_000;

/**
 * Begins a run that gives an app to people, takes it from them, or changes how they have it. Who they are is fixed
 * now; logins are looked up as the run comes to them.
 *
 * @throws {UsherError} `not_found` (app); `invalid_input` for a search that does not hold, and for everybody where
 *   somebody must be named.
 */
export async function startAssignmentRun(
  context: Context,
  appId: AppId,
  action: AssignmentAction,
  whom: Whom,
): Promise<RunId> {
  return context.db.transaction(async (tx) => {
    await requireApp(tx, appId);
    await authorize(context, tx, 'apps.assign', { apps: [appId] });
    const run = { kind: 'app_assignment', appId, request: { action } };
    return insertRun(context, tx, run, (runId) => fill(context, tx, runId, appId, action, whom));
  });
}

/** Does them, a thousand people per transaction. */
export const assignmentRuns: RunKind = {
  permission: 'apps.assign',
  open: (context, run) => {
    const { appId } = run;
    const action = assignmentActions.find((known) => known === run.request['action']);
    if (appId === null || action === undefined) throw new UsherError('internal', 'A run says not what it is to do.');
    return { chunk: (tx, current) => chunk(context, tx, current, appId, action) };
  },
};

async function fill(
  context: Context,
  tx: Tx,
  runId: RunId,
  appId: AppId,
  action: AssignmentAction,
  whom: Whom,
): Promise<number> {
  if (whom === 'all') {
    if (action === 'override' || action === 'return_to_groups') {
      return appendAssignedPeople(tx, runId, appId, { direct: action === 'return_to_groups' });
    }
    const reason = `cannot be said with ${action}: name people, or search for them`;
    throw new UsherError('invalid_input', `The request cannot be taken: all ${reason}.`, {
      causes: [{ field: 'all', reason }],
    });
  }
  if ('subjects' in whom) return appendRunItems(tx, runId, [...new Set(whom.subjects)]);
  return fillWithPeople(context, tx, runId, whom);
}

async function chunk(context: AppContext, tx: Tx, run: Run, appId: AppId, action: AssignmentAction): Promise<Chunk> {
  const from = typeof run.cursor === 'number' ? run.cursor : 0;
  const items = await listRunItems(tx, run.id, from, chunkSize);
  const people = await findNamedPeople(
    tx,
    appId,
    items.map(({ subject }) => subject),
  );
  const problems = people.flatMap((person) => problemOf(person, action) ?? []);
  const able = people.flatMap((person) => {
    const { userId } = person;
    return userId === null || problemOf(person, action) !== undefined ? [] : [{ ...person, userId }];
  });
  const changed = await changers[action](context, tx, appId, able);
  if (changed.length > 0) await followAssignments(context, tx, appId, changed);
  const done = new Set(changed).size;
  return {
    cursor: items.at(-1)?.seq ?? from,
    ...{ done, failed: problems.length, skipped: items.length - problems.length - done, problems },
    ended: items.length < chunkSize,
  };
}

type Able = NamedPerson & { readonly userId: UserId };
type Changer = (context: AppContext, tx: Tx, appId: AppId, people: readonly Able[]) => Promise<UserId[]>;

const changers: Readonly<Record<AssignmentAction, Changer>> = {
  assign: async (context, tx, appId, people) => {
    const byGroup = people.filter(({ assigned, direct }) => assigned && !direct);
    const overridden = await override(context, tx, appId, byGroup);
    const others = people.filter(({ direct }) => !direct).map(({ userId }) => userId);
    return [...overridden, ...(await assignDirectly(tx, appId, others))];
  },
  unassign: async (_context, tx, appId, people) => {
    const ended = await endDirectAssignmentsOf(tx, appId, idsOf(people));
    await recheckAssignments(tx, { appId, userIds: ended });
    return ended;
  },
  override,
  return_to_groups: async (context, tx, appId, people) => {
    const returned = await returnToGroups(tx, appId, idsOf(people));
    await logUpdates(context, tx, appId, returned);
    return returned;
  },
};

/** What the groups give now is theirs from now on, and what groups could give but do not stays empty. */
async function override(context: AppContext, tx: Tx, appId: AppId, people: readonly Able[]): Promise<UserId[]> {
  const given = people.filter(({ assigned, direct }) => assigned && !direct);
  const config = given.length === 0 ? undefined : await loadAppConfig(tx, appId);
  if (config === undefined) return [];
  const setup = setUpApp(config);
  const names = attributesOfGroups(config.attributes, Object.keys(config.mappings));
  const { people: loaded } = await loadPeopleOfApp(tx, appId, idsOf(given));
  const overrides = [...loaded.values()].map((person) => {
    const values: Readonly<Record<string, Json>> = groupValues(setup, person);
    const profile: Profile = Object.fromEntries(names.map((name) => [name, values[name] ?? null]));
    return { userId: person.userId, profile };
  });
  const overridden = await overrideGroups(tx, appId, overrides);
  await logUpdates(context, tx, appId, overridden);
  return overridden;
}

/** Those a group assignment may set: not mapped, not personal, not read-only. */
function attributesOfGroups(attributes: AttributeDefinitions, mapped: readonly string[]): string[] {
  return Object.entries(attributes).flatMap(([name, { scope, mutability }]) =>
    name === 'userName' || scope === 'SELF' || mutability === 'READ_ONLY' || mapped.includes(name) ? [] : [name],
  );
}

/** Why this cannot be done for somebody; undefined where it can, or is so already. */
function problemOf(
  { subject, userId, status, assigned, direct, byGroup }: NamedPerson,
  action: AssignmentAction,
): NewRunProblem | undefined {
  if (userId === null) return { item: subject, code: 'not_found', reason: 'Nobody has this id or login.' };
  const wrong = (reason: string): NewRunProblem => ({ item: subject, code: 'wrong_state', reason });
  switch (action) {
    case 'assign':
      return status === 'DEPROVISIONED'
        ? wrong('Is deactivated and cannot be given an app: activate first.')
        : undefined;
    case 'unassign':
      return assigned && !direct
        ? wrong('Has the app through a group: take them out of the group, or the app from the group.')
        : undefined;
    case 'override':
      return assigned ? undefined : wrong('Does not have the app.');
    case 'return_to_groups':
      if (!assigned) return wrong('Does not have the app.');
      return byGroup || !direct ? undefined : wrong('No group gives them the app, so the assignment stays individual.');
  }
}

async function logUpdates(context: AppContext, tx: Tx, appId: AppId, userIds: readonly UserId[]): Promise<void> {
  if (userIds.length === 0) return;
  const app = await requireApp(tx, appId);
  const target = { id: app.id, type: 'AppInstance', alternateId: app.label, displayName: app.label } as const;
  const users = await findUsers(tx, userIds);
  await appendEvents(
    tx,
    users.map((user) => succeeded(context, 'application.user_membership.update', [userTarget(user), target])),
  );
}

function idsOf(people: readonly Able[]): UserId[] {
  return people.map(({ userId }) => userId);
}
