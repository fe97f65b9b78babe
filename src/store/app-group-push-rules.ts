import type { GroupPushConditions, GroupPushRule } from '../domain/group-push-rule.ts';
import type { AppId, GroupId, GroupPushId, GroupPushRuleId } from '../lib/ids.ts';
import { UsherError } from '../lib/errors.ts';
import { queryOne, sqlState, uniqueViolation, type Queryable, type Tx } from './database.ts';

export interface NewGroupPushRule extends Pick<GroupPushRule, 'id' | 'appId' | 'name' | 'status' | 'conditions'> {
  /** Groups the app has already may be taken over. */
  readonly mayLink: boolean;
}

/** @throws {UsherError} `conflict` when another rule of the app has the name; the transaction cannot go on. */
export async function insertPushRule(tx: Tx, rule: NewGroupPushRule): Promise<void> {
  await named(() =>
    tx.query(
      `insert into app_group_push_rules (id, app_id, name, status, conditions, may_link)
       values ($1, $2, $3, $4, $5::jsonb, $6)`,
      [rule.id, rule.appId, rule.name, rule.status, JSON.stringify(rule.conditions), rule.mayLink],
    ),
  );
}

/** @throws {UsherError} as `insertPushRule` does. */
export async function updatePushRule(
  tx: Tx,
  rule: Pick<GroupPushRule, 'id' | 'name' | 'status' | 'conditions'>,
): Promise<void> {
  await named(() =>
    tx.query(
      `update app_group_push_rules set name = $2, status = $3, conditions = $4::jsonb, last_updated = now()
       where id = $1`,
      [rule.id, rule.name, rule.status, JSON.stringify(rule.conditions)],
    ),
  );
}

/** Its mappings stay, as if somebody had made them one by one. */
export async function deletePushRule(tx: Tx, id: GroupPushRuleId): Promise<void> {
  await tx.query('update app_group_push set rule_id = null, paused_by_rule = false where rule_id = $1', [id]);
  await tx.query('delete from app_group_push_rules where id = $1', [id]);
}

export async function findPushRule(
  db: Queryable,
  appId: AppId,
  id: GroupPushRuleId,
): Promise<GroupPushRule | undefined> {
  const row = await queryOne<RuleRow>(
    db,
    `select ${columns} from app_group_push_rules r where app_id = $1 and id = $2`,
    [appId, id],
  );
  return row && toRule(row);
}

/** In order of ids. */
export async function listPushRules(
  db: Queryable,
  appId: AppId,
  page: { readonly after?: GroupPushRuleId; readonly limit: number },
): Promise<GroupPushRule[]> {
  const rows = await db.query<RuleRow>(
    `select ${columns} from app_group_push_rules r where app_id = $1 and id > $2 order by id limit $3`,
    [appId, page.after ?? '', page.limit],
  );
  return rows.map(toRule);
}

export async function mappingIdsOfRule(db: Queryable, id: GroupPushRuleId): Promise<GroupPushId[]> {
  const rows = await db.query<{ id: GroupPushId }>(
    'select id from app_group_push where rule_id = $1 and not removing order by id',
    [id],
  );
  return rows.map((row) => row.id);
}

/** Groups that conditions fit, by name, and how many there are in all. */
export async function findFittingGroups(
  db: Queryable,
  appId: AppId,
  conditions: GroupPushConditions,
  limit: number,
): Promise<{ readonly total: number; readonly groups: readonly FittingGroup[] }> {
  const rows = await db.query<{ id: GroupId; name: string; pushed: boolean; total: number }>(
    `select g.id, g.name, count(*) over ()::int as total,
       exists (select 1 from app_group_push p where p.app_id = $1 and p.source_group_id = g.id and not p.removing) as pushed
     from groups g cross join (select $2::jsonb as conditions) r
     where ${fits} and not ${ofApp('$1')} order by lower(g.name), g.id limit $3`,
    [appId, JSON.stringify(conditions), limit],
  );
  return { total: rows[0]?.total ?? 0, groups: rows.map(({ id, name, pushed }) => ({ id, name, pushed })) };
}

