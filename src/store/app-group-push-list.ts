import type { SyncState } from '../domain/app-user.ts';
import type { AppScope } from '../domain/rights.ts';
import type { AppId, GroupId, GroupPushId, GroupPushRuleId } from '../lib/ids.ts';
import type { GroupPushStatus } from './app-group-push.ts';
import { queryOne, type Queryable } from './database.ts';
import { appInScope, appTargetsOf } from './scopes.ts';

/** A pushed group as an administrator looks at it. */
export interface PushedGroup {
  readonly id: GroupPushId;
  readonly sourceGroupId: GroupId;
  /** Null once the group is deleted here. */
  readonly sourceName: string | null;
  readonly targetGroupId: GroupId | null;
  readonly targetName: string;
  readonly namePolicy: 'SOURCE' | 'TARGET';
  readonly status: GroupPushStatus;
  readonly syncState: SyncState;
  /** Those the app has, of those it is to have. */
  readonly membersInApp: number;
  readonly membersWanted: number;
  readonly lastPush: Date | null;
  readonly lastError: string | null;
  readonly lastErrorCode: string | null;
  readonly failingSince: Date | null;
  readonly attempts: number;
  /** When it is looked at next; null: when something changes. */
  readonly nextLook: Date | null;
  readonly ruleId: GroupPushRuleId | null;
  /** It is INACTIVE because its group no longer fits the rule. */
  readonly pausedByRule: boolean;
}

export interface PushedGroupFilter {
  readonly status?: GroupPushStatus;
  readonly ruleId?: GroupPushRuleId;
  /** Start of the name of the group here, in any letter case. */
  readonly prefix?: string;
  /** The last id of the page before. */
  readonly after?: GroupPushId;
  readonly limit: number;
}

/** In order of ids. */
export async function listPushedGroups(db: Queryable, appId: AppId, filter: PushedGroupFilter): Promise<PushedGroup[]> {
  const rows = await db.query<PushedGroupRow>(
    `${select} where p.app_id = $1 and not p.removing and p.id > $2
       and ($3::text is null or p.status = $3) and ($4::text is null or p.rule_id = $4)
       and ($5::text is null or starts_with(lower(s.name), lower($5)))
     order by p.id limit $6`,
    [...[appId, filter.after ?? '', filter.status ?? null, filter.ruleId ?? null, filter.prefix ?? null], filter.limit],
  );
  return rows.map(toPushedGroup);
}

/** What a group is in one app that is given it. */
export interface PushOfGroup extends PushedGroup {
  readonly appId: AppId;
  readonly appLabel: string;
}

/** In order of ids. Served by app_group_push_group. */
export async function listPushesOfGroup(
  db: Queryable,
  groupId: GroupId,
  page: { readonly within?: AppScope; readonly after?: GroupPushId; readonly limit: number },
): Promise<PushOfGroup[]> {
  const rows = await db.query<PushedGroupRow & { readonly app_id: AppId; readonly app_label: string }>(
    `select ${columns}, a.id as app_id, a.label as app_label ${tables} join apps a on a.id = p.app_id
     where p.source_group_id = $1 and not p.removing and p.id > $2 and ${appInScope('a', 4)} order by p.id limit $3`,
    [groupId, page.after ?? '', page.limit, appTargetsOf(page.within)],
  );
  return rows.map((row) => ({ ...toPushedGroup(row), appId: row.app_id, appLabel: row.app_label }));
}

export async function findPushedGroup(db: Queryable, appId: AppId, id: GroupPushId): Promise<PushedGroup | undefined> {
  const row = await queryOne<PushedGroupRow>(db, `${select} where p.app_id = $1 and p.id = $2 and not p.removing`, [
    appId,
    id,
  ]);
  return row && toPushedGroup(row);
}

/** How many people of the group could be in its counterpart, and how many of them have no active account there. */
export async function countPeopleOfPush(
  db: Queryable,
  appId: AppId,
  groupId: GroupId,
): Promise<{ readonly people: number; readonly withoutAccount: number }> {
  const row = await queryOne<{ people: number; with_account: number }>(
    db,
    `select count(*)::int as people,
       count(*) filter (where a.assigned and a.recorded_active and a.external_id is not null)::int as with_account
     from (select distinct user_id from group_members where group_id = $2) m
     left join app_users a on a.app_id = $1 and a.user_id = m.user_id`,
    [appId, groupId],
  );
  return { people: row?.people ?? 0, withoutAccount: (row?.people ?? 0) - (row?.with_account ?? 0) };
}

/** How many mappings of an app stand where. `waiting`: something is to be done, or under way. */
export interface PushCounts {
  readonly active: number;
  readonly inactive: number;
  readonly error: number;
  readonly waiting: number;
  readonly rules: number;
}

export async function countPushedGroups(db: Queryable, appId: AppId): Promise<PushCounts> {
  const counts = await queryOne<PushCounts>(
    db,
    `select count(*) filter (where status = 'ACTIVE')::int as active,
       count(*) filter (where status = 'INACTIVE')::int as inactive,
       count(*) filter (where status = 'ERROR')::int as error,
       count(*) filter (where status <> 'INACTIVE' and sync_state in ('OUT_OF_SYNC', 'SYNCING'))::int as waiting,
       (select count(*)::int from app_group_push_rules where app_id = $1) as rules
     from app_group_push where app_id = $1 and not removing`,
    [appId],
  );
  return counts ?? { active: 0, inactive: 0, error: 0, waiting: 0, rules: 0 };
}

const columns = `
  p.id, p.source_group_id, s.name as source_name, p.target_group_id, coalesce(t.name, p.target_name) as target_name,
  p.name_policy, p.status, p.sync_state, p.members_in_app, p.members_wanted, p.last_push, p.last_error,
  p.last_error_code, p.failing_since, p.attempts, p.due_at, p.rule_id, p.paused_by_rule`;
const tables = `
  from app_group_push p
  left join groups s on s.id = p.source_group_id
  left join groups t on t.id = p.target_group_id`;
const select = `select ${columns} ${tables}`;

interface PushedGroupRow {
  readonly id: GroupPushId;
  readonly source_group_id: GroupId;
  readonly source_name: string | null;
  readonly target_group_id: GroupId | null;
  readonly target_name: string;
  readonly name_policy: 'SOURCE' | 'TARGET';
  readonly status: GroupPushStatus;
  readonly sync_state: SyncState;
  readonly members_in_app: number;
  readonly members_wanted: number;
  readonly last_push: Date | null;
  readonly last_error: string | null;
  readonly last_error_code: string | null;
  readonly failing_since: Date | null;
  readonly attempts: number;
  readonly due_at: Date | null;
  readonly rule_id: GroupPushRuleId | null;
  readonly paused_by_rule: boolean;
}

function toPushedGroup(row: PushedGroupRow): PushedGroup {
  return {
    id: row.id,
    sourceGroupId: row.source_group_id,
    sourceName: row.source_name,
    targetGroupId: row.target_group_id,
    targetName: row.target_name,
    namePolicy: row.name_policy,
    status: row.status,
    syncState: row.sync_state,
    membersInApp: row.members_in_app,
    membersWanted: row.members_wanted,
    lastPush: row.last_push,
    lastError: row.last_error,
    lastErrorCode: row.last_error_code,
    failingSince: row.failing_since,
    attempts: row.attempts,
    nextLook: row.due_at,
    ruleId: row.rule_id,
    pausedByRule: row.paused_by_rule,
  };
}
