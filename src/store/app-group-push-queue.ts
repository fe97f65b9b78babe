import { systemActor, type EventTarget, type NewLogEvent } from '../domain/log-event.ts';
import type { ErrorCode } from '../lib/errors.ts';
import type { AppId, ExternalId, GroupId, GroupPushId, TaskId, UserId } from '../lib/ids.ts';
import type { Db, Queryable } from './database.ts';
import { eventColumns, eventRow, selectEvents } from './log-events.ts';

// app_group_push is a work queue of the same kind as app_users (see app-user-queue.ts): `due_at` says when a push is to
// be looked at, a lease and an epoch whose it is, a row found SYNCING that something may have been sent. What is due
// comes from app_group_push_changes, which the app's worker takes over before it claims.

/** A push in a worker's hands, and what it rests on, read after it was claimed. */
export interface ClaimedPush {
  readonly id: GroupPushId;
  readonly appId: AppId;
  readonly epoch: number;
  readonly version: number;
  readonly attempts: number;
  /** Seconds since it began to fail, 0 when it is not failing. */
  readonly failingSeconds: number;
  /** Something may have reached the app unrecorded. */
  readonly lookFirst: boolean;
  /** Only left to be taken out of the app. */
  readonly removing: boolean;
  readonly sourceGroupId: GroupId;
  /** Undefined once the group is deleted here. */
  readonly sourceName: string | undefined;
  readonly targetGroupId: GroupId | undefined;
  readonly externalId: ExternalId | undefined;
  readonly namePolicy: 'SOURCE' | 'TARGET';
  readonly targetName: string;
  readonly recordedName: string | undefined;
  readonly sentName: string | undefined;
  /** A group the app has under the name already may be taken over. */
  readonly mayLink: boolean;
  /** Whom to compare; undefined: everybody. */
  readonly concerned: readonly UserId[] | undefined;
  /** Seconds since the app's own list was last compared; undefined: never, or it is to be done now. */
  readonly verifiedSeconds: number | undefined;
}

/** What becomes of a claimed push. */
export interface PushOutcome {
  readonly push: ClaimedPush;
  readonly error?: { readonly code: ErrorCode; readonly message: string };
  /** The task of its failure; undefined where there is none. */
  readonly taskId: TaskId | undefined;
  /** Seconds until it is looked at again; undefined: when something changes. */
  readonly againSeconds: number | undefined;
  /** False where the failure was the app's, not the push's: the attempt does not count. */
  readonly attemptCounts: boolean;
  readonly lookFirst: boolean;
  /** The list the app shows has been compared. */
  readonly verified: boolean;
  readonly targets: readonly EventTarget[];
  readonly events: readonly Omit<NewLogEvent, 'actor' | 'targets' | 'transactionId'>[];
}

const unleased = '(lease_until is null or lease_until <= now())';
/** Nobody is named one by one beyond so many: the whole group is compared. */
const concernedMax = 2_000;
/** Changes taken over by one statement. */
const takenMax = 20_000;

/**
 * Makes what has been written down for the app's pushes due. Rows that are not committed yet are left for the next
 * time. Returns whether there may be more.
 */
export async function takePushChanges(db: Db, appId: AppId): Promise<boolean> {
  const [taken] = await db.query<{ taken: number }>(
    `with taken as (
       delete from app_group_push_changes where id = any(array(
         select id from app_group_push_changes where app_id = $1 order by id limit $2 for update skip locked))
       returning push_id, user_id),
     named as (
       select push_id, user_id from taken where push_id is not null
       union
       select p.id, t.user_id from taken t
         join group_members m on m.user_id = t.user_id
         join app_group_push p on p.app_id = $1 and p.source_group_id = m.group_id
         where t.push_id is null
       union
       select p.id, t.user_id from taken t
         join app_group_push_members l on l.user_id = t.user_id
         join app_group_push p on p.app_id = $1 and p.id = l.push_id
         where t.push_id is null),
     concerned as (
       select push_id, bool_or(user_id is null) as everybody, count(*) as people,
         array_agg(user_id) filter (where user_id is not null) as user_ids
       from named group by push_id),
     marked as (
       update app_group_push p set
         concerned = case when p.concerned is null or c.everybody or cardinality(p.concerned) + c.people > $3 then null
                          else array(select distinct unnest(p.concerned || c.user_ids)) end,
         version = p.version + 1,
         attempts = case when p.sync_state = 'SYNCING' then p.attempts else 0 end,
         due_at = case when p.status = 'INACTIVE' and not p.removing then p.due_at else now() end,
         sync_state = case when p.sync_state = 'SYNCING' then 'SYNCING' else 'OUT_OF_SYNC' end
       from concerned c where p.id = c.push_id)
     select count(*)::int as taken from taken`,
    [appId, takenMax, concernedMax],
  );
  return taken?.taken === takenMax;
}

