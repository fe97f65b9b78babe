import type { ExternalId, UserId } from '../lib/ids.ts';
import type { ClaimedPush } from './app-group-push-queue.ts';
import type { Db, Queryable } from './database.ts';

// The ledger of a pushed group: whom we have put, or are just putting, into it. Who should be in it is never stored: it
// is everybody in the group here who has the app and an active account in it. What is to be done is the difference.

/** Somebody of ours as the app knows them. */
export interface PushedMember {
  readonly userId: UserId;
  readonly externalId: ExternalId;
}

/** `user_id` and `external_id` of those who should be in: `$1` is the app, `$2` the group here. */
const wanted = `
  select a.user_id, a.external_id from app_users a
  where a.app_id = $1 and a.assigned and a.recorded_active and a.external_id is not null`;
const inGroup = `exists (select 1 from group_members m where m.group_id = $2 and m.user_id = a.user_id)`;
/** `$4`: those concerned, null for everybody. */
const concerned = (column: string) => `($4::text[] is null or ${column} = any($4::text[]))`;

/** The next members to be taken out, in order of user ids: they are no longer to be in, or have another account. */
export async function membersToRemove(
  db: Queryable,
  push: ClaimedPush,
  after: UserId | undefined,
  limit: number,
): Promise<PushedMember[]> {
  const rows = await db.query<MemberRow>(
    `select l.user_id, l.external_id from app_group_push_members l
     where l.push_id = $3 and l.user_id > $5 and ${concerned('l.user_id')}
       and not exists (${wanted} and a.user_id = l.user_id and a.external_id = l.external_id and ${inGroup})
     order by l.user_id limit $6`,
    [...keyOf(push), after ?? '', limit],
  );
  return rows.map(toMember);
}

/** The next members to be put in, in order of user ids. Come to these when the others are out. */
export async function membersToAdd(
  db: Queryable,
  push: ClaimedPush,
  after: UserId | undefined,
  limit: number,
): Promise<PushedMember[]> {
  const rows = await db.query<MemberRow>(
    `with candidate as (
       select distinct user_id from group_members where group_id = $2 and user_id > $5 and ${concerned('user_id')})
     select a.user_id, a.external_id from candidate c
     join app_users a on a.app_id = $1 and a.user_id = c.user_id
     left join app_group_push_members l on l.push_id = $3 and l.user_id = c.user_id
     where a.assigned and a.recorded_active and a.external_id is not null and l.confirmed is not true
     order by a.user_id limit $6`,
    [...keyOf(push), after ?? '', limit],
  );
  return rows.map(toMember);
}

/** How many members are to be in the group in the app. */
export async function countWanted(db: Queryable, push: ClaimedPush): Promise<number> {
  const [row] = await db.query<{ people: number }>(`select count(*)::int as people from (${wanted} and ${inGroup}) w`, [
    push.appId,
    push.sourceGroupId,
  ]);
  return row?.people ?? 0;
}

/**
 * Writes down who is about to be put into the group, so that they are taken out again should they leave before we learn
 * what became of it. False when the push is another worker's by now: then nothing may be sent.
 */
export async function intendMembers(
  db: Db,
  push: ClaimedPush,
  members: readonly PushedMember[],
  leaseSeconds: number,
): Promise<boolean> {
  const rows = await db.query(
    `with held as (
       update app_group_push set lease_until = now() + $5 * interval '1 second' where ${heldPush} returning id),
     intended as (
       insert into app_group_push_members (push_id, user_id, external_id, confirmed)
       select held.id, m.user_id, m.external_id, false
       from held cross join unnest($3::text[], $4::text[]) as m(user_id, external_id)
       on conflict (push_id, user_id) do update set external_id = excluded.external_id, confirmed = false)
     select 1 from held`,
    [push.id, push.epoch, ...columnsOf(members), leaseSeconds],
  );
  return rows.length > 0;
}

/**
 * Writes down who is about to be taken out: they may be in from now on or not, so that somebody who comes back before we
 * learn what became of it is put in again. False when the push is another worker's by now.
 */
export async function intendRemoval(
  db: Db,
  push: ClaimedPush,
  members: readonly PushedMember[],
  leaseSeconds: number,
): Promise<boolean> {
  const rows = await db.query(
    `with doubted as (
       update app_group_push_members set confirmed = false
       where push_id = $1 and user_id = any($3::text[]) and confirmed
         and exists (select 1 from app_group_push where ${heldPush})
       returning 1)
     update app_group_push set lease_until = now() + $4 * interval '1 second',
       members_in_app = members_in_app - (select count(*) from doubted)
     where ${heldPush} returning 1`,
    [push.id, push.epoch, members.map((member) => member.userId), leaseSeconds],
  );
  return rows.length > 0;
}

/** One request, or a few, that changed members, as it is written down. */
export interface MemberWrite {
  readonly added: readonly PushedMember[];
  readonly removed: readonly PushedMember[];
  readonly durationMs: number;
  readonly error?: { readonly code: string; readonly message: string; readonly outcomeUnknown: boolean };
}

