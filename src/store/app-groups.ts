import type { GroupAssignment } from '../domain/assignment.ts';
import type { Filter } from '../domain/filter/ast.ts';
import type { Profile } from '../domain/profile.ts';
import type { AppId, GroupId } from '../lib/ids.ts';
import { queryOne, type Queryable, type Tx } from './database.ts';
import { compileFilter } from './filter/compile.ts';
import type { FieldTable } from './filter/field.ts';
import { idField, timeField } from './filter/fields.ts';
import { bind, bindText, type SqlValues } from './filter/sql-values.ts';
import { groupNamed } from './group-list.ts';

export interface AppGroupFilter {
  /** Start of the group's name, in any letter case. */
  readonly prefix?: string;
  readonly filter?: Filter;
  /** The last assignment of the page before. */
  readonly after?: Pick<GroupAssignment, 'priority' | 'groupId'>;
  readonly limit: number;
}

export async function findAppGroup(
  db: Queryable,
  appId: AppId,
  groupId: GroupId,
): Promise<GroupAssignment | undefined> {
  const row = await queryOne<AppGroupRow>(db, `select ${columns} from app_groups where app_id = $1 and group_id = $2`, [
    appId,
    groupId,
  ]);
  return row && toGroupAssignment(row);
}

/** The best priority first. @throws {UsherError} `invalid_input` for what the groups of an app cannot be asked for. */
export async function listAppGroups(db: Queryable, appId: AppId, list: AppGroupFilter): Promise<GroupAssignment[]> {
  const { prefix, filter, after, limit } = list;
  const into: SqlValues = { values: [] };
  const conditions = [
    `app_id = ${bindText(into, appId)}`,
    ...(after === undefined
      ? []
      : [`(priority, group_id) > (${bind(into, after.priority)}::integer, ${bindText(into, after.groupId)})`]),
    ...(prefix === undefined ? [] : [`group_id in (select id from groups where ${groupNamed(prefix, into)})`]),
    ...(filter === undefined ? [] : [compileFilter(filter, { parameter: 'filter', fields }, into)]),
  ];
  const rows = await db.query<AppGroupRow>(
    `select ${columns} from app_groups where ${conditions.join(' and ')}
     order by priority, group_id limit ${bind(into, limit)}::int`,
    into.values,
  );
  return rows.map(toGroupAssignment);
}

/** The apps that any of these groups gives, by label. */
export async function listAppsOfGroups(
  db: Queryable,
  groupIds: readonly GroupId[],
): Promise<{ readonly id: AppId; readonly label: string }[]> {
  return db.query(
    `select id, label from apps
     where id in (select app_id from app_groups where group_id = any($1::text[])) order by lower(label), id`,
    [groupIds],
  );
}

const fields: FieldTable = {
  named: new Map([
    ['id', idField('app_groups.group_id')],
    ['lastUpdated', timeField('app_groups.last_updated', { nullable: false })],
  ]),
};

/**
 * Moves the group at this priority one down, and those that follow it without a gap, so that another can stand there.
 * Their order among each other stays. Call it before `saveAppGroup`.
 */
export async function makeRoomAt(tx: Tx, appId: AppId, groupId: GroupId, priority: number): Promise<void> {
  await tx.query(
    `with others as (select priority from app_groups where app_id = $1 and group_id <> $2 and priority >= $3::integer),
     gap as (
       select min(c.priority) as priority
       from (select $3::integer as priority union select priority + 1 from others) c
       where not exists (select 1 from others o where o.priority = c.priority))
     update app_groups set priority = app_groups.priority + 1, last_updated = now()
     from gap
     where app_id = $1 and group_id <> $2 and app_groups.priority >= $3 and app_groups.priority < gap.priority`,
    [appId, groupId, priority],
  );
}

/** Makes or replaces the assignment. Without a priority it comes after all others; the first gets 0. */
export async function saveAppGroup(
  tx: Tx,
  assignment: {
    readonly appId: AppId;
    readonly groupId: GroupId;
    readonly priority: number | undefined;
    readonly profile: Profile;
  },
): Promise<void> {
  await tx.query(
    `insert into app_groups (app_id, group_id, priority, profile)
     values ($1, $2,
       coalesce($3::integer, (select coalesce(max(priority) + 1, 0) from app_groups where app_id = $1)), $4::jsonb)
     on conflict (app_id, group_id) do update set
       priority = excluded.priority, profile = excluded.profile, last_updated = now()`,
    [assignment.appId, assignment.groupId, assignment.priority ?? null, JSON.stringify(assignment.profile)],
  );
}

/** Gives several groups other priorities, whatever the others have. */
export async function setPriorities(
  tx: Tx,
  appId: AppId,
  priorities: readonly { readonly groupId: GroupId; readonly priority: number }[],
): Promise<void> {
  await tx.query(
    `update app_groups set priority = p.priority, last_updated = now()
     from jsonb_to_recordset($2::jsonb) as p("groupId" text, priority integer)
     where app_id = $1 and group_id = p."groupId"`,
    [appId, JSON.stringify(priorities)],
  );
}

export async function deleteAppGroup(tx: Tx, appId: AppId, groupId: GroupId): Promise<void> {
  await tx.query(`delete from app_groups where app_id = $1 and group_id = $2`, [appId, groupId]);
}

const columns = 'app_id, group_id, priority, profile, last_updated';

interface AppGroupRow {
  readonly app_id: AppId;
  readonly group_id: GroupId;
  readonly priority: number;
  readonly profile: Profile;
  readonly last_updated: Date;
}

function toGroupAssignment(row: AppGroupRow): GroupAssignment {
  return {
    appId: row.app_id,
    groupId: row.group_id,
    priority: row.priority,
    profile: row.profile,
    lastUpdated: row.last_updated,
  };
}