/** Takes up to `limit` due pushes for `leaseSeconds`, those to be taken out of the app first. */
export async function claimDuePushes(
  db: Db,
  appId: AppId,
  limit: number,
  leaseSeconds: number,
): Promise<ClaimedPush[]> {
  const rows = await db.query<ClaimedPushRow>(
    `with claimed as (
       update app_group_push set
         sync_state = 'SYNCING',
         look_first = look_first or sync_state = 'SYNCING',
         lease_until = now() + $3 * interval '1 second',
         lease_epoch = lease_epoch + 1,
         attempts = attempts + 1
       where id = any(array(
         select id from app_group_push
         where app_id = $1 and due_at <= now() and ${unleased} and (removing or status <> 'INACTIVE')
         order by removing desc, due_at limit $2 for update skip locked))
       returning *)
     select c.id, c.app_id, c.lease_epoch, c.version, c.attempts, c.look_first, c.removing, c.source_group_id,
       s.name as source_name, c.target_group_id, l.external_id, c.name_policy, c.target_name, c.recorded_name,
       c.sent_name, c.may_link, c.concerned, extract(epoch from now() - c.verified)::float8 as verified_seconds,
       coalesce(extract(epoch from now() - c.failing_since), 0)::float8 as failing_seconds
     from claimed c
     left join groups s on s.id = c.source_group_id
     left join app_group_links l on l.group_id = c.target_group_id
     order by c.removing desc, c.due_at`,
    [appId, limit, leaseSeconds],
  );
  return rows.map(toClaimedPush);
}

const held = `id = $1 and lease_epoch = $2 and sync_state = 'SYNCING'`;

/** Gives back a push that is to be gone on with later. What has been done so far is recorded, and is not done again. */
export async function releasePush(
  db: Db,
  outcome: Pick<PushOutcome, 'push' | 'verified' | 'targets' | 'events'>,
): Promise<void> {
  const { push, verified } = outcome;
  await db.query(
    `with released as (
       update app_group_push set lease_until = null, attempts = attempts - 1,
         verified = case when $3 then now() else verified end,
         concerned = case when $3 then null else concerned end,
         look_first = look_first and not $3,
         sync_state = case when look_first and not $3 then 'SYNCING' else 'OUT_OF_SYNC' end
       where ${held})
     insert into log_events (${eventColumns}) ${selectEvents('$4')}`,
    [push.id, push.epoch, verified, eventsOf(outcome)],
  );
}

/** Where only one process can exist, its start proves that whoever held a push is dead. */
export async function endPushLeases(db: Db): Promise<void> {
  await db.query('update app_group_push set lease_until = null where lease_until is not null');
}

/** The name about to be sent: a group made of it without our learning so is looked for by it. False: lease lost. */
export async function intendName(db: Db, push: ClaimedPush, name: string): Promise<boolean> {
  const rows = await db.query(`update app_group_push set sent_name = $3 where ${held} returning 1`, [
    push.id,
    push.epoch,
    name,
  ]);
  return rows.length > 0;
}

/**
 * The group as the app has it: made, found or renamed there. One that is new to us holds nobody of ours yet.
 *
 * @returns `taken` when another push or group here stands for it already, `lost` when the lease is.
 */
export async function recordPushedGroup(
  db: Db,
  push: ClaimedPush,
  group: { readonly externalId: ExternalId; readonly name: string },
): Promise<'recorded' | 'taken' | 'lost'> {
  return db.transaction(async (tx) => {
    const others = await tx.query(
      `select 1 from app_group_links where app_id = $1 and external_id = $2 and group_id is distinct from $3`,
      [push.appId, group.externalId, push.targetGroupId ?? null],
    );
    if (others.length > 0) return 'taken';
    const rows = await tx.query(
      `update app_group_push set recorded_name = $3, sent_name = null where ${held} returning 1`,
      [push.id, push.epoch, group.name],
    );
    if (rows.length === 0) return 'lost';
    if (group.externalId !== push.externalId) {
      await tx.query('delete from app_group_push_members where push_id = $1', [push.id]);
      await tx.query('update app_group_push set members_in_app = 0, concerned = null where id = $1', [push.id]);
    }
    await tx.query('update app_group_links set external_id = $2 where group_id = $1', [
      push.targetGroupId ?? null,
      group.externalId,
    ]);
    await tx.query(
      `update groups set name = $2, profile = profile || jsonb_build_object('name', $2::text), last_updated = now()
       where id = $1 and name <> $2`,
      [push.targetGroupId ?? null, group.name],
    );
    return 'recorded';
  });
}

/** Forgets a push whose group is out of the app, with the group here that stood for it. */
export async function forgetPush(db: Db, outcome: Pick<PushOutcome, 'push' | 'targets' | 'events'>): Promise<void> {
  const { push } = outcome;
  await db.query(
    `with gone as (delete from app_group_push where ${held} returning target_group_id),
     ours as (delete from groups where id in (select target_group_id from gone) and type = 'APP_GROUP')
     insert into log_events (${eventColumns}) ${selectEvents('$3')}`,
    [push.id, push.epoch, eventsOf(outcome)],
  );
}

