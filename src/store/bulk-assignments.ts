import type { Profile } from '../domain/profile.ts';
import type { UserStatus } from '../domain/user.ts';
import type { AppId, RunId, UserId } from '../lib/ids.ts';
import { foldName } from '../lib/text.ts';
import { assignedByGroup, markDue } from './assignments.ts';
import { queryOne, type Queryable, type Tx } from './database.ts';

/** What a text that is to name somebody has come to, and how that person has the app. */
export interface NamedPerson {
  readonly subject: string;
  /** Null: nobody has this id or login. */
  readonly userId: UserId | null;
  readonly status: UserStatus | null;
  readonly assigned: boolean;
  readonly direct: boolean;
  /** A group gives them the app. */
  readonly byGroup: boolean;
}

/** People by id or by login in any letter case, in the order given, with their assignment. One statement. */
export async function findNamedPeople(
  db: Queryable,
  appId: AppId,
  subjects: readonly string[],
): Promise<NamedPerson[]> {
  return db.query<NamedPerson>(
    `with named as materialized (
       select $1::text as app_id, g.subject, g.ordinality,
         coalesce((select id from users where id = g.subject), (select id from users where login_key = g.key)) as user_id
       from unnest($2::text[], $3::text[]) with ordinality as g(subject, key, ordinality))
     select n.subject, n.user_id as "userId", u.status, coalesce(a.assigned, false) as assigned,
       coalesce(a.assigned and a.direct, false) as direct,
       exists (select 1 from app_groups ag join group_members gm on gm.group_id = ag.group_id
               where ag.app_id = n.app_id and gm.user_id = n.user_id) as "byGroup"
     from named n left join users u on u.id = n.user_id
     left join app_users a on a.app_id = n.app_id and a.user_id = n.user_id
     order by n.ordinality`,
    [appId, subjects, subjects.map(foldName)],
  );
}

/** Gives individual assignments back to the groups that give the app as well. Returns whose they were. */
export async function returnToGroups(tx: Tx, appId: AppId, userIds: readonly UserId[]): Promise<UserId[]> {
  const rows = await tx.query<{ user_id: UserId }>(
    `update app_users set direct = false, assigned_profile = '{}', password_sealed = null, password_changed = null,
       ${markDue}
     where app_id = $1 and user_id = any($2::text[]) and assigned and direct and ${assignedByGroup}
     returning user_id`,
    [appId, userIds],
  );
  return rows.map((row) => row.user_id);
}

/** Makes assignments by group individual ones, each with values of its own. Returns whose they were. */
export async function overrideGroups(
  tx: Tx,
  appId: AppId,
  overrides: readonly { readonly userId: UserId; readonly profile: Profile }[],
): Promise<UserId[]> {
  const rows = await tx.query<{ user_id: UserId }>(
    `update app_users set direct = true, assigned_profile = o.profile, ${markDue}
     from jsonb_to_recordset($2::jsonb) as o("userId" text, profile jsonb)
     where app_users.app_id = $1 and app_users.user_id = o."userId" and app_users.assigned and not app_users.direct
     returning app_users.user_id`,
    [appId, JSON.stringify(overrides)],
  );
  return rows.map((row) => row.user_id);
}

/** Makes everybody who has the app in this way an item of a run. Returns how many. */
export async function appendAssignedPeople(
  tx: Tx,
  runId: RunId,
  appId: AppId,
  { direct }: { readonly direct: boolean },
): Promise<number> {
  const row = await queryOne<{ count: number }>(
    tx,
    `with added as (
       insert into run_items (run_id, seq, subject)
       select $1, row_number() over (order by user_id), user_id from app_users
       where app_id = $2 and assigned and direct = $3
       returning 1)
     select count(*)::int as count from added`,
    [runId, appId, direct],
  );
  return row?.count ?? 0;
}
