import type { DesiredAccount } from '../domain/account.ts';
import type { Profile } from '../domain/profile.ts';
import type { ExpressionScope } from '../expression/scope.ts';
import type { Json } from '../lib/json.ts';
import type { DesiredState } from '../planner/plan.ts';
import type { Person } from '../store/people.ts';
import { userNameAttribute, type AppSetup } from './app-setup.ts';
import { expressionScope, mappedValue, unfit, userNameFor, type PersonContext } from './mapped-values.ts';

/** What the assignment itself says: individually assigned, and with which values. */
export interface AssignmentFacts {
  readonly direct: boolean;
  readonly assignedProfile: Profile;
}

/** Whether anything gives the app to this person now. */
export function isEntitled(person: Person | undefined, facts: AssignmentFacts): person is Person {
  return (
    person !== undefined && person.status !== 'DEPROVISIONED' && (facts.direct || person.assignedGroupIds.size > 0)
  );
}

/**
 * What the person's account should be. Values come, the later winning, from the mappings, from the assigned groups by
 * priority (united where the attribute says so), and from the individual assignment.
 *
 * @throws {UsherError} `evaluation_failed` or `invalid_input` naming the attribute, when no account can be described.
 */
export function buildDesired(
  setup: AppSetup,
  person: Person | undefined,
  facts: AssignmentFacts,
  context: PersonContext,
): DesiredState {
  if (!isEntitled(person, facts)) return { kind: 'no_account' };
  if (person.status === 'STAGED' && !setup.provisioning.pushPending) return { kind: 'wait' };
  if (person.status === 'SUSPENDED' && setup.provisioning.suspended === 'DEACTIVATE') return { kind: 'suspended' };
  return { kind: 'account', account: describeAccount(setup, person, facts, context), createOnly: setup.createOnly };
}

/** The account this person would have, entitled or not. @throws as `buildDesired` does. */
export function describeAccount(
  setup: AppSetup,
  person: Person,
  facts: AssignmentFacts,
  context: PersonContext,
): DesiredAccount {
  const scope = expressionScope(setup, person, context);
  const { [userNameAttribute]: givenName, ...values } = assignedValues(setup, person, facts, scope);
  assertRequired(setup, values);
  return {
    userName: userNameFor(setup, scope, givenName),
    active: true,
    profile: values,
    correlationId: person.userId,
  };
}

/**
 * The app user's profile as other apps' expressions read it: what the app is to have, whether or not it has it yet, or
 * is sent anything at all.
 *
 * @throws {UsherError} `evaluation_failed` or `invalid_input` naming the attribute that cannot be made.
 */
export function appUserProfile(
  setup: AppSetup,
  person: Person,
  facts: AssignmentFacts,
  context: PersonContext,
): Profile {
  const values = assignedValues(setup, person, facts, expressionScope(setup, person, context));
  return { ...values, [userNameAttribute]: accountUserName(setup, person, facts, context) ?? null };
}

/** With the user name of the individual assignment, where it gives one. */
function assignedValues(
  setup: AppSetup,
  person: Person,
  facts: AssignmentFacts,
  scope: ExpressionScope,
): Record<string, Json> {
  const values: Record<string, Json> = { ...setup.blankProfile };
  for (const mapping of setup.compiled) {
    const value = mappedValue(mapping, scope);
    if (value === undefined) Reflect.deleteProperty(values, mapping.attribute);
    else values[mapping.attribute] = value;
  }
  Object.assign(values, groupValues(setup, person));
  if (facts.direct) Object.assign(values, facts.assignedProfile);
  return values;
}

/** The user name alone, for matching; undefined where it cannot be made. */
export function accountUserName(
  setup: AppSetup,
  person: Person,
  facts: AssignmentFacts,
  context: PersonContext,
): string | undefined {
  const given = facts.direct ? facts.assignedProfile[userNameAttribute] : undefined;
  try {
    return userNameFor(setup, expressionScope(setup, person, context), given);
  } catch {
    return undefined;
  }
}

/** What the groups that give this person the app set, the best priority winning. */
export function groupValues(setup: AppSetup, person: Pick<Person, 'assignedGroupIds'>): Record<string, Json> {
  const values: Record<string, Json> = {};
  for (const { groupId, profile } of setup.groups) {
    if (!person.assignedGroupIds.has(groupId)) continue;
    for (const [attribute, value] of Object.entries(profile)) {
      const current = values[attribute];
      if (current === undefined) values[attribute] = value;
      else if (setup.attributes[attribute]?.union === 'ENABLE') values[attribute] = unite(current, value);
    }
  }
  return values;
}

function unite(left: Json, right: Json): Json {
  return Array.isArray(left) && Array.isArray(right) ? [...new Set([...left, ...right])] : left;
}

function assertRequired({ required }: AppSetup, values: Readonly<Record<string, Json>>): void {
  for (const attribute of required) {
    const value = values[attribute] ?? null;
    if (value === null || value === '') throw unfit(attribute, 'is required by the app and comes out empty');
  }
}
