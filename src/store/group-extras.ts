import type { AppId, GroupId } from '../lib/ids.ts';
import type { Queryable } from './database.ts';

/** What goes with a group, in numbers. */
export interface GroupStats {
  readonly users: number;
  readonly apps: number;
  readonly pushMappings: number;
  readonly hasAdminRole: boolean;
}

/** Which app each of these groups is from. Those of our own are left out. */
export async function findGroupSources(db: Queryable, groupIds: readonly GroupId[]): Promise<Map<GroupId, AppId>> {
  const rows = await db.query<{ group_id: GroupId; app_id: AppId }>(
    'select group_id, app_id from app_group_links where group_id = any($1::text[])',
    [groupIds],
  );
  return new Map(rows.map((row) => [row.group_id, row.app_id]));
}

/** Counts for each of these groups. It reads every membership of theirs. */
export async function countOfGroups(db: Queryable, groupIds: readonly GroupId[]): Promise<Map<GroupId, GroupStats>> {
  const rows = await db.query<{ id: GroupId; users: string; apps: string; pushes: string; has_role: boolean }>(
    `select g.id, coalesce(m.users, 0) as users, coalesce(a.apps, 0) as apps, coalesce(p.pushes, 0) as pushes,
       exists (select 1 from admins where group_id = g.id) as has_role
     from unnest($1::text[]) as g(id)
     left join (select group_id, count(distinct user_id) as users from group_members
                where group_id = any($1::text[]) group by group_id) m on m.group_id = g.id
     left join (select group_id, count(*) as apps from app_groups
                where group_id = any($1::text[]) group by group_id) a on a.group_id = g.id
     left join (select source_group_id, count(*) as pushes from app_group_push
                where source_group_id = any($1::text[]) and not removing group by source_group_id) p
       on p.source_group_id = g.id`,
    [groupIds],
  );
  return new Map(
    rows.map((row) => [
      row.id,
      {
        users: Number(row.users),
        apps: Number(row.apps),
        pushMappings: Number(row.pushes),
        hasAdminRole: row.has_role,
      },
    ]),
  );
}
