import type { AttributeDefinition, AttributeDefinitions } from './profile-schema.ts';

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

/** What is wrong with the definition of a custom attribute, as a sentence; undefined when nothing is. */
export function definitionProblem(variable: string, definition: AttributeDefinition): string | undefined {
  if (!/^[A-Za-z][A-Za-z0-9_]{0,99}$/.test(variable) || variable in Object.prototype || variable === 'prototype') {
    return `'${variable}' cannot name an attribute: use letters, digits and underscores, beginning with a letter`;
  }
  if (Object.hasOwn(baseUserAttributes, variable)) return `'${variable}' is a base attribute`;
  if (definition.type === 'object') return `'${variable}' cannot be an object: attributes of people are flat`;
  if (definition.type === 'array' && definition.items === undefined) {
    return `'${variable}' is an array and must say in 'items' what of`;
  }
  if (definition.type !== 'string' && definition.format !== undefined) {
    return `'${variable}' has a format, which only a string can have`;
  }
  if ((definition.minLength ?? 0) > (definition.maxLength ?? Infinity)) {
    return `'${variable}' must be at least ${definition.minLength} and at most ${definition.maxLength} characters long, which nothing is`;
  }
  return undefined;
}

function text(title: string, rest: Partial<AttributeDefinition> = {}): AttributeDefinition {
  return { title, type: 'string', ...rest };
}
