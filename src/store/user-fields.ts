import type { Filter } from '../domain/filter/ast.ts';
import type { AttributeDefinitions } from '../domain/profile-schema.ts';
import { baseUserAttributes } from '../domain/user-schema.ts';
import { userStatuses } from '../domain/user.ts';
import { foldName } from '../lib/text.ts';
import { compileFilter } from './filter/compile.ts';
import { comparable, textCondition } from './filter/conditions.ts';
import { everyOperator, type FieldTable, type FilterField } from './filter/field.ts';
import { chosenField, idField, profileField, timeField } from './filter/fields.ts';
import { bindText, type SqlValues } from './filter/sql-values.ts';

const statuses = { shown: Object.fromEntries(userStatuses.map((status) => [status, status])), closed: true };

/** What `search` may ask of people: whatever is shown of them but their credentials, in any letter case. */
export function userSearchFields(attributes: AttributeDefinitions): FieldTable {
  const profile = Object.entries(attributes).map(([name, definition]): [string, FilterField] => {
    const narrow = inProfileIndex(name)
      ? { narrow: (value: unknown, into: SqlValues) => holds(name, value, into) }
      : {};
    return [`profile.${name}`, profileField('u.profile', name, definition, { match: 'folded', ...narrow })];
  });
  return {
    named: new Map<string, FilterField>([
      ['id', idField('u.id')],
      ['status', chosenField('u.status', 'folded', statuses)],
      ['created', timeField('u.created', { nullable: false })],
      ['activated', timeField('u.activated', { nullable: true })],
      ['statusChanged', timeField('u.status_changed', { nullable: true })],
      ['lastUpdated', timeField('u.last_updated', { nullable: false })],
      ['type.id', idField('u.type_id')],
      ...profile,
      ['profile.login', loginField],
    ]),
  };
}

/** What `filter` may ask of people, letter by letter. */
export const userFilterFields: FieldTable = {
  named: new Map<string, FilterField>([
    ['id', idField('u.id', ['eq'])],
    ['status', chosenField('u.status', 'exact', statuses, ['eq'])],
    ['lastUpdated', timeField('u.last_updated', { nullable: false }, ['eq', 'gt', 'ge', 'lt', 'le'])],
    ['profile.login', exactly('login', (login, into) => `u.login_key = ${bindText(into, foldName(login))}`)],
    ...['email', 'firstName', 'lastName'].map((name): [string, FilterField] => [
      `profile.${name}`,
      exactly(
        name,
        (text, into) =>
          `${comparable(`(u.profile->>${bindText(into, name)})`, 'folded')} = lower(${bindText(into, text)})`,
      ),
    ]),
  ]),
};

/** What `q` asks: the start of the first name, the last name or the e-mail, in any letter case. */
export function namePrefix(prefix: string): Filter {
  const terms = ['firstName', 'lastName', 'email'].map((name): Filter => ({
    kind: 'compare',
    attribute: `profile.${name}`,
    operator: 'sw',
    value: prefix,
    at: 0,
  }));
  return { kind: 'or', terms };
}

/** The condition that `q` is of people `u`, wherever else they are asked for. Served by the indexes of these names. */
export function personNamed(prefix: string, into: SqlValues): string {
  return compileFilter(namePrefix(prefix), { parameter: 'search', fields: userSearchFields(baseUserAttributes) }, into);
}

/**
 * Attributes that are not in users_profile, the index over all that is left: those with an index of their own, and
 * those that cost the index most and are hardly ever looked up. The index in the migration has the same list.
 */
const notInProfileIndex = [
  ...['login', 'email', 'secondEmail', 'firstName', 'lastName', 'middleName', 'displayName', 'nickName', 'department'],
  ...['mobilePhone', 'primaryPhone', 'streetAddress', 'postalAddress', 'profileUrl'],
  ...['locale', 'timezone', 'preferredLanguage'],
];

function inProfileIndex(name: string): boolean {
  return !notInProfileIndex.includes(name);
}

/** Letter case aside, in names too: whoever asks compares again. */
function holds(name: string, value: unknown, into: SqlValues): string {
  const excluded = notInProfileIndex.map((excludedName) => `'${excludedName}'`).join(', ');
  return `lower((u.profile - array[${excluded}])::text)::jsonb @> lower(${bindText(into, JSON.stringify({ [name]: value }))})::jsonb`;
}

/** Compared as logins are everywhere: after NFKC and case folding. */
const loginField: FilterField = {
  operators: everyOperator,
  compare: (comparison, into) => {
    const { value } = comparison;
    const folded = typeof value === 'string' ? foldName(value) : value;
    return textCondition('u.login_key', 'exact', { ...comparison, value: folded }, into);
  },
  present: () => 'true',
  sort: { expression: () => comparable('u.login_key', 'exact'), type: 'text', nullable: false },
};

/** A condition that an index serves, and that is implied, goes before the exact one. */
function exactly(name: string, narrow: (text: string, into: SqlValues) => string): FilterField {
  return profileField(
    'u.profile',
    name,
    { type: 'string' },
    { match: 'exact', operators: ['eq'], narrow: (value, into) => narrow(String(value), into) },
  );
}
