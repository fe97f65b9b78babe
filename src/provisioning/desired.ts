import type { DesiredAccount } from '../domain/account.ts';
import type { GroupRef } from '../domain/group.ts';
import type { AttributeDefinition } from '../domain/profile-schema.ts';
import type { Profile } from '../domain/profile.ts';
import type { ExpressionScope } from '../expression/scope.ts';
import type { CompiledExpression } from '../expression/compile.ts';
import { UsherError } from '../lib/errors.ts';
import type { Json } from '../lib/json.ts';
import type { DesiredState } from '../planner/plan.ts';
import type { Person } from '../store/people.ts';
import { userNameAttribute, type AppSetup } from './app-setup.ts';

/** What the assignment itself says: individually assigned, and with which values. */
export interface AssignmentFacts {
  readonly direct: boolean;
  readonly assignedProfile: Profile;
}

/** What else expressions may ask about the person. */
export interface PersonContext {
  readonly groups?: readonly GroupRef[];
  readonly manager?: Profile;
  readonly now: Date;
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
  const values: Record<string, Json> = {};
  for (const { attribute, definition, expression } of setup.compiled) {
    values[attribute] = conform(attribute, definition, evaluate(attribute, expression, scope));
  }
  Object.assign(values, groupValues(setup, person));
  const { [userNameAttribute]: givenName, ...given } = facts.direct ? facts.assignedProfile : {};
  Object.assign(values, given);
  assertRequired(setup, values);
  return { userName: userName(setup, scope, givenName), active: true, profile: values, correlationId: person.userId };
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
    return userName(setup, expressionScope(setup, person, context), given);
  } catch {
    return undefined;
  }
}

function expressionScope(setup: AppSetup, person: Person, context: PersonContext): ExpressionScope {
  const { manager } = context;
  return {
    user: person.profile,
    source: person.profile,
    internal: { id: person.userId, status: person.status },
    app: setup.settings,
    now: context.now,
    ...(context.groups === undefined ? {} : { groups: context.groups }),
    ...(manager === undefined ? {} : { manager, linked: { manager } }),
  };
}

function evaluate(attribute: string, expression: CompiledExpression | UsherError, scope: ExpressionScope): Json {
  if (expression instanceof UsherError) throw attributeError(attribute, expression);
  try {
    return expression.evaluate(scope);
  } catch (error) {
    throw error instanceof UsherError ? attributeError(attribute, error) : error;
  }
}

function attributeError(attribute: string, error: UsherError): UsherError {
  return new UsherError('evaluation_failed', `The mapping of ${attribute} cannot be evaluated: ${error.message}`, {
    cause: error,
    causes: [{ field: attribute, reason: error.message }],
  });
}

function userName(setup: AppSetup, scope: ExpressionScope, given: Json | undefined): string {
  const name = given ?? evaluate(userNameAttribute, setup.userNameExpression, scope);
  if (typeof name === 'string' && name !== '') return name + (setup.userNameTemplate.suffix ?? '');
  throw new UsherError(
    'invalid_input',
    'The user name for the app comes out empty. Change its template or the profile.',
    {
      causes: [{ field: userNameAttribute, reason: 'is empty' }],
    },
  );
}

function groupValues(setup: AppSetup, person: Person): Record<string, Json> {
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

/** Brings an expression's result into the attribute's type where that loses nothing; refuses what the app cannot hold. */
function conform(attribute: string, definition: AttributeDefinition, value: Json): Json {
  if (value === null) return null;
  const typed = convert(definition, value);
  if (typed === undefined) throw unfit(attribute, `is not of type ${definition.type}`);
  if (definition.enum !== undefined && typed !== '' && !definition.enum.includes(typed)) {
    throw unfit(attribute, `is not one of ${definition.enum.join(', ')}`);
  }
  if (typeof typed === 'string' && definition.maxLength !== undefined && typed.length > definition.maxLength) {
    throw unfit(attribute, `is longer than ${definition.maxLength} characters`);
  }
  return typed;
}

function convert(definition: AttributeDefinition, value: Json): Json | undefined {
  switch (definition.type) {
    case 'string':
      return typeof value === 'object' ? undefined : String(value);
    case 'boolean':
      if (typeof value === 'boolean') return value;
      return value === 'true' ? true : value === 'false' ? false : undefined;
    case 'number':
    case 'integer': {
      const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
      const fits = typeof number === 'number' && Number.isFinite(number);
      return fits && (definition.type === 'number' || Number.isInteger(number)) ? number : undefined;
    }
    case 'array':
      return Array.isArray(value)
        ? value
        : typeof value === 'string'
          ? value.split(',').map((item) => item.trim())
          : undefined;
    case 'object':
      return value;
  }
}

function unfit(attribute: string, reason: string): UsherError {
  return new UsherError(
    'invalid_input',
    `The value mapped to ${attribute} ${reason}. Change the mapping or the profile.`,
    {
      causes: [{ field: attribute, reason }],
    },
  );
}

function assertRequired(setup: AppSetup, values: Readonly<Record<string, Json>>): void {
  for (const [attribute, definition] of Object.entries(setup.attributes)) {
    const value = values[attribute];
    if (
      definition.required === true &&
      attribute !== userNameAttribute &&
      (value === undefined || value === null || value === '')
    ) {
      throw unfit(attribute, 'is required by the app and comes out empty');
    }
  }
}
