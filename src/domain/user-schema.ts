import { asUsherError } from '../lib/errors.ts';
import { linearRegex } from '../lib/linear-regex.ts';
import { allowedValues, type AttributeDefinition, type AttributeDefinitions } from './profile-schema.ts';
import { valueProblem } from './validate-profile.ts';

/** Okta's base attributes of a user, with its limits. `firstName` and `lastName` may be made optional. */
export const baseUserAttributes = {
  login: text('Username', { required: true, minLength: 5, maxLength: 100, format: 'email', unique: true }),
  email: text('Primary email', { required: true, minLength: 5, maxLength: 100, format: 'email' }),
  secondEmail: text('Secondary email', { minLength: 5, maxLength: 100, format: 'email' }),
  firstName: text('First name', { required: true, minLength: 1, maxLength: 50 }),
  lastName: text('Last name', { required: true, minLength: 1, maxLength: 50 }),
  middleName: text('Middle name'),
  honorificPrefix: text('Honorific prefix'),
  honorificSuffix: text('Honorific suffix'),
  title: text('Title'),
  displayName: text('Display name'),
  nickName: text('Nickname'),
  profileUrl: text('Profile Url', { format: 'uri' }),
  mobilePhone: text('Mobile phone', { maxLength: 100 }),
  primaryPhone: text('Primary phone', { maxLength: 100 }),
  streetAddress: text('Street address'),
  city: text('City', { maxLength: 128 }),
  state: text('State', { maxLength: 128 }),
  zipCode: text('Zip code', { maxLength: 50 }),
  countryCode: text('Country code', { format: 'country-code' }),
  postalAddress: text('Postal Address', { maxLength: 4_096 }),
  preferredLanguage: text('Preferred language', { format: 'language-code' }),
  locale: text('Locale', { format: 'locale' }),
  timezone: text('Time zone', { format: 'timezone' }),
  userType: text('User type'),
  employeeNumber: text('Employee number'),
  costCenter: text('Cost center'),
  organization: text('Organization'),
  division: text('Division'),
  department: text('Department'),
  managerId: text('ManagerId'),
  manager: text('Manager'),
} as const satisfies AttributeDefinitions;

/** Base attributes of a group. */
export const baseGroupAttributes = {
  name: text('Name', { required: true, minLength: 1, maxLength: 255 }),
  description: text('Description', { maxLength: 1_024 }),
} as const satisfies AttributeDefinitions;

/** What is wrong with the definition of a custom attribute beside these base ones, as a sentence; undefined when nothing is. */
export function definitionProblem(
  base: AttributeDefinitions,
  variable: string,
  definition: AttributeDefinition,
): string | undefined {
  if (!/^[A-Za-z][A-Za-z0-9_]{0,99}$/.test(variable) || variable in Object.prototype || variable === 'prototype') {
    return `'${variable}' cannot name an attribute: use letters, digits and underscores, beginning with a letter`;
  }
  if (Object.hasOwn(base, variable)) return `'${variable}' is a base attribute`;
  if (definition.title.trim() === '') return `'${variable}' has no title`;
  if (definition.type === 'object') return `'${variable}' cannot be an object: attributes of people are flat`;
  if ((definition.type === 'array') !== (definition.items !== undefined)) {
    return definition.type === 'array'
      ? `'${variable}' is an array and must say in 'items' what of`
      : `'${variable}' has items, which only an array has`;
  }
  if (definition.unique === true && !['string', 'number', 'integer'].includes(definition.type)) {
    return `'${variable}' is of type ${definition.type}, which cannot be unique`;
  }
  if (definition.type !== 'string' && definition.format !== undefined) {
    return `'${variable}' has a format, which only a string can have`;
  }
  if ((definition.minLength ?? 0) > (definition.maxLength ?? Infinity)) {
    return `'${variable}' must be at least ${definition.minLength} and at most ${definition.maxLength} characters long, which nothing is`;
  }
  return valuesProblem(variable, definition);
}

/** What is wrong with a pattern for logins, as a sentence. */
export function patternProblem(pattern: string): string | undefined {
  try {
    linearRegex(pattern);
    return undefined;
  } catch (error) {
    return asUsherError(error).message;
  }
}

/** Whether each value that is allowed could ever be one. */
function valuesProblem(variable: string, { enum: values, oneOf, ...rest }: AttributeDefinition): string | undefined {
  const { items } = rest;
  const ofItems: AttributeDefinition = { title: rest.title, type: items?.type ?? 'string' };
  const groups = [
    { allowed: allowedValues({ ...(values && { enum: values }), ...(oneOf && { oneOf }) }), of: rest },
    { allowed: items === undefined ? undefined : allowedValues(items), of: ofItems },
  ];
  for (const { allowed, of } of groups) {
    if (allowed?.length === 0) return `'${variable}' allows no value at all`;
    const unfit = allowed?.find((value) => value === null || valueProblem(of, value) !== undefined);
    if (unfit !== undefined) {
      return `'${variable}' allows ${JSON.stringify(unfit)}, which does not fit the rest of its definition`;
    }
  }
  return undefined;
}

function text(title: string, rest: Partial<AttributeDefinition> = {}): AttributeDefinition {
  return { title, type: 'string', ...rest };
}
