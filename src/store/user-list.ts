import { asksAfter } from '../domain/filter/asks-after.ts';
import type { User } from '../domain/user.ts';
import type { GroupId } from '../lib/ids.ts';
import type { Queryable } from './database.ts';
import { askedConditions, type DirectoryList } from './filter/directory-list.ts';
import { bind, type SqlValues } from './filter/sql-values.ts';
import { orderBy } from './filter/order.ts';
import { queryPage, type Listed } from './filter/page.ts';
import { namePrefix, userFilterFields, userSearchFields } from './user-fields.ts';
import { fromUsers, toUser, userColumns, type UserRow } from './users.ts';

/**
 * One page, in order of ids unless asked otherwise. Who is deactivated is there only for a search or a filter.
 * People asked for by when they were last changed come in that order: it is how one keeps up with changes, and reads
 * no more than it returns.
 *
 * @throws {UsherError} `invalid_input` for what people cannot be asked for or sorted by.
 */
export async function listUsers(db: Queryable, list: DirectoryList): Promise<Listed<User>[]> {
  const { search, filter, sort, after, limit } = list;
  const fields = userSearchFields(list.attributes);
  const keepingUp = [search, filter].some((asked) => asked !== undefined && asksAfter(asked, 'lastUpdated'));
  const rows = await queryPage<UserRow>(db, {
    columns: userColumns,
    from: fromUsers,
    id: 'u.id',
    where: (into) => listedPeople(list, into),
    order: orderBy(sort ?? (keepingUp ? { attribute: 'lastUpdated', descending: false } : undefined), fields),
    after,
    limit,
  });
  return rows.map(({ row, end }) => ({ row: toUser(row), end }));
}

/** Conditions on `users u` that hold for everybody the list would bring, on whatever page. */
export function listedPeople(list: Omit<DirectoryList, 'sort' | 'after' | 'limit'>, into: SqlValues): string[] {
  const { within = 'all', search, filter } = list;
  const fields = { search: userSearchFields(list.attributes), filter: userFilterFields, beginning: namePrefix };
  return [
    ...(within === 'all' ? [] : [memberOf(within, into)]),
    ...(search === undefined && filter === undefined ? [`u.status <> 'DEPROVISIONED'`] : []),
    ...askedConditions(list, fields, into),
  ];
}

function memberOf(groupIds: readonly GroupId[], into: SqlValues): string {
  return `exists (select 1 from group_members m where m.user_id = u.id and m.group_id = any(${bind(into, groupIds)}::text[]))`;
}