/** Writes the outcome and its log events. One whose lease was lost changes nothing. */
export async function recordPushOutcome(db: Db, outcome: PushOutcome): Promise<void> {
  const { push, error } = outcome;
  await db.query(
    `with recorded as (
       update app_group_push set
         status = case when removing or status = 'INACTIVE' then status
                       when $4::boolean and $5::text is not null then 'ERROR' else 'ACTIVE' end,
         sync_state = case when version <> $3 or ($5::text is not null and not $4::boolean) then 'OUT_OF_SYNC'
                           when $5::text is not null then 'ERROR' else 'SYNCHRONIZED' end,
         due_at = case when status = 'INACTIVE' and not removing then null
                       when version <> $3 then now() else now() + $7 * interval '1 second' end,
         concerned = case when version = $3 and $5::text is null then '{}' else concerned end,
         attempts = case when $5::text is null then 0 when $4::boolean then attempts else attempts - 1 end,
         failing_since = case when $5::text is null then null else coalesce(failing_since, now()) end,
         look_first = $8,
         last_error_code = $5,
         last_error = $6,
         -- Trouble of the app is shown with the app, and is not the push's.
         task_id = case when $5::text is null or (status = 'INACTIVE' and not removing) then null
                        when $4::boolean then $11 else task_id end,
         last_push = case when $5::text is null then now() else last_push end,
         members_wanted = case when $5::text is null then members_in_app else members_wanted end,
         verified = case when $9 then now() else verified end,
         lease_until = null,
         last_updated = now()
       where ${held})
     insert into log_events (${eventColumns}) ${selectEvents('$10')}`,
    [
      ...[push.id, push.epoch, push.version, outcome.attemptCounts, error?.code ?? null, error?.message ?? null],
      ...[outcome.againSeconds ?? null, outcome.lookFirst, outcome.verified, eventsOf(outcome)],
      outcome.taskId ?? null,
    ],
  );
}

/** Milliseconds until the app's next push comes due: 0 or less when one is due now, undefined when none ever will. */
export async function nextPushMs(db: Queryable, appId: AppId): Promise<number | undefined> {
  const [row] = await db.query<{ ms: number | null }>(
    `select (extract(epoch from min(at) - now()) * 1000)::float8 as ms from (
       select greatest(due_at, lease_until) as at from app_group_push
       where app_id = $1 and due_at is not null and (removing or status <> 'INACTIVE')
       union all
       (select now() from app_group_push_changes where app_id = $1 limit 1)) coming`,
    [appId],
  );
  return row?.ms ?? undefined;
}

/** Apps that can be reached and have a push to look at. The net under lost signals. */
export async function appsWithDuePushes(db: Queryable): Promise<AppId[]> {
  const rows = await db.query<{ id: AppId }>(
    `select a.id from (
       select app_id from app_group_push_changes
       union select app_id from app_group_push
       where due_at <= now() and ${unleased} and (removing or status <> 'INACTIVE')) p
     join apps a on a.id = p.app_id and a.status = 'ACTIVE'
     join app_connections c on c.app_id = a.id and c.status = 'ENABLED'
     left join app_health h on h.app_id = a.id
     where (h.paused_until is null or h.paused_until <= now())
       and coalesce((a.provisioning->>'groupPush')::boolean, true)`,
  );
  return rows.map((row) => row.id);
}

function eventsOf({ targets, events }: Pick<PushOutcome, 'targets' | 'events'>): string {
  return JSON.stringify(events.map((event) => eventRow({ ...event, targets, actor: systemActor })));
}

interface ClaimedPushRow {
  readonly id: GroupPushId;
  readonly app_id: AppId;
  readonly lease_epoch: number | string;
  readonly version: number | string;
  readonly attempts: number;
  readonly failing_seconds: number;
  readonly look_first: boolean;
  readonly removing: boolean;
  readonly source_group_id: GroupId;
  readonly source_name: string | null;
  readonly target_group_id: GroupId | null;
  readonly external_id: ExternalId | null;
  readonly name_policy: 'SOURCE' | 'TARGET';
  readonly target_name: string;
  readonly recorded_name: string | null;
  readonly sent_name: string | null;
  readonly may_link: boolean;
  readonly concerned: UserId[] | null;
  readonly verified_seconds: number | null;
}

function toClaimedPush(row: ClaimedPushRow): ClaimedPush {
  return {
    id: row.id,
    appId: row.app_id,
    epoch: Number(row.lease_epoch),
    version: Number(row.version),
    attempts: row.attempts,
    failingSeconds: row.failing_seconds,
    lookFirst: row.look_first,
    removing: row.removing,
    sourceGroupId: row.source_group_id,
    sourceName: row.source_name ?? undefined,
    targetGroupId: row.target_group_id ?? undefined,
    externalId: row.external_id ?? undefined,
    namePolicy: row.name_policy,
    targetName: row.target_name,
    recordedName: row.recorded_name ?? undefined,
    sentName: row.sent_name ?? undefined,
    mayLink: row.may_link,
    concerned: row.concerned ?? undefined,
    verifiedSeconds: row.verified_seconds ?? undefined,
  };
}
