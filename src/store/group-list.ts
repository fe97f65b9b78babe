import type { Filter } from '../domain/filter/ast.ts';
import { asksAfter } from '../domain/filter/asks-after.ts';
import type { Group } from '../domain/group.ts';
import type { AttributeDefinitions } from '../domain/profile-schema.ts';
import { baseGroupAttributes } from '../domain/user-schema.ts';
import type { Queryable } from './database.ts';
import { compileFilter } from './filter/compile.ts';
import { askedConditions, type DirectoryList } from './filter/directory-list.ts';
import type { FieldTable, FilterField } from './filter/field.ts';
import { chosenField, constantField, idField, profileField, textField, timeField } from './filter/fields.ts';
import { bind, type SqlValues } from './filter/sql-values.ts';
import { orderBy } from './filter/order.ts';
import { queryPage, type Listed } from './filter/page.ts';
import { groupColumns, toGroup, type GroupRow } from './groups.ts';

/**
 * One page, in order of ids unless asked otherwise; in that of the change where groups are asked for by it.
 *
 * @throws {UsherError} `invalid_input` for what groups cannot be asked for or sorted by.
 */
export async function listGroups(db: Queryable, list: DirectoryList): Promise<Listed<Group>[]> {
  const { within = 'all', search, filter, sort, after, limit } = list;
  const fields = searchFields(list.attributes);
  const asked = [search, filter].filter((each) => each !== undefined);
  const keptUpWith = ['lastMembershipUpdated', 'lastUpdated'].find((name) =>
    asked.some((each) => asksAfter(each, name)),
  );
  const natural = keptUpWith === undefined ? undefined : { attribute: keptUpWith, descending: false };
  const rows = await queryPage<GroupRow>(db, {
    columns: groupColumns,
    from: 'groups',
    id: 'id',
    where: (into) => [
      ...(within === 'all' ? [] : [`id = any(${bind(into, within)}::text[])`]),
      ...askedConditions(list, { search: fields, filter: filterFields, beginning: namePrefix }, into),
    ],
    order: orderBy(sort ?? natural, fields),
    after,
    limit,
  });
  return rows.map(({ row, end }) => ({ row: toGroup(row), end }));
}

/** The condition that `q` is of groups, wherever else they are asked for. Served by groups_search. */
export function groupNamed(prefix: string, into: SqlValues): string {
  return compileFilter(namePrefix(prefix), { parameter: 'search', fields: searchFields(baseGroupAttributes) }, into);
}

const types = {
  shown: { OKTA_GROUP: 'OKTA_GROUP', APP_GROUP: 'APP_GROUP', BUILT_IN: 'BUILT_IN' },
  closed: true,
};
const textOperators = ['eq', 'sw', 'co'] as const;
const timeOperators = ['eq', 'gt', 'ge', 'lt', 'le'] as const;

/** What `search` may ask of groups, in any letter case. Okta has three operators for texts here. */
function searchFields(attributes: AttributeDefinitions): FieldTable {
  const profile = Object.entries(attributes).map(([name, definition]): [string, FilterField] => [
    `profile.${name}`,
    profileField('profile', name, definition, { match: 'folded', operators: textOperators }),
  ]);
  return {
    named: new Map<string, FilterField>([
      ['id', idField('id', textOperators)],
      ['type', chosenField('type', 'folded', types, textOperators)],
      ['created', timeField('created', { nullable: false }, timeOperators)],
      ['lastUpdated', timeField('last_updated', { nullable: false }, timeOperators)],
      ['lastMembershipUpdated', timeField('last_membership_updated', { nullable: false }, timeOperators)],
      // The app a group was imported from: there is none yet.
      ['source.id', constantField(null)],
      ...profile,
      ['profile.name', textField('name', 'folded', textOperators)],
    ]),
  };
}

/** What `filter` may ask of groups, letter by letter. */
const filterFields: FieldTable = {
  named: new Map<string, FilterField>([
    ['id', idField('id', ['eq'])],
    ['type', chosenField('type', 'exact', types, ['eq'])],
    ['lastUpdated', timeField('last_updated', { nullable: false }, timeOperators)],
    ['lastMembershipUpdated', timeField('last_membership_updated', { nullable: false }, timeOperators)],
  ]),
};

function namePrefix(prefix: string): Filter {
  return { kind: 'compare', attribute: 'profile.name', operator: 'sw', value: prefix, at: 0 };
}
