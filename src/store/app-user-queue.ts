import type { PlannedAction } from '../planner/action.ts';
import type { AppUserStatus, SyncState } from '../domain/app-user.ts';
import { systemActor, type EventTarget, type NewLogEvent } from '../domain/log-event.ts';
import type { Profile } from '../domain/profile.ts';
import { failureTaskId, manualTaskId, type ManualVerb } from '../domain/task.ts';
import type { ErrorCode } from '../lib/errors.ts';
import type { AppId, ExternalId, TaskId, UserId } from '../lib/ids.ts';
import { notePushChanges } from './app-group-push-changes.ts';
import { queryAsJson, type Db, type Queryable } from './database.ts';
import { eventRow } from './log-events.ts';
import type { SettledPassword } from './password-pushes.ts';

// app_users is its own work queue. `due_at` says when a row is to be looked at; null means nothing to do. Claiming a
// row sets `lease_until` and leaves it due, so that a row whose worker dies can be claimed again when the lease is
// over, still SYNCING, which is how the next worker knows that something may have been sent and looks before it
// writes. Claiming changes no indexed column: PostgreSQL then writes the row alone, which is half the work.
//
// An app that has just got its first hundred thousand rows is not in PostgreSQL's statistics yet, which then expects
// one row of it and reads all of them. So statements that update rows they are given never say `app_id = $1`: they
// join both parts of the key to a materialized list, which leaves one look-up per row as the only cheap way.

/** A row in a worker's hands. `epoch` fences its outcome, `version` tells whether it changed meanwhile. */
export interface ClaimedRow {
  readonly userId: UserId;
  readonly epoch: number;
  readonly version: number;
  readonly attempts: number;
  readonly direct: boolean;
  readonly assignedProfile: Profile;
  readonly unprovisioned: boolean;
  readonly loggedAssigned: boolean;
  readonly externalId: ExternalId | undefined;
  readonly userName: string | undefined;
  readonly recorded: Profile;
  readonly recordedActive: boolean;
  /** A write may have reached the app unrecorded. */
  readonly lookFirst: boolean;
  /** Seconds since the row began to fail, 0 when it is not failing. */
  readonly failingSeconds: number;
  /** Seconds since the person lost the app, 0 where that has not been acted on yet. */
  readonly deprovisionedSeconds: number;
  /** It is known already that a person has to do it. */
  readonly waitsForPerson: boolean;
}

/** What becomes of a claimed row. `account` is left out where the app's side did not change. */
export interface RowOutcome {
  readonly row: ClaimedRow;
  readonly assigned: boolean;
  readonly leaver: boolean;
  readonly status: AppUserStatus;
  readonly syncState: SyncState;
  readonly unprovisioned: boolean;
  readonly account?: {
    readonly externalId: ExternalId | null;
    readonly userName: string | null;
    readonly recorded: Profile;
    readonly active: boolean;
  };
  /** Seconds until the row is to be looked at again; undefined when not before something changes. */
  readonly retrySeconds: number | undefined;
  /** False where the failure was the app's, not the row's: the attempt does not count. */
  readonly attemptCounts: boolean;
  readonly lookFirst: boolean;
  readonly error?: { readonly code: ErrorCode; readonly message: string };
  /** What a person has to do instead of Usher. */
  readonly manual?: ManualVerb;
  readonly operation?: OperationRecord;
  /** The password that was on its way and is to be deleted. */
  readonly password?: SettledPassword;
  /** What its events are about. Usher itself is their actor. */
  readonly targets: readonly EventTarget[];
  readonly events: readonly OutcomeEvent[];
}

export type OutcomeEvent = Omit<NewLogEvent, 'actor' | 'targets' | 'transactionId'>;

/** One write to the app: what was there before, what was asked, what came of it. */
export interface OperationRecord {
  readonly kind: Exclude<PlannedAction['kind'], 'ask' | 'none' | 'task'>;
  /** The account written to, where the outcome has none. */
  readonly externalId: ExternalId | undefined;
  readonly before: unknown;
  /** Undefined for a create whose account is recorded just as it was asked for. */
  readonly changes: unknown;
  readonly outcome: 'SUCCESS' | 'FAILURE' | 'UNKNOWN';
  readonly ignored: readonly string[];
  readonly durationMs: number;
}