/**
 * Writes down what became of a change of members, and the operation. Prolongs the lease. False when that is lost: the
 * operation is recorded all the same.
 */
export async function recordMemberWrite(
  db: Db,
  push: ClaimedPush,
  groupId: ExternalId,
  write: MemberWrite,
  leaseSeconds: number,
): Promise<boolean> {
  const { added, removed, error } = write;
  const rows = await db.query(
    `with confirmed as (
       update app_group_push_members l set confirmed = true
       from unnest($3::text[], $4::text[]) as m(user_id, external_id)
       where $9::text is null and l.push_id = $1 and l.user_id = m.user_id and l.external_id = m.external_id
         and not l.confirmed
       returning 1),
     gone as (
       delete from app_group_push_members l using unnest($5::text[], $6::text[]) as m(user_id, external_id)
       where $9::text is null and l.push_id = $1 and l.user_id = m.user_id and l.external_id = m.external_id
       returning l.confirmed),
     held as (
       update app_group_push set lease_until = now() + $7 * interval '1 second',
         members_in_app = members_in_app + (select count(*) from confirmed) - (select count(*) from gone where confirmed)
       where ${heldPush} returning id),
     operation as (
       insert into operations (app_id, kind, external_id, attempt, changes, outcome, error_code, error, duration_ms)
       select $8, 'group_members', $11, $12, $13::jsonb, $14, $9, $10, $15)
     select 1 from held`,
    [
      ...[push.id, push.epoch, ...columnsOf(added), ...columnsOf(removed), leaseSeconds, push.appId],
      ...[error?.code ?? null, error?.message ?? null, groupId, push.attempts],
      JSON.stringify({
        group: push.targetGroupId,
        ...(added.length > 0 ? { add: added.map((member) => member.externalId) } : {}),
        ...(removed.length > 0 ? { remove: removed.map((member) => member.externalId) } : {}),
      }),
      ...[error === undefined ? 'SUCCESS' : error.outcomeUnknown ? 'UNKNOWN' : 'FAILURE', Math.round(write.durationMs)],
    ],
  );
  return rows.length > 0;
}

/**
 * Takes over what the app itself shows: members of ours it has, though we never learned so, count as ours from now on;
 * those it has lost are to be put in again. Whoever else is in the group is not ours and stays.
 */
export async function settleShownMembers(db: Db, push: ClaimedPush, shown: readonly ExternalId[]): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.query(
      `update app_group_push_members set confirmed = not confirmed
       where push_id = $1 and confirmed <> (external_id = any($2::text[]))`,
      [push.id, shown],
    );
    await tx.query(
      `insert into app_group_push_members (push_id, user_id, external_id)
       select $3, w.user_id, w.external_id from (${wanted} and ${inGroup}) w where w.external_id = any($4::text[])
       on conflict (push_id, user_id) do nothing`,
      [push.appId, push.sourceGroupId, push.id, shown],
    );
    await tx.query(
      `update app_group_push set members_in_app = (
         select count(*) from app_group_push_members where push_id = $1 and confirmed) where id = $1`,
      [push.id],
    );
  });
}

/** How many the ledger says are in. */
export async function countConfirmed(db: Queryable, push: ClaimedPush): Promise<number> {
  const [row] = await db.query<{ people: number }>(
    'select count(*)::int as people from app_group_push_members where push_id = $1 and confirmed',
    [push.id],
  );
  return row?.people ?? 0;
}

export async function recordWanted(db: Db, push: ClaimedPush, wantedNow: number): Promise<void> {
  await db.query('update app_group_push set members_wanted = $2 where id = $1', [push.id, wantedNow]);
}

/** Has these people's accounts looked at in the app: it did not know them as members. */
export async function lookAtAccounts(db: Db, push: ClaimedPush, externalIds: readonly ExternalId[]): Promise<void> {
  await db.query(
    `update app_users set look_first = true, due_at = now(), version = version + 1,
       sync_state = case when sync_state = 'SYNCING' then 'SYNCING' else 'OUT_OF_SYNC' end
     where app_id = $1 and external_id = any($2::text[])`,
    [push.appId, externalIds],
  );
}

const heldPush = `id = $1 and lease_epoch = $2 and sync_state = 'SYNCING'`;

function keyOf(push: ClaimedPush): unknown[] {
  return [push.appId, push.sourceGroupId, push.id, push.concerned ?? null];
}

function columnsOf(members: readonly PushedMember[]): [userIds: UserId[], externalIds: ExternalId[]] {
  return [members.map((member) => member.userId), members.map((member) => member.externalId)];
}

interface MemberRow {
  readonly user_id: UserId;
  readonly external_id: ExternalId;
}

function toMember(row: MemberRow): PushedMember {
  return { userId: row.user_id, externalId: row.external_id };
}
