import type { Filter } from '../domain/filter/ast.ts';
import type { GroupOwner, OwnerId } from '../domain/group-owner.ts';
import type { GroupId } from '../lib/ids.ts';
import type { Queryable, Tx } from './database.ts';
import { compileFilter } from './filter/compile.ts';
import type { FieldTable } from './filter/field.ts';
import { chosenField, idField } from './filter/fields.ts';
import { bind, bindText, type SqlValues } from './filter/sql-values.ts';

export interface OwnerList {
  readonly search?: Filter;
  /** The last owner of the page before. */
  readonly after?: OwnerId;
  readonly limit: number;
}

/** In order of the owners' ids. @throws {UsherError} `invalid_input` for what owners cannot be asked for. */
export async function listGroupOwners(
  db: Queryable,
  groupId: GroupId,
  { search, after, limit }: OwnerList,
): Promise<GroupOwner[]> {
  const into: SqlValues = { values: [] };
  const conditions = [
    `o.group_id = ${bindText(into, groupId)}`,
    ...(after === undefined ? [] : [`${ownerId} > ${bindText(into, after)}`]),
    ...(search === undefined ? [] : [compileFilter(search, { parameter: 'search', fields }, into)]),
  ];
  const rows = await db.query<OwnerRow>(
    `${selectOwners} where ${conditions.join(' and ')} order by ${ownerId} limit ${bind(into, limit)}::int`,
    into.values,
  );
  return rows.map(toOwner);
}

export async function findGroupOwner(db: Queryable, groupId: GroupId, id: OwnerId): Promise<GroupOwner | undefined> {
  const [row] = await db.query<OwnerRow>(`${selectOwners} where o.group_id = $1 and ${ownerId} = $2`, [groupId, id]);
  return row && toOwner(row);
}

/** False where it owns the group already. */
export async function insertGroupOwner(
  tx: Tx,
  groupId: GroupId,
  { id, type }: Pick<GroupOwner, 'id' | 'type'>,
): Promise<boolean> {
  const rows = await tx.query(
    `insert into group_owners (group_id, owner_user_id, owner_group_id) values ($1, $2, $3)
     on conflict do nothing returning 1`,
    [groupId, type === 'USER' ? id : null, type === 'GROUP' ? id : null],
  );
  return rows.length > 0;
}

export async function deleteGroupOwner(tx: Tx, groupId: GroupId, id: OwnerId): Promise<void> {
  await tx.query('delete from group_owners where group_id = $1 and coalesce(owner_user_id, owner_group_id) = $2', [
    groupId,
    id,
  ]);
}

const ownerId = 'coalesce(o.owner_user_id, o.owner_group_id)';

const selectOwners = `select ${ownerId} as id, o.last_updated,
    case when o.owner_user_id is null then 'GROUP' else 'USER' end as type,
    coalesce(g.name, nullif(u.profile->>'displayName', ''),
      nullif(trim(concat_ws(' ', u.profile->>'firstName', u.profile->>'lastName')), ''), u.profile->>'login') as name
  from group_owners o left join users u on u.id = o.owner_user_id left join groups g on g.id = o.owner_group_id`;

const fields: FieldTable = {
  named: new Map([
    ['id', idField(ownerId)],
    [
      'type',
      chosenField(`case when o.owner_user_id is null then 'GROUP' else 'USER' end`, 'folded', {
        shown: { USER: 'USER', GROUP: 'GROUP' },
        closed: true,
      }),
    ],
  ]),
};

interface OwnerRow {
  readonly id: OwnerId;
  readonly type: GroupOwner['type'];
  readonly name: string;
  readonly last_updated: Date;
}

function toOwner({ id, type, name, last_updated: lastUpdated }: OwnerRow): GroupOwner {
  return { id, type, displayName: name, lastUpdated };
}
