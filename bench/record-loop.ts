import type { Profile } from '../src/domain/profile.ts';
import { systemActor } from '../src/domain/log-event.ts';
import type { AppId } from '../src/lib/ids.ts';
import type { Db } from '../src/store/database.ts';
import { postAll } from './target.ts';

/** What a create leaves behind, but for the account's id in the app. */
export interface RecordTemplate {
  readonly user_id: string;
  readonly user_name: string;
  readonly recorded: Profile;
  readonly target: readonly object[];
}

/** What the engine has written about each person of an app, by user id. */
export async function loadTemplates(db: Db, appId: AppId): Promise<Map<string, RecordTemplate>> {
  const rows = await db.query<RecordTemplate>(
    `select a.user_id, a.user_name, a.recorded, e.target
     from log_events e join app_users a on a.user_id = e.target->0->>'id'
     where a.app_id = $1 and e.event_type = 'application.provision.user.push' and e.target->2->>'id' = $1`,
    [appId],
  );
  return new Map(rows.map((row) => [row.user_id, row]));
}

/**
 * The most that anything could do that keeps the engine's record: the bare loop, and for each account the row, the
 * operation and the two log events that the engine leaves, in batches of one statement. It knows everything beforehand,
 * plans nothing, takes no lease and would lose track of what it did when killed.
 */
export async function postAndRecord(
  db: Db,
  appId: AppId,
  url: string,
  work: readonly { readonly body: string; readonly template: RecordTemplate }[],
  inFlight: number,
): Promise<void> {
  const waiting: object[] = [];
  let writing: Promise<void> | undefined;
  const write = async () => {
    do await db.query(recordSql, [appId, JSON.stringify(waiting.splice(0, batchMax)), JSON.stringify(systemActor)]);
    while (waiting.length >= batchMax);
    writing = undefined;
  };
  const bodies = work.map(({ body }) => body);
  await postAll(url, bodies, inFlight, (index, externalId) => {
    waiting.push({ ...work[index]?.template, external_id: externalId });
    if (waiting.length >= batchMax) writing ??= write();
  });
  while (waiting.length > 0 || writing !== undefined) await (writing ??= write());
}

/** As the engine's. */
const batchMax = 400;

const recordSql = `
  with made as materialized (
    select $1::text as app_id, m.* from jsonb_to_recordset($2::jsonb) as m(
      user_id text, external_id text, user_name text, recorded jsonb, target jsonb)),
  kept as (
    update app_users a set assigned = true, logged_assigned = true, status = 'PROVISIONED', status_changed = now(),
      external_id = m.external_id, user_name = m.user_name, recorded = m.recorded, recorded_active = true,
      last_sync = now(), sync_state = 'SYNCHRONIZED', due_at = null, last_updated = now()
    from made m where a.app_id = m.app_id and a.user_id = m.user_id),
  written as (
    insert into operations (app_id, user_id, kind, external_id, attempt, changes, outcome, duration_ms)
    select app_id, user_id, 'create', external_id, 1,
      jsonb_build_object('userName', user_name, 'active', true, 'profile', recorded), 'SUCCESS', 1 from made)
  insert into log_events (event_type, severity, outcome, actor, target)
  select event_type, 'INFO', 'SUCCESS', $3::jsonb, m.target
  from made m, unnest(array['application.user_membership.add', 'application.provision.user.push']) as event_type`;
