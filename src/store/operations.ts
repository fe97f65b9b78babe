import type { UsherError } from '../lib/errors.ts';
import type { AppId, ExternalId, UserId } from '../lib/ids.ts';
import type { Json, JsonObject } from '../lib/json.ts';
import type { Queryable } from './database.ts';

/** One write to an app, as `recordOutcomes` wrote it down. */
export interface Operation {
  readonly id: number;
  readonly appId: AppId;
  readonly userId: UserId | null;
  /** The login of the person, else their user name in the app, or the name of the group; null where none is known. */
  readonly subject: string | null;
  readonly kind: string;
  readonly externalId: ExternalId | null;
  /** 1 for the first try. */
  readonly attempt: number;
  readonly before: Json;
  readonly changes: Json;
  readonly outcome: 'SUCCESS' | 'FAILURE' | 'UNKNOWN';
  readonly errorCode: string | null;
  readonly error: string | null;
  /** Attributes sent that the app did not keep. */
  readonly ignored: readonly string[];
  readonly durationMs: number;
  readonly at: Date;
}

/** A write that is about no person. */
export interface NewOperation {
  readonly kind: string;
  readonly externalId: ExternalId | undefined;
  readonly attempt: number;
  readonly changes: JsonObject;
  readonly error: UsherError | undefined;
  readonly durationMs: number;
}

export async function insertOperation(db: Queryable, appId: AppId, operation: NewOperation): Promise<void> {
  const { error } = operation;
  await db.query(
    `insert into operations (app_id, kind, external_id, attempt, changes, outcome, error_code, error, duration_ms)
     values ($1, $2, $3, $4, $5::jsonb, $6, $7, $8, $9)`,
    [
      ...[appId, operation.kind, operation.externalId ?? null, operation.attempt, JSON.stringify(operation.changes)],
      ...[error === undefined ? 'SUCCESS' : error.outcomeUnknown ? 'UNKNOWN' : 'FAILURE', error?.code ?? null],
      ...[error?.message ?? null, Math.round(operation.durationMs)],
    ],
  );
}

export interface OperationFilter {
  readonly userId?: UserId;
  /** The last id of the page before. */
  readonly after?: number;
  readonly limit: number;
}

/** The newest first. With a user it is served by operations_app_user, without one it walks the primary key. */
export async function listOperations(db: Queryable, appId: AppId, filter: OperationFilter): Promise<Operation[]> {
  const rows = await db.query<OperationRow>(
    `select o.id, o.app_id, o.user_id, o.kind, o.external_id, o.attempt, o.before, o.changes, o.outcome, o.error_code,
       o.error, o.ignored, o.duration_ms, o.at,
       case when o.user_id is null then coalesce(o.changes->>'name', g.name)
         else coalesce(u.profile->>'login', o.changes->>'userName', o.before->>'userName') end as subject
     from operations o left join users u on u.id = o.user_id
     left join groups g on g.id = case when o.user_id is null then o.changes->>'group' end
     where o.app_id = $1 and ($2::text is null or o.user_id = $2) and ($3::bigint is null or o.id < $3)
     order by o.id desc limit $4`,
    [appId, filter.userId ?? null, filter.after ?? null, filter.limit],
  );
  return rows.map(toOperation);
}

interface OperationRow {
  readonly id: number;
  readonly app_id: AppId;
  readonly user_id: UserId | null;
  readonly subject: string | null;
  readonly kind: string;
  readonly external_id: ExternalId | null;
  readonly attempt: number;
  readonly before: Json;
  readonly changes: Json;
  readonly outcome: Operation['outcome'];
  readonly error_code: string | null;
  readonly error: string | null;
  readonly ignored: readonly string[] | null;
  readonly duration_ms: number;
  readonly at: Date;
}

function toOperation(row: OperationRow): Operation {
  return {
    id: Number(row.id),
    appId: row.app_id,
    userId: row.user_id,
    subject: row.subject,
    kind: row.kind,
    externalId: row.external_id,
    attempt: row.attempt,
    before: row.before,
    changes: row.changes,
    outcome: row.outcome,
    errorCode: row.error_code,
    error: row.error,
    ignored: row.ignored ?? [],
    durationMs: row.duration_ms,
    at: row.at,
  };
}

/** How long the writes took that `listOperations` gives, in milliseconds. */
export interface WriteTimes {
  readonly count: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
}

/** Of the app's recent writes in this time; undefined where there were none. */
export async function writeTimes(
  db: Queryable,
  appId: AppId,
  time: { readonly since: Date; readonly until: Date },
): Promise<WriteTimes | undefined> {
  const [row] = await db.query<{ count: number; ms: readonly [number, number] | null }>(
    `select count(*)::int as count, percentile_disc(array[0.5, 0.95]) within group (order by duration_ms) as ms
     from (select app_id, duration_ms, at from operations order by id desc limit $4) recent
     where app_id = $1 and at >= $2 and at < $3`,
    [appId, time.since, time.until, recentOperations],
  );
  return row?.ms == null ? undefined : { count: row.count, p50Ms: row.ms[0], p95Ms: row.ms[1] };
}

/** Writes, to whatever app, that are looked at for how long one takes. */
const recentOperations = 5_000;

/** Milliseconds the app's recent writes took on average; undefined where there were none lately. */
export async function averageDurationMs(db: Queryable, appId: AppId): Promise<number | undefined> {
  const [row] = await db.query<{ ms: number | null }>(
    `select avg(duration_ms)::float8 as ms from (
       select app_id, duration_ms from operations order by id desc limit $2) recent where app_id = $1`,
    [appId, recentOperations],
  );
  return row?.ms ?? undefined;
}