export interface FittingGroup {
  readonly id: GroupId;
  readonly name: string;
  /** It has a mapping already. */
  readonly pushed: boolean;
}

/** Which rules, or which groups, have changed. */
export type RuleScope = { readonly ruleId: GroupPushRuleId } | { readonly groupIds: readonly GroupId[] };

/** A group that an active rule fits, and that has no mapping yet. */
export interface RuleMatch {
  readonly ruleId: GroupPushRuleId;
  readonly appId: AppId;
  readonly appLabel: string;
  readonly mayLink: boolean;
  readonly groupId: GroupId;
  readonly name: string;
  /** The app's group of the same name, where it is known. */
  readonly target: { readonly id: GroupId; readonly free: boolean } | undefined;
}

/** Locks the groups, so that nobody joins or leaves one between its mapping and the first comparison. */
export async function findRuleMatches(tx: Tx, scope: RuleScope): Promise<RuleMatch[]> {
  const rows = await tx.query<MatchRow>(
    `select r.id as rule_id, r.app_id, a.label, r.may_link, g.id as group_id, g.name, t.id as target_id,
       t.external and not r.may_link or t.taken as unfree
     from app_group_push_rules r
     join apps a on a.id = r.app_id
     join groups g on ${fits}
     left join lateral (
       select l.group_id as id, l.external_id is not null as external,
         exists (select 1 from app_group_push p where p.target_group_id = l.group_id and not p.removing) as taken
       from app_group_links l join groups n on n.id = l.group_id
       where l.app_id = r.app_id and lower(n.name) = lower(g.name) order by l.created, l.group_id limit 1) t on true
     where r.status = 'ACTIVE' and ($1::text is null or r.id = $1) and ($2::text[] is null or g.id = any($2::text[]))
       and not ${ofApp('r.app_id')}
       and not exists (select 1 from app_group_push p
         where p.app_id = r.app_id and p.source_group_id = g.id and not p.removing)
     order by g.id, r.created, r.id for update of g`,
    scopeOf(scope),
  );
  return rows.map((row) => ({
    ruleId: row.rule_id,
    appId: row.app_id,
    appLabel: row.label,
    mayLink: row.may_link,
    groupId: row.group_id,
    name: row.name,
    target: row.target_id === null ? undefined : { id: row.target_id, free: row.unfree !== true },
  }));
}

export interface NewRuleMapping {
  readonly id: GroupPushId;
  readonly match: RuleMatch;
  readonly targetGroupId: GroupId;
}

/** Makes the mappings, and the groups that stand for what the apps are to have; each is one statement. */
export async function insertRuleMappings(tx: Tx, mappings: readonly NewRuleMapping[]): Promise<void> {
  const records = mappings.map(({ id, match, targetGroupId }) => ({
    id,
    app_id: match.appId,
    rule_id: match.ruleId,
    may_link: match.mayLink,
    source_id: match.groupId,
    name: match.name,
    target_id: targetGroupId,
    is_new: match.target === undefined,
  }));
  const given = `jsonb_to_recordset($1::jsonb) as n(id text, app_id text, rule_id text, may_link boolean,
    source_id text, name text, target_id text, is_new boolean)`;
  const parameters = [JSON.stringify(records)];
  await tx.query(
    `insert into groups (id, type, name, profile)
     select target_id, 'APP_GROUP', name, jsonb_build_object('name', name, 'description', null) from ${given} where is_new`,
    parameters,
  );
  await tx.query(
    `insert into app_group_links (group_id, app_id) select target_id, app_id from ${given} where is_new`,
    parameters,
  );
  await tx.query(
    `insert into app_group_push (id, app_id, source_group_id, target_group_id, target_name, name_policy, status,
       may_link, rule_id, due_at)
     select id, app_id, source_id, target_id, name, 'SOURCE', 'ACTIVE', may_link, rule_id, now() from ${given}`,
    parameters,
  );
}