const unleased = '(lease_until is null or lease_until <= now())';

/**
 * Takes up to `limit` due rows of an app for `leaseSeconds`, leavers first. One statement, its own transaction.
 * Served by index app_users_due.
 */
export async function claimDueRows(
  db: Db,
  appId: AppId,
  limit: number,
  leaseSeconds: number,
  whom: 'all' | 'leavers' = 'all',
): Promise<ClaimedRow[]> {
  const rows = await queryAsJson<ClaimRow>(
    db,
    `update app_users a set
       sync_state = 'SYNCING',
       look_first = a.look_first or a.sync_state = 'SYNCING',
       lease_until = now() + $3 * interval '1 second',
       lease_epoch = a.lease_epoch + 1,
       attempts = a.attempts + 1
     where a.ctid = any(array(
       select ctid from app_users
       where app_id = $1 and due_at <= now() and ${unleased}${whom === 'leavers' ? ' and leaver' : ''}
       order by leaver desc, due_at limit $2
       for update skip locked))
     returning a.user_id, a.lease_epoch, a.version, a.attempts, a.direct, a.assigned_profile, a.unprovisioned,
       a.logged_assigned, a.external_id, a.user_name, a.recorded, a.recorded_active, a.look_first, a.leaver,
       a.status in ('APPROVED', 'REVOKED') as waits_for_person,
       case when a.status = 'DEPROVISIONED' then extract(epoch from now() - a.status_changed) else 0 end::float8
         as deprovisioned_seconds,
       coalesce(extract(epoch from now() - a.failing_since), 0)::float8 as failing_seconds`,
    [appId, limit, leaseSeconds],
  );
  return rows.sort((left, right) => Number(right.leaver) - Number(left.leaver)).map(claimedRow);
}

/** From so many due rows on, stale statistics cost more than new ones. */
const manyDueRows = 5_000;

/**
 * Where an app has very many rows due, has PostgreSQL look at the table anew: rows that came all at once are not in
 * its statistics, and without them every claim sorts all of them. Costs a fraction of a second, else nothing much.
 */
export async function refreshStatistics(db: Db, appId: AppId): Promise<void> {
  const due = await db.query(`select 1 from app_users where app_id = $1 and due_at <= now() limit $2`, [
    appId,
    manyDueRows,
  ]);
  if (due.length === manyDueRows) await db.execute('analyze app_users (app_id, user_id, external_id, leaver, due_at)');
}

/** Prolongs the leases of rows still in hand. */
export async function renewLeases(
  db: Db,
  appId: AppId,
  rows: readonly ClaimedRow[],
  leaseSeconds: number,
): Promise<void> {
  await db.query(
    `with ${heldRows}
     update app_users a set lease_until = now() + $4 * interval '1 second' from held ${whereHeld}`,
    [appId, rows.map((row) => row.userId), rows.map((row) => row.epoch), leaseSeconds],
  );
}

/** Gives back rows nothing was sent for, e.g. when the worker stops. */
export async function releaseRows(db: Db, appId: AppId, rows: readonly ClaimedRow[]): Promise<void> {
  await db.query(
    `with ${heldRows}
     update app_users a set lease_until = null, attempts = a.attempts - 1,
       sync_state = case when a.look_first then 'SYNCING' else 'OUT_OF_SYNC' end
     from held ${whereHeld}`,
    [appId, rows.map((row) => row.userId), rows.map((row) => row.epoch)],
  );
}

const heldRows = `held as materialized (
  select $1::text as app_id, user_id, epoch from unnest($2::text[], $3::bigint[]) as given(user_id, epoch))`;
const whereHeld = `where a.app_id = held.app_id and a.user_id = held.user_id and a.lease_epoch = held.epoch
  and a.sync_state = 'SYNCING'`;

/** Where only one process can exist, its start proves that whoever held a row is dead: all leases end now. */
export async function endAllLeases(db: Db): Promise<void> {
  await db.query('update app_users set lease_until = null where lease_until is not null');
}

/**
 * Writes outcomes, their operations and their log events, all or nothing, in one statement. An outcome whose lease
 * was lost to another worker changes no row; what was done in the app is recorded all the same. `pushesGroups`: pushed
 * groups of the app are told whose account has come or gone.
 */
