import type { GroupRule, GroupRuleStatus } from '../domain/group.ts';
import { UsherError } from '../lib/errors.ts';
import type { GroupId, GroupRuleId, UserId } from '../lib/ids.ts';
import { queryOne, sqlState, type Queryable, type Tx } from './database.ts';
import type { Membership } from './groups.ts';

export type NewGroupRule = Omit<GroupRule, 'status' | 'created' | 'lastUpdated'>;

/**
 * Held shared while people are held against the rules, alone while the set of active rules changes: whoever has
 * been evaluated without a rule is committed, and so seen, when the rule's own walk over all people begins.
 */
const rulesLock = 7_823_004_512;

/** Keeps the set of active rules as it is until the transaction ends. Take it after the people are locked. */
export async function shareRules(tx: Tx): Promise<void> {
  await tx.query('select pg_advisory_xact_lock_shared($1)', [rulesLock]);
}

/**
 * Waits until nobody is being evaluated, and keeps everybody from it until the transaction ends.
 *
 * @throws {UsherError} `busy` when that takes longer than clients wait; the transaction cannot go on.
 */
export async function lockRules(tx: Tx): Promise<void> {
  try {
    await tx.query(`select set_config('lock_timeout', $1, true)`, [`${lockWaitMs}ms`]);
    await tx.query('select pg_advisory_xact_lock($1)', [rulesLock]);
    await tx.query(`select set_config('lock_timeout', '0', true)`);
  } catch (error) {
    throw sqlState(error) === lockNotAvailable ? rulesBusy(error) : error;
  }
}

/** Well under the 30 s after which most clients hang up. */
const lockWaitMs = 5_000;
const lockNotAvailable = '55P03';

function rulesBusy(cause: unknown): UsherError {
  return new UsherError(
    'busy',
    'Group rules are being evaluated for many people at the moment, so none can be changed. Try again in a minute.',
    { cause, retryAfterSeconds: 30 },
  );
}

export async function insertRule(tx: Tx, rule: NewGroupRule): Promise<GroupRule> {
  return writeRule(
    tx,
    `insert into group_rules (id, name, status, expression, group_ids, excluded_user_ids, excluded_group_ids)
     values ($1, $2, 'INACTIVE', $3, $6::text[], $4::text[], $5::text[]) returning ${columns}`,
    [rule.id, rule.name, rule.expression, rule.excludedUserIds, rule.excludedGroupIds, rule.groupIds],
  );
}

/** Everything but the groups, which a rule keeps for life. */
export async function updateRule(tx: Tx, rule: Omit<NewGroupRule, 'groupIds'>): Promise<GroupRule> {
  return writeRule(
    tx,
    `update group_rules set name = $2, expression = $3, excluded_user_ids = $4::text[],
       excluded_group_ids = $5::text[], last_updated = now()
     where id = $1 returning ${columns}`,
    [rule.id, rule.name, rule.expression, rule.excludedUserIds, rule.excludedGroupIds],
  );
}

export async function updateRuleStatus(tx: Tx, ruleId: GroupRuleId, status: GroupRuleStatus): Promise<void> {
  await tx.query('update group_rules set status = $2, last_updated = now() where id = $1', [ruleId, status]);
}

export async function deleteRule(tx: Tx, ruleId: GroupRuleId): Promise<void> {
  await tx.query('delete from group_rules where id = $1', [ruleId]);
}

export async function findRule(db: Queryable, ruleId: GroupRuleId): Promise<GroupRule | undefined> {
  const row = await queryOne<RuleRow>(db, `select ${columns} from group_rules where id = $1`, [ruleId]);
  return row && toRule(row);
}

export async function lockRule(tx: Tx, ruleId: GroupRuleId): Promise<GroupRule | undefined> {
  const row = await queryOne<RuleRow>(tx, `select ${columns} from group_rules where id = $1 for update`, [ruleId]);
  return row && toRule(row);
}

/** Whether any rule, on or off, puts people into the group. */
export async function isFilledByRule(db: Queryable, groupId: GroupId): Promise<boolean> {
  const rows = await db.query('select 1 from group_rules where $1 = any(group_ids) limit 1', [groupId]);
  return rows.length > 0;
}

