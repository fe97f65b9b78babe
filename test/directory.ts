import type { Context } from '../src/services/context.ts';
import { systemActor } from '../src/domain/log-event.ts';
import { systemClock } from '../src/lib/clock.ts';
import { newId, type AppId, type GroupId, type UserId } from '../src/lib/ids.ts';
import type { Db } from '../src/store/database.ts';
import { ensureDirectory } from '../src/store/directory.ts';
import type { Queue } from '../src/store/queue.ts';
import type { TestDatabase } from './database.ts';

export interface TestDirectory {
  readonly context: Context;
  readonly db: Db;
  /** Apps signalled so far, in order. */
  readonly signals: AppId[];
  /** Jobs sent so far, in order. */
  readonly jobs: { readonly name: string; readonly data: unknown }[];
}

const opened = new WeakMap<TestDatabase, Promise<Db>>();

/**
 * An empty directory, with a queue that only writes down what it is asked for. All tests of one `describe` share a
 * database, because opening one takes seconds; each call empties it.
 */
export async function openDirectory(database: TestDatabase): Promise<TestDirectory> {
  const opening = opened.get(database) ?? database.open();
  opened.set(database, opening);
  const db = await opening;
  await db.query(`truncate user_types, profile_schemas, users, groups, group_rules, apps, app_users, app_accounts,
    runs, operations, log_events, import_rows cascade`);
  await db.transaction(ensureDirectory);
  const signals: AppId[] = [];
  const jobs: { name: string; data: unknown }[] = [];
  const queue: Queue = {
    signalApps: async (tx, appIds) => tx.afterCommit(() => signals.push(...appIds)),
    signalAppsNow: async (appIds) => void signals.push(...appIds),
    sendJob: async (tx, name, data) => tx.afterCommit(() => jobs.push({ name, data })),
    workApps: async () => undefined,
    workJobs: async () => undefined,
    close: async () => undefined,
  };
  return { context: { db, queue, clock: systemClock, actor: systemActor }, db, signals, jobs };
}

/** An app with nothing set up but its row, given to these groups. */
export async function insertTestApp(db: Db, groupIds: readonly GroupId[] = []): Promise<AppId> {
  const id = newId('app');
  await db.query(
    `insert into apps (id, name, label, status, sign_on_mode, settings, visibility, accessibility, user_name_template,
       provisioning, limits)
     values ($1, $1, 'Test app', 'ACTIVE', 'BOOKMARK', '{}', '{}', '{}', '{}', '{}', '{}')`,
    [id],
  );
  await db.query(`insert into app_groups (app_id, group_id, priority) select $1, g, 0 from unnest($2::text[]) as g`, [
    id,
    groupIds,
  ]);
  return id;
}

/** Whether the person has the app, and whether its row is marked as work; undefined without a row. */
export async function appUserOf(db: Db, appId: AppId, userId: UserId) {
  const [row] = await db.query<{ assigned: boolean; leaver: boolean; direct: boolean; sync_state: string }>(
    'select assigned, leaver, direct, sync_state from app_users where app_id = $1 and user_id = $2',
    [appId, userId],
  );
  return row;
}

/** Types of log events about this person, oldest first. */
export async function eventsAbout(db: Db, id: string): Promise<string[]> {
  const rows = await db.query<{ event_type: string }>(
    `select event_type from log_events where target @> jsonb_build_array(jsonb_build_object('id', $1::text)) order by seq`,
    [id],
  );
  return rows.map((row) => row.event_type);
}

/** A valid profile with this login. */
export function profileOf(login: string, rest: { readonly [name: string]: string | null } = {}) {
  return { login, email: 'ada@example.com', firstName: 'Ada', lastName: 'Lovelace', ...rest };
}
