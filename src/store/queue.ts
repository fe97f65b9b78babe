import { PgBoss, fromPglite, type ConstructorOptions, type Db as BossDatabase } from 'pg-boss';
import type { AppId } from '../lib/ids.ts';
import type { Db, Queryable, Tx } from './database.ts';
import type { EmbeddedDb } from './open-pglite.ts';
import type { PostgresDb } from './open-postgres.ts';

/** The jobs Usher runs besides apps; each takes plain data that names what to look at. */
export interface JobData {
  readonly 'evaluate-rule': { readonly ruleId: string };
  readonly run: { readonly runId: string };
  readonly reseal: object;
}
export type JobName = keyof JobData;

/**
 * What wakes a worker and decides which worker has which app: pg-boss, in the same database. One coalesced job per
 * app (policy `stately`: one waiting, one active), so a thousand changes to an app are one job, and a change that
 * comes while the app is worked on is never lost.
 */
export interface Queue {
  /** Asks for each app to be looked at. Commits with the transaction; asking twice before it runs is asking once. */
  signalApps(tx: Tx, appIds: readonly AppId[]): Promise<void>;
  /** The same outside a transaction: for the sweep and for timers. */
  signalAppsNow(appIds: readonly AppId[]): Promise<void>;
  /** Commits with the transaction. `afterSeconds`: not before so long. */
  sendJob<Name extends JobName>(tx: Tx, name: Name, data: JobData[Name], afterSeconds?: number): Promise<void>;
  /** Runs `work` for each signalled app, at most `slots` at once here and never one app twice anywhere. */
  workApps(slots: number, work: (appId: AppId, signal: AbortSignal) => Promise<void>): Promise<void>;
  /** Runs `work` for each job, at most `slots` (default 1) at once here. A job whose work fails is done again. */
  workJobs<Name extends JobName>(
    name: Name,
    work: (data: JobData[Name], signal: AbortSignal) => Promise<void>,
    slots?: number,
  ): Promise<void>;
  /** Stops taking jobs and waits for those in hand, at most `timeoutMs`. */
  close(timeoutMs: number): Promise<void>;
}

export interface QueueOptions {
  /** The database schema for the queue's own tables. */
  readonly schema: string;
  /** True where this is the only process: jobs left active by a killed one are dropped and swept up again. */
  readonly exclusive: boolean;
  readonly onError: (error: Error) => void;
  /** PostgreSQL only: the server to LISTEN on. */
  readonly url?: string;
}

const appQueue = 'app';
/** pg-boss's least. An app whose worker died is free again this long after, plus one supervision pass. */
const heartbeatSeconds = 10;
const superviseSeconds = 5;
/** How long a job that arrived without a wake-up may lie; also how soon a follow-up of a finished one is seen. */
const pollSeconds = 1;

export async function openQueue(db: Db, options: QueueOptions): Promise<Queue> {
  const boss = new PgBoss(bossOptions(db, options));
  boss.on('error', options.onError);
  await boss.start();
  await createQueues(boss);
  if (options.exclusive) await boss.deleteAllJobs(appQueue);
  // Fills pg-boss's cache of queues, so that a send inside a transaction never needs a second connection.
  await boss.getQueue(appQueue);
  const workerIds: string[] = [];
  const wake = () => {
    for (const id of workerIds) boss.notifyWorker(id);
  };
  const insertSignals = async (appIds: readonly AppId[], target: Queryable | undefined) => {
    const jobs = [...new Set(appIds)].map((appId) => ({ data: { appId }, singletonKey: appId }));
    if (jobs.length > 0) await boss.insert(appQueue, jobs, target === undefined ? {} : { db: asBossDatabase(target) });
  };
  return {
    signalApps: async (tx, appIds) => {
      await insertSignals(appIds, tx);
      tx.afterCommit(wake);
    },
    signalAppsNow: async (appIds) => {
      await insertSignals(appIds, undefined);
      wake();
    },
    sendJob: async (tx, name, data, afterSeconds = 0) => {
      await boss.send(name, data, { db: asBossDatabase(tx), startAfter: afterSeconds });
      tx.afterCommit(wake);
    },
    workApps: async (slots, work) => {
      const id = await boss.work<{ appId: AppId }>(
        appQueue,
        { localConcurrency: slots, pollingIntervalSeconds: pollSeconds, notifyPollingIntervalSeconds: pollSeconds },
        async ([job]) => {
          if (job !== undefined) await work(job.data.appId, job.signal);
        },
      );
      workerIds.push(id);
    },
    workJobs: async (name, work, slots = 1) => {
      const id = await boss.work<JobData[typeof name]>(
        name,
        { pollingIntervalSeconds: pollSeconds, localConcurrency: slots },
        async ([job]) => {
          if (job !== undefined) await work(job.data, job.signal);
        },
      );
      workerIds.push(id);
    },
    close: (timeoutMs) => boss.stop({ graceful: true, timeout: timeoutMs, close: true }),
  };
}

async function createQueues(boss: PgBoss): Promise<void> {
  await boss.createQueue(appQueue, { policy: 'stately', notify: true, heartbeatSeconds, retryLimit: 3, retryDelay: 1 });
  await boss.createQueue('evaluate-rule', {
    policy: 'standard',
    notify: true,
    heartbeatSeconds,
    retryLimit: 20,
    retryDelay: 2,
  });
  await boss.createQueue('run', {
    policy: 'standard',
    notify: true,
    heartbeatSeconds,
    // What a run waits for (the database, an app) comes back; what does not ends the run by itself.
    retryLimit: 1_000,
    retryDelay: 2,
  });
  await boss.createQueue('reseal', {
    policy: 'standard',
    notify: true,
    heartbeatSeconds,
    retryLimit: 1_000,
    retryDelay: 2,
  });
}

function bossOptions(db: Db, options: QueueOptions): ConstructorOptions {
  const common = {
    schema: options.schema,
    superviseIntervalSeconds: superviseSeconds,
    monitorIntervalSeconds: superviseSeconds,
    schedule: false,
    useListenNotify: true,
  } satisfies ConstructorOptions;
  if (isEmbedded(db)) return { ...common, db: fromPglite(db.pglite), backend: 'pglite' };
  const pool = { connectionString: options.url ?? '', max: 4, application_name: 'usher-queue' };
  // pg-boss gives its pool whatever it does not know. Its listener has a connection, and a back-off, of its own.
  return { ...common, ...pool, ...(isServer(db) ? { Client: db.Client } : {}) };
}

function isServer(db: Db): db is PostgresDb {
  return db.kind === 'postgres';
}

function isEmbedded(db: Db): db is EmbeddedDb {
  return db.kind === 'pglite';
}

function asBossDatabase(queryable: Queryable): BossDatabase {
  return { executeSql: async (text: string, values?: unknown[]) => ({ rows: await queryable.query(text, values) }) };
}