export async function recordOutcomes(
  db: Db,
  appId: AppId,
  outcomes: readonly RowOutcome[],
  pushesGroups: boolean,
): Promise<void> {
  await db.query(pushesGroups ? recordAndNoteSql : recordSql, [
    appId,
    JSON.stringify(outcomes.map((outcome) => outcomeRow(appId, outcome))),
    JSON.stringify(systemActor),
  ]);
}

const recordSql = recordSqlWith('');
const recordAndNoteSql = recordSqlWith(
  `${notePushChanges(
    'outcome',
    `(a.assigned <> n.assigned or n.has_account
       and (a.external_id is distinct from n.external_id or a.recorded_active is distinct from n.active))`,
  )},`,
);

/** `more`: a further part of the statement, with a comma after it. */
function recordSqlWith(more: string): string {
  return `
  with outcome as materialized (
    select $1::text as app_id, o.* from jsonb_to_recordset($2::jsonb) as o(user_id text, epoch bigint, version bigint,
      attempt integer, assigned boolean, leaver boolean, status text, sync_state text, unprovisioned boolean,
      has_account boolean, external_id text, user_name text, recorded jsonb, active boolean, retry_seconds float8,
      attempt_counts boolean, look_first boolean, error_code text, error text, task_id text, kind text, written_id text, before jsonb,
      changes jsonb, outcome text, ignored text[], duration_ms integer, target jsonb, events jsonb)),
  recorded as (
    update app_users a set
      assigned = o.assigned,
      logged_assigned = o.assigned,
      leaver = o.leaver,
      status = o.status,
      status_changed = case when a.status = o.status then a.status_changed else now() end,
      unprovisioned = o.unprovisioned,
      external_id = case when o.has_account then o.external_id else a.external_id end,
      user_name = case when o.has_account then o.user_name else a.user_name end,
      recorded = case when o.has_account then o.recorded else a.recorded end,
      recorded_active = case when o.has_account then o.active else a.recorded_active end,
      last_sync = case when o.error_code is null then now() else a.last_sync end,
      sync_state = case when a.version = o.version then o.sync_state else 'OUT_OF_SYNC' end,
      due_at = case when a.version <> o.version then now()
                    else now() + o.retry_seconds * interval '1 second' end,
      lease_until = null,
      attempts = case when o.error_code is null then 0 when o.attempt_counts then a.attempts else a.attempts - 1 end,
      failing_since = case when o.error_code is null then null else coalesce(a.failing_since, now()) end,
      look_first = o.look_first,
      last_error_code = o.error_code,
      last_error = o.error,
      task_id = o.task_id,
      last_updated = now()
    from outcome o
    where a.app_id = o.app_id and a.user_id = o.user_id and a.lease_epoch = o.epoch and a.sync_state = 'SYNCING'),
  ${more}
  written as (
    insert into operations (app_id, user_id, kind, external_id, attempt, before, changes, outcome, error_code, error,
      ignored, duration_ms)
    select app_id, user_id, kind, coalesce(external_id, written_id), attempt, before,
      case when kind = 'create' and changes is null
           then jsonb_build_object('userName', user_name, 'active', active, 'profile', recorded) else changes end,
      outcome, error_code, error, ignored, duration_ms
    from outcome where kind is not null)
  insert into log_events (event_type, severity, outcome, reason, actor, target, debug)
  select e.event_type, e.severity, e.outcome, e.reason, $3::jsonb, o.target, e.debug
  from outcome o, jsonb_to_recordset(o.events) as e(event_type text, severity text, outcome text, reason text,
    debug jsonb)`;
}

/** Milliseconds until the app's next row comes due: 0 or less when one is due now, undefined when none ever will. */
export async function nextDueMs(db: Queryable, appId: AppId): Promise<number | undefined> {
  const first = (leaver: boolean) => `(
    select due_at as at from app_users
    where app_id = $1 and leaver = ${leaver} and due_at is not null and ${unleased}
    order by due_at limit 1)`;
  const [row] = await db.query<{ ms: number | null }>(
    `with candidate as (
       ${first(true)} union all ${first(false)} union all
       select min(lease_until) from app_users where app_id = $1 and due_at <= now() and lease_until > now())
     select (extract(epoch from min(at) - now()) * 1000)::float8 as ms from candidate`,
    [appId],
  );
  return row?.ms ?? undefined;
}

