import type { GroupRef } from '../domain/group.ts';
import { allowedValues, type AttributeDefinition } from '../domain/profile-schema.ts';
import type { Profile } from '../domain/profile.ts';
import type { CompiledExpression } from '../expression/compile.ts';
import type { ExpressionScope } from '../expression/scope.ts';
import { UsherError } from '../lib/errors.ts';
import { isJsonObject, type Json } from '../lib/json.ts';
import type { Person } from '../store/people.ts';
import { userNameAttribute, type AppSetup, type CompiledMapping } from './app-setup.ts';

/** What else expressions may ask about the person. */
export interface PersonContext {
  readonly groups?: readonly GroupRef[];
  readonly manager?: Profile;
  /** The person's profiles in other apps, by machine name. Looking at one throws where it cannot be told. */
  readonly appUsers?: { readonly [appName: string]: Profile };
  readonly now: Date;
}

/** Everything the app's expressions can see of one person. */
export function expressionScope(
  setup: AppSetup,
  person: Pick<Person, 'userId' | 'status' | 'profile'>,
  context: PersonContext,
): ExpressionScope {
  const { manager, appUsers } = context;
  const variables = setup.settings['app'];
  return {
    user: person.profile,
    source: person.profile,
    internal: { id: person.userId, status: person.status },
    app: isJsonObject(variables) ? variables : {},
    now: context.now,
    ...(context.groups === undefined ? {} : { groups: context.groups }),
    ...(appUsers === undefined ? {} : { appUsers }),
    ...(manager === undefined ? {} : { manager, linked: { manager } }),
  };
}

/**
 * One mapped attribute's value for the person of `scope`, in the attribute's type. Undefined: the app's own stays.
 *
 * @throws {UsherError} `evaluation_failed` or `invalid_input`, naming the attribute.
 */
export function mappedValue(mapping: CompiledMapping, scope: ExpressionScope): Json | undefined {
  const { attribute, definition, expression, whenEmpty } = mapping;
  const value = evaluate(attribute, expression, scope);
  if (whenEmpty !== undefined && whenEmpty !== 'CLEAR' && isEmpty(value)) {
    return whenEmpty === 'LEAVE' ? undefined : conform(attribute, definition, mapping.defaultValue);
  }
  return conform(attribute, definition, value);
}

/**
 * The person's user name in the app: the one given with the assignment as it is, else what the template makes.
 *
 * @throws {UsherError} `invalid_input` when it comes out empty, `evaluation_failed` when it does not come out.
 */
export function userNameFor(setup: AppSetup, scope: ExpressionScope, given: Json | undefined): string {
  if (typeof given === 'string' && given !== '') return given;
  const name = evaluate(userNameAttribute, setup.userNameExpression, scope);
  if (typeof name === 'string' && name !== '') return name + (setup.userNameTemplate.suffix ?? '');
  throw new UsherError(
    'invalid_input',
    'The user name for the app comes out empty. Change its template or the profile.',
    {
      causes: [{ field: userNameAttribute, reason: 'is empty' }],
    },
  );
}

/** The value made for an attribute is not one the app can hold. */
export function unfit(attribute: string, reason: string): UsherError {
  return new UsherError(
    'invalid_input',
    `The value mapped to ${attribute} ${reason}. Change the mapping or the profile.`,
    {
      causes: [{ field: attribute, reason }],
    },
  );
}

function isEmpty(value: Json): boolean {
  return value === null || value === '' || (Array.isArray(value) && value.length === 0);
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

/** Brings an expression's result into the attribute's type where that loses nothing; refuses what the app cannot hold. */
function conform(attribute: string, definition: AttributeDefinition, value: Json): Json {
  if (value === null) return null;
  const typed = convert(definition, value);
  if (typed === undefined) throw unfit(attribute, `is not of type ${definition.type}`);
  const allowed = allowedValues(definition);
  if (allowed !== undefined && typed !== '' && !allowed.includes(typed)) {
    throw unfit(attribute, `is not one of ${allowed.join(', ')}`);
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