/** A mapping whose rule has changed its mind: it no longer fits the group and is paused, or fits again. */
export interface TurnedMapping {
  readonly id: GroupPushId;
  readonly appId: AppId;
  readonly appLabel: string;
  readonly groupId: GroupId;
  readonly groupName: string;
  readonly fits: boolean;
}

/** Mappings of active rules to be paused or resumed, because of another name, or other conditions. */
export async function findTurnedMappings(tx: Tx, scope: RuleScope): Promise<TurnedMapping[]> {
  const rows = await tx.query<TurnedRow>(
    `select p.id, p.app_id, a.label, g.id as group_id, g.name, ${fits} as fits
     from app_group_push p
     join app_group_push_rules r on r.id = p.rule_id and r.status = 'ACTIVE'
     join apps a on a.id = p.app_id
     join groups g on g.id = p.source_group_id
     where not p.removing and ($1::text is null or r.id = $1) and ($2::text[] is null or g.id = any($2::text[]))
       and case when ${fits} then p.paused_by_rule else p.status <> 'INACTIVE' end
     order by p.id`,
    scopeOf(scope),
  );
  return rows.map((row) => ({
    id: row.id,
    appId: row.app_id,
    appLabel: row.label,
    groupId: row.group_id,
    groupName: row.name,
    fits: row.fits,
  }));
}

const textFits = (text: string, condition: string) => `
  case r.conditions#>>'{${condition},operator}'
    when 'STARTS_WITH' then starts_with(lower(${text}), lower(r.conditions#>>'{${condition},value}'))
    when 'ENDS_WITH' then right(lower(${text}), length(r.conditions#>>'{${condition},value}')) = lower(r.conditions#>>'{${condition},value}')
    when 'CONTAINS' then strpos(lower(${text}), lower(r.conditions#>>'{${condition},value}')) > 0
    when 'EQUALS' then lower(${text}) = lower(r.conditions#>>'{${condition},value}')
    else true end`;
/** Whether the group `g` is one the rule `r` means. */
const fits = `(jsonb_exists(r.conditions->'groupTypes', g.type)
  and ${textFits('g.name', 'name')}
  and ${textFits(`coalesce(g.profile->>'description', '')`, 'description')})`;
/** Whether the group `g` is one the app itself has. */
const ofApp = (appId: string) =>
  `exists (select 1 from app_group_links o where o.group_id = g.id and o.app_id = ${appId})`;

function scopeOf(scope: RuleScope): unknown[] {
  return 'ruleId' in scope ? [scope.ruleId, null] : [null, scope.groupIds];
}

async function named(write: () => Promise<unknown>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (sqlState(error) !== uniqueViolation) throw error;
    throw new UsherError('conflict', 'Another push rule of the app has this name. Choose another one.', {
      causes: [{ field: 'name', reason: 'is taken by another push rule of the app' }],
      cause: error,
    });
  }
}

const columns = `r.id, r.app_id, r.name, r.status, r.conditions, r.created, r.last_updated,
  (select count(*)::int from app_group_push p where p.rule_id = r.id and not p.removing) as mappings`;

interface RuleRow {
  readonly id: GroupPushRuleId;
  readonly app_id: AppId;
  readonly name: string;
  readonly status: GroupPushRule['status'];
  readonly conditions: GroupPushConditions;
  readonly mappings: number;
  readonly created: Date;
  readonly last_updated: Date;
}

interface MatchRow {
  readonly rule_id: GroupPushRuleId;
  readonly app_id: AppId;
  readonly label: string;
  readonly may_link: boolean;
  readonly group_id: GroupId;
  readonly name: string;
  readonly target_id: GroupId | null;
  readonly unfree: boolean | null;
}

interface TurnedRow {
  readonly id: GroupPushId;
  readonly app_id: AppId;
  readonly label: string;
  readonly group_id: GroupId;
  readonly name: string;
  readonly fits: boolean;
}

function toRule(row: RuleRow): GroupPushRule {
  return {
    id: row.id,
    appId: row.app_id,
    name: row.name,
    status: row.status,
    conditions: row.conditions,
    mappings: row.mappings,
    created: row.created,
    lastUpdated: row.last_updated,
  };
}
