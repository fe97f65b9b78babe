import type { Filter } from '../domain/filter/ast.ts';
import { asksAfter } from '../domain/filter/asks-after.ts';
import type { AttributeDefinitions } from '../domain/profile-schema.ts';
import type { GroupScope } from '../domain/rights.ts';
import type { User } from '../domain/user.ts';
import type { GroupId } from '../lib/ids.ts';
import type { Queryable } from './database.ts';
import { compileFilter } from './filter/compile.ts';
import { bind, type SqlValues } from './filter/sql-values.ts';
import { orderBy, type Sorting } from './filter/order.ts';
import { queryPage, type Listed, type PageEnd } from './filter/page.ts';
import { namePrefix, userFilterFields, userSearchFields } from './user-fields.ts';
import { fromUsers, toUser, userColumns, type UserRow } from './users.ts';

export interface UserList {
  /** Attributes `search` and `sort` may name. */
  readonly attributes: AttributeDefinitions;
  /** Start of the first name, last name or e-mail, in any letter case. */
  readonly prefix?: string;
  /** Members of these groups only. */
  readonly within?: GroupScope;
  readonly search?: Filter;
  readonly filter?: Filter;
  readonly sort?: Sorting;
  readonly after?: PageEnd;
  readonly limit: number;
}

/**
 * One page, in order of ids unless asked otherwise. Who is deactivated is there only for a search or a filter.
 * People asked for by when they were last changed come in that order: it is how one keeps up with changes, and reads
 * no more than it returns.
 *
 * @throws {UsherError} `invalid_input` for what people cannot be asked for or sorted by.
 */
export async function listUsers(db: Queryable, list: UserList): Promise<Listed<User>[]> {
  const { prefix, within = 'all', search, filter, sort, after, limit } = list;
  const fields = userSearchFields(list.attributes);
  const keepingUp = [search, filter].some((asked) => asked !== undefined && asksAfter(asked, 'lastUpdated'));
  const rows = await queryPage<UserRow>(db, {
    columns: userColumns,
    from: fromUsers,
    id: 'u.id',
    where: (into) => [
      ...(within === 'all' ? [] : [memberOf(within, into)]),
      ...(search === undefined && filter === undefined ? [`u.status <> 'DEPROVISIONED'`] : []),
      ...(prefix === undefined ? [] : [compileFilter(namePrefix(prefix), { parameter: 'search', fields }, into)]),
      ...(search === undefined ? [] : [compileFilter(search, { parameter: 'search', fields }, into)]),
      ...(filter === undefined ? [] : [compileFilter(filter, { parameter: 'filter', fields: userFilterFields }, into)]),
    ],
    order: orderBy(sort ?? (keepingUp ? { attribute: 'lastUpdated', descending: false } : undefined), fields),
    after,
    limit,
  });
  return rows.map(({ row, end }) => ({ row: toUser(row), end }));
}

function memberOf(groupIds: readonly GroupId[], into: SqlValues): string {
  return `exists (select 1 from group_members m where m.user_id = u.id and m.group_id = any(${bind(into, groupIds)}::text[]))`;
}