export interface GroupRuleFilter {
  /** Part of the name, in any letter case. */
  readonly nameContains?: string;
  /** Only those that put people into this group. */
  readonly groupId?: GroupId;
  /** The last id of the page before. */
  readonly after?: GroupRuleId;
  readonly limit: number;
}

/** In order of ids. */
export async function listRules(db: Queryable, filter: GroupRuleFilter): Promise<GroupRule[]> {
  const rows = await db.query<RuleRow>(
    `select ${columns} from group_rules
     where id > $1 and ($2::text is null or strpos(lower(name), lower($2)) > 0)
       and ($3::text is null or $3 = any(group_ids)) order by id limit $4`,
    [filter.after ?? '', filter.nameContains ?? null, filter.groupId ?? null, filter.limit],
  );
  return rows.map(toRule);
}

export async function listActiveRules(db: Queryable): Promise<GroupRule[]> {
  const rows = await db.query<RuleRow>(`select ${columns} from group_rules where status = 'ACTIVE' order by id`);
  return rows.map(toRule);
}

/** Keeps a person out of these rules from now on. Returns the rules that did not exclude them yet. */
export async function addExclusion(tx: Tx, ruleIds: readonly string[], userId: UserId): Promise<GroupRule[]> {
  const rows = await tx.query<RuleRow>(
    `update group_rules set excluded_user_ids = array_append(excluded_user_ids, $2), last_updated = now()
     where id = any($1::text[]) and not $2 = any(excluded_user_ids) returning ${columns}`,
    [ruleIds, userId],
  );
  return rows.map(toRule);
}

/** Marks the rules that put people into this group as INVALID. Returns them. */
export async function invalidateRulesOf(tx: Tx, groupId: GroupId): Promise<GroupRule[]> {
  const rows = await tx.query<RuleRow>(
    `update group_rules set status = 'INVALID', last_updated = now()
     where $1 = any(group_ids) and status <> 'INVALID' returning ${columns}`,
    [groupId],
  );
  return rows.map(toRule);
}

/** Everybody whom the rule has put into a group. Served by group_members_rule. */
export async function findMembershipsByRule(db: Queryable, ruleId: GroupRuleId): Promise<Membership[]> {
  const rows = await db.query<{ group_id: GroupId; user_id: UserId }>(
    `select group_id, user_id from group_members where source = $1 and source <> 'direct' order by user_id`,
    [ruleId],
  );
  return rows.map((row) => ({ groupId: row.group_id, userId: row.user_id, source: ruleId }));
}

/** Makes members the rule has added direct ones, so that they stay when it is gone. */
export async function keepMembersOfRule(tx: Tx, ruleId: GroupRuleId): Promise<void> {
  await tx.query(
    `insert into group_members (group_id, user_id, source, since)
     select group_id, user_id, 'direct', since from group_members where source = $1 and source <> 'direct'
     on conflict do nothing`,
    [ruleId],
  );
  await tx.query(`delete from group_members where source = $1 and source <> 'direct'`, [ruleId]);
}

const columns = `id, name, status, expression, group_ids, excluded_user_ids, excluded_group_ids, created, last_updated`;

async function writeRule(tx: Tx, sql: string, parameters: readonly unknown[]): Promise<GroupRule> {
  const row = await queryOne<RuleRow>(tx, sql, parameters);
  if (row === undefined) throw new UsherError('internal', 'The group rule was gone when it was written.');
  return toRule(row);
}

interface RuleRow {
  readonly id: GroupRuleId;
  readonly name: string;
  readonly status: GroupRuleStatus;
  readonly expression: string;
  readonly group_ids: GroupId[];
  readonly excluded_user_ids: UserId[];
  readonly excluded_group_ids: GroupId[];
  readonly created: Date;
  readonly last_updated: Date;
}

function toRule(row: RuleRow): GroupRule {
  return {
    id: row.id,
    name: row.name,
    status: row.status,
    expression: row.expression,
    groupIds: row.group_ids,
    excludedUserIds: row.excluded_user_ids,
    excludedGroupIds: row.excluded_group_ids,
    created: row.created,
    lastUpdated: row.last_updated,
  };
}
