import { UsherError, type ErrorCause } from '../lib/errors.ts';
import { jsonEqual, type Json } from '../lib/json.ts';
import { linearRegex } from '../lib/linear-regex.ts';
import { canonicalDateTime, formatProblem } from './attribute-format.ts';
import { allowedValues, type AttributeDefinition, type AttributeDefinitions } from './profile-schema.ts';
import type { Profile } from './profile.ts';

/** Characters in a string whose definition sets no other limit. */
const defaultMaxLength = 1_024;

/**
 * What is wrong with a profile, one cause per attribute, named by its variable. Types are strict: `"5"` is no number.
 * `create`: the profile is whole, required attributes must be there. `update`: only the attributes given are looked
 * at; null clears one that is not required.
 */
export function validateProfile(
  attributes: AttributeDefinitions,
  profile: Profile,
  mode: 'create' | 'update',
): ErrorCause[] {
  const causes: ErrorCause[] = [];
  for (const [name, value] of Object.entries(profile)) {
    const definition = Object.hasOwn(attributes, name) ? attributes[name] : undefined;
    const reason =
      definition === undefined
        ? `Property name '${name}' is not defined in profile`
        : valueProblem(definition, name === 'login' && typeof value === 'string' ? value.normalize('NFKC') : value);
    if (reason !== undefined) causes.push({ field: name, reason });
  }
  if (mode === 'create') {
    for (const [name, definition] of Object.entries(attributes)) {
      if (definition.required === true && !Object.hasOwn(profile, name)) {
        causes.push({ field: name, reason: 'The field cannot be left blank' });
      }
    }
  }
  return causes;
}

/** The error for a profile with these things wrong. */
export function invalidProfile(causes: readonly ErrorCause[]): UsherError {
  const reasons = causes.map(({ field, reason }) => `${field}: ${reason}`);
  return new UsherError('invalid_input', `The profile cannot be saved. ${reasons.join('; ')}.`, { causes });
}

/** The form in which a valid profile is kept: without nulls, the login after NFKC, times in UTC. */
export function canonicalProfile(attributes: AttributeDefinitions, profile: Profile): Profile {
  const kept: [string, Json][] = [];
  for (const [name, value] of Object.entries(profile)) {
    if (value !== null) kept.push([name, canonicalValue(attributes[name], name, value)]);
  }
  return Object.fromEntries(kept);
}

/** What is wrong with one value, as the end of a sentence about it; undefined when nothing is. */
export function valueProblem(definition: AttributeDefinition, value: Json): string | undefined {
  if (value === null || (definition.required === true && value === '')) {
    return definition.required === true ? 'The field cannot be left blank' : undefined;
  }
  if (!hasType(definition.type, value)) return `must be ${typeNames[definition.type]}`;
  const allowed = allowedValues(definition);
  if (allowed !== undefined && !allowed.some((each) => jsonEqual(each, value))) {
    return `must be one of ${allowed.map((each) => JSON.stringify(each)).join(', ')}`;
  }
  if (typeof value === 'string') return textProblem(definition, value);
  return Array.isArray(value) ? itemsProblem(definition, value) : undefined;
}

const typeNames = {
  string: 'a text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
} as const;

function hasType(type: AttributeDefinition['type'], value: Json): boolean {
  if (type === 'integer') return Number.isSafeInteger(value);
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return typeof value === 'object' && !Array.isArray(value);
  return typeof value === type;
}

function textProblem(definition: AttributeDefinition, value: string): string | undefined {
  const forbidden = forbiddenCharacter(value);
  if (forbidden !== undefined) return `must not contain ${forbidden}`;
  const longest = definition.maxLength ?? defaultMaxLength;
  // A string never has more characters than code units, so most need not be counted.
  const length = value.length > longest ? [...value].length : value.length;
  if (length > longest) return `must have at most ${longest} characters and has ${length}`;
  if (value === '') return undefined;
  if (definition.minLength !== undefined && [...value].length < definition.minLength) {
    return `must have at least ${definition.minLength} characters`;
  }
  if (definition.pattern !== undefined) {
    return linearRegex(definition.pattern).matchesWhole(value) ? undefined : `must match ${definition.pattern}`;
  }
  return definition.format === undefined ? undefined : formatProblem(definition.format, value);
}

function itemsProblem(definition: AttributeDefinition, items: readonly Json[]): string | undefined {
  const itemDefinition: AttributeDefinition = {
    title: definition.title,
    required: true,
    type: definition.items?.type ?? 'string',
    ...(definition.items?.enum === undefined ? {} : { enum: definition.items.enum }),
    ...(definition.items?.oneOf === undefined ? {} : { oneOf: definition.items.oneOf }),
  };
  for (const [index, item] of items.entries()) {
    const problem = valueProblem(itemDefinition, item);
    if (problem !== undefined) return `item ${index + 1}: ${problem}`;
  }
  return undefined;
}

/** Everything but tab and line breaks that has no place in text, PostgreSQL's own limit (NUL) included. */

const forbiddenText = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]|\p{Surrogate}/u;

function forbiddenCharacter(value: string): string | undefined {
  const found = forbiddenText.exec(value)?.[0];
  if (found === undefined) return undefined;
  const code = found.charCodeAt(0);
  const name = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  return code >= 0xd800 ? `half a character (${name})` : `the control character ${name}`;
}

function canonicalValue(definition: AttributeDefinition | undefined, name: string, value: Json): Json {
  if (typeof value !== 'string') return value;
  if (name === 'login') return value.normalize('NFKC');
  return definition?.format === 'date-time' ? (canonicalDateTime(value) ?? value) : value;
}
