import type { AppId, GroupId, UserId } from '../lib/ids.ts';
import type { Queryable, Tx } from './database.ts';

// Who changes something that a pushed group follows writes it down here, in the same transaction; the worker of the app
// takes it from here (`takePushChanges`). What an account's outcome changes is written by `recordOutcomes` itself, what
// an assignment changes by `grantByGroups` and `recheckAssignments`.

/** More people of one group at once are not told apart: the whole group is compared. */
const namedMax = 1_000;

/** These people have come into these groups, or have left them. Pairs, at most 5,000 at once. */
export async function markPushedMembers(
  tx: Tx,
  memberships: readonly { readonly groupId: GroupId; readonly userId: UserId }[],
): Promise<void> {
  await tx.query(
    `with changed as (
       select distinct p.app_id, p.id, d.user_id from unnest($1::text[], $2::text[]) as d(group_id, user_id)
       join app_group_push p on p.source_group_id = d.group_id where not p.removing),
     crowded as (select id from changed group by id having count(*) > $3)
     insert into app_group_push_changes (app_id, push_id, user_id)
     select app_id, id, user_id from changed where id not in (select id from crowded)
     union all select distinct app_id, id, null from changed where id in (select id from crowded)`,
    [memberships.map((each) => each.groupId), memberships.map((each) => each.userId), namedMax],
  );
}

/** Has everything about these pushed groups looked at: their names have changed, or they are gone. */
export async function markPushedGroups(tx: Tx, groupIds: readonly GroupId[]): Promise<void> {
  await tx.query(
    `insert into app_group_push_changes (app_id, push_id)
     select app_id, id from app_group_push where source_group_id = any($1::text[]) and not removing`,
    [groupIds],
  );
}

/** The apps that are given any of these groups. Served by app_group_push_group. */
export async function appsPushing(db: Queryable, groupIds: readonly GroupId[]): Promise<AppId[]> {
  const rows = await db.query<{ app_id: AppId }>(
    'select distinct app_id from app_group_push where source_group_id = any($1::text[])',
    [groupIds],
  );
  return rows.map((row) => row.app_id);
}

/**
 * A further part of a statement that changes app users: notes those whose change can concern a pushed group. `rows`
 * names a part before it that returns the new `app_id`, `user_id` and what `changed` asks of them as `n`; the row as it
 * was before the statement is `a`. Where no group is pushed anywhere it does not even begin.
 */
export function notePushChanges(rows: string, changed: string): string {
  return `pushes as (
    insert into app_group_push_changes (app_id, user_id)
    select a.app_id, a.user_id from ${rows} n join app_users a on a.app_id = n.app_id and a.user_id = n.user_id
    where (select exists (select 1 from app_group_push)) and ${changed}
      and exists (select 1 from app_group_push p where p.app_id = a.app_id))`;
}