/** Milliseconds until somebody has to lose an account of the app: 0 or less now, undefined when nobody does. */
export async function nextLeaverMs(db: Queryable, appId: AppId): Promise<number | undefined> {
  const [row] = await db.query<{ ms: number | null }>(
    `select (extract(epoch from min(due_at) - now()) * 1000)::float8 as ms from (
       select due_at from app_users where app_id = $1 and leaver and due_at is not null and ${unleased}
       order by due_at limit 1) first`,
    [appId],
  );
  return row?.ms ?? undefined;
}

/** Apps that have rows due now and may be worked on; for leavers every app is. The net under lost signals. */
export async function appsWithDueRows(db: Queryable): Promise<AppId[]> {
  const rows = await db.query<{ id: AppId }>(
    `select a.id from apps a left join app_health h on h.app_id = a.id
     where a.status = 'ACTIVE'
       and exists (select 1 from app_users u where u.app_id = a.id and u.due_at <= now()
         and (u.lease_until is null or u.lease_until <= now())
         and (u.leaver or h.paused_until is null or h.paused_until <= now()))`,
  );
  return rows.map((row) => row.id);
}

interface ClaimRow {
  readonly user_id: UserId;
  readonly lease_epoch: number;
  readonly version: number;
  readonly attempts: number;
  readonly direct: boolean;
  readonly assigned_profile: Profile;
  readonly unprovisioned: boolean;
  readonly logged_assigned: boolean;
  readonly external_id: ExternalId | null;
  readonly user_name: string | null;
  readonly recorded: Profile | null;
  readonly recorded_active: boolean | null;
  readonly look_first: boolean;
  readonly leaver: boolean;
  readonly failing_seconds: number;
  readonly deprovisioned_seconds: number;
  readonly waits_for_person: boolean;
}

function claimedRow(row: ClaimRow): ClaimedRow {
  return {
    userId: row.user_id,
    epoch: row.lease_epoch,
    version: row.version,
    attempts: row.attempts,
    direct: row.direct,
    assignedProfile: row.assigned_profile,
    unprovisioned: row.unprovisioned,
    loggedAssigned: row.logged_assigned,
    externalId: row.external_id ?? undefined,
    userName: row.user_name ?? undefined,
    recorded: row.recorded ?? {},
    recordedActive: row.recorded_active ?? false,
    lookFirst: row.look_first,
    failingSeconds: row.failing_seconds,
    deprovisionedSeconds: row.deprovisioned_seconds,
    waitsForPerson: row.waits_for_person,
  };
}

/** One outcome with its operation and events, as the JSON object that `recordSql` reads. */
function outcomeRow(appId: AppId, result: RowOutcome): Record<string, unknown> {
  const { row, account, error, operation } = result;
  return {
    user_id: row.userId,
    epoch: row.epoch,
    version: row.version,
    attempt: row.attempts,
    assigned: result.assigned,
    leaver: result.leaver,
    status: result.status,
    sync_state: result.syncState,
    unprovisioned: result.unprovisioned,
    has_account: account !== undefined,
    external_id: account?.externalId,
    user_name: account?.userName,
    recorded: account?.recorded,
    active: account?.active,
    retry_seconds: result.retrySeconds,
    attempt_counts: result.attemptCounts,
    look_first: result.lookFirst,
    error_code: error?.code,
    error: error?.message,
    task_id: taskOf(appId, result),
    kind: operation?.kind,
    written_id: account === undefined ? operation?.externalId : undefined,
    before: operation?.before,
    changes: operation?.changes,
    outcome: operation?.outcome,
    ignored: operation === undefined || operation.ignored.length === 0 ? undefined : operation.ignored,
    duration_ms: operation === undefined ? undefined : Math.round(operation.durationMs),
    target: result.targets,
    events: result.events.map(eventRow),
  };
}

function taskOf(appId: AppId, { error, manual, row, account, targets }: RowOutcome): TaskId | undefined {
  if (error === undefined) return manual && manualTaskId(appId, manual);
  const own = [row.userName, account?.userName, row.externalId, row.userId];
  const named = targets.slice(0, -1).flatMap((target) => [target.alternateId, target.displayName]);
  return failureTaskId(
    appId,
    error,
    [...own, ...named].flatMap((word) => word ?? []),
  );
}
