import { existsSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { pino, type Logger } from 'pino';
import { loadCatalog } from './catalog/catalog.ts';
import type { RunningUsher, ServerSettings } from './cli/settings.ts';
import { scim } from './connectors/scim/index.ts';
import { leaverLimits, sharedLimits } from './domain/app.ts';
import { systemActor } from './domain/log-event.ts';
import { createMetrics } from './http/metrics.ts';
import { buildServer } from './http/server.ts';
import { systemClock, systemRandom } from './lib/clock.ts';
import { parseEgressRules, type EgressRules, type Listener } from './lib/egress.ts';
import type { GroupRuleId, RunId } from './lib/ids.ts';
import { withRateLimit } from './lib/rate-limit.ts';
import { loadSecretKey, readSecretKey } from './lib/secret-key.ts';
import { createHttpClient } from './lib/undici-http-client.ts';
import { productVersion } from './lib/version.ts';
import { withBulk } from './provisioning/bulk-connection.ts';
import { openAppConnection, type HttpClientFactory } from './provisioning/open-connection.ts';
import { bootstrapOrg } from './services/bootstrap.ts';
import type { AppContext } from './services/context.ts';
import { issueFirstLink } from './services/sessions.ts';
import { resealSecrets, resumeRotation } from './services/data-keys.ts';
import { runRuleJob } from './services/rule-run.ts';
import { endPushLeases } from './store/app-group-push-queue.ts';
import { resumeRuns, runJob, runSlots } from './services/runs/control.ts';
import { endAllLeases } from './store/app-user-queue.ts';
import type { Db } from './store/database.ts';
import { migrate } from './store/migrate.ts';
import { openDatabase } from './store/open-database.ts';
import { isReachError } from './store/postgres-reach.ts';
import { openQueue, type Queue } from './store/queue.ts';
import { openSecretBox, type SecretBox } from './store/secret-box.ts';
import { appSlots, startWorker } from './worker/worker.ts';

// Wires every part to every other. The only file that knows them all.

/** Opens the database, brings it up to date, and starts the server and the worker on it. */
export async function startUsher(settings: ServerSettings): Promise<RunningUsher> {
  const log = pino({ level: settings.logLevel }, pino.destination(2));
  const db = await openDatabase(settings.databaseUrl, settings.dataFolder, systemClock.now(), (change) => {
    if (change.state === 'lost') log.error({ err: change.error }, 'the database cannot be reached; it is tried again');
    else log.info({ awayMs: Math.round(change.afterMs) }, 'the database can be reached again');
  });
  try {
    await migrate(db);
    const queue = await startQueue(db, settings, log);
    try {
      return await startParts(settings, db, queue, log);
    } catch (error) {
      await queue.close(1_000);
      throw error;
    }
  } catch (error) {
    await db.close();
    throw error;
  }
}

function startQueue(db: Db, settings: ServerSettings, log: Logger): Promise<Queue> {
  return openQueue(db, {
    schema: 'usher_queue',
    exclusive: db.kind === 'pglite',
    onError: logFailure(log, 'queue failed'),
    ...(settings.databaseUrl === undefined ? {} : { url: settings.databaseUrl }),
  });
}

/** Everything in the background fails while the database is away, many times a second; that is logged once, elsewhere. */
function logFailure(log: Logger, message: string): (error: unknown) => void {
  return (error) => {
    if (isReachError(error)) log.debug({ err: error }, message);
    else log.error({ err: error }, message);
  };
}

async function startParts(settings: ServerSettings, db: Db, queue: Queue, log: Logger): Promise<RunningUsher> {
  if (db.kind === 'pglite') {
    await endAllLeases(db);
    await endPushLeases(db);
  }
  const { org } = await bootstrapOrg(db, { token: settings.bootstrapToken, ownerLogin: settings.ownerLogin });
  const wayOut = createWayOut(settings);
  const context = await createContext(settings, db, queue, wayOut.openHttp);
  const metrics = createMetrics();
  let stopping = false;
  const server = buildServer({
    ...context,
    org,
    metrics,
    settings: { baseUrl: settings.baseUrl },
    system: {
      version: productVersion(),
      started: systemClock.now(),
      dataFolder: db.kind === 'pglite' ? settings.dataFolder : undefined,
      workerSlots: appSlots,
      egressAllow: settings.egressAllow,
    },
    egress: wayOut.rules,
    readiness: () => (stopping ? ['This process is stopping.'] : []),
    logger: log,
    consoleFolder: consoleFolder(),
  });
  const url = await server.listen({ host: settings.host, port: settings.port });
  const address = server.server.address();
  if (isNetworkAddress(address)) wayOut.refuse({ address: address.address, port: address.port });
  const stopRuns = await startRuns(context, queue);
  await queue.workJobs('evaluate-rule', ({ ruleId }) => runRuleJob(context, ruleId as GroupRuleId));
  const stopResealing = await startResealing(context, queue, settings.previousSecretKey !== undefined);
  const worker = await startWorker(queue, {
    db,
    clock: systemClock,
    random: systemRandom,
    secrets: context.secrets,
    openConnection: async (appId, lane) =>
      withBulk(await openAppConnection(db, context, appId, lane === 'leavers' ? leaverLimits : sharedLimits)),
    onError: logFailure(log, 'background work failed'),
    onOutcome: metrics.observeOperation,
  });
  const firstLink = await issueFirstLink(context);
  return {
    url,
    database: db.kind,
    firstSignIn: firstLink && `${(settings.baseUrl ?? url).replace(/\/+$/, '')}/welcome/${firstLink}`,
    close: async () => {
      stopping = true;
      stopRuns();
      stopResealing();
      await server.close();
      await worker.close();
      await db.close();
    },
  };
}

async function createContext(
  settings: ServerSettings,
  db: Db,
  queue: Queue,
  openHttp: HttpClientFactory,
): Promise<AppContext> {
  return {
    db,
    queue,
    clock: systemClock,
    actor: systemActor,
    catalog: await loadCatalog(),
    connectors: [scim],
    secrets: await openSecrets(settings, db),
    openHttp,
  };
}

/** @throws {UsherError} `secret_unreadable` for a key that is not this database's. */
async function openSecrets({ secretKey, previousSecretKey, dataFolder }: ServerSettings, db: Db): Promise<SecretBox> {
  const previous = previousSecretKey === undefined ? undefined : readSecretKey(previousSecretKey, 'USHER_KEY_PREVIOUS');
  return openSecretBox(db, await loadSecretKey(secretKey, dataFolder), previous);
}

/** Works on bulk work; the answer stops it before the next chunk, and another process goes on. */
async function startRuns(context: AppContext, queue: Queue): Promise<() => void> {
  const stop = new AbortController();
  await queue.workJobs(
    'run',
    ({ runId }, signal) => runJob(context, runId as RunId, AbortSignal.any([stop.signal, signal])),
    runSlots,
  );
  if (context.db.kind === 'pglite') await resumeRuns(context);
  return () => stop.abort();
}

/**
 * Seals anew what a rotation, or a replaced master key, has left to do. The answer stops it before the next batch, and
 * another process goes on.
 */
async function startResealing(context: AppContext, queue: Queue, masterReplaced: boolean): Promise<() => void> {
  const stop = new AbortController();
  await queue.workJobs('reseal', (_data, signal) => resealSecrets(context, AbortSignal.any([stop.signal, signal])));
  await resumeRotation(context, { always: masterReplaced });
  return () => stop.abort();
}

interface WayOut {
  readonly openHttp: HttpClientFactory;
  readonly rules: () => EgressRules;
  refuse(own: Listener): void;
}

/** The way out to apps: bounded by each app's limits, and never to our own door once that is known. */
function createWayOut(settings: ServerSettings): WayOut {
  let ownListener: Listener | undefined;
  const rules = () => parseEgressRules(settings.egressAllow, ownListener);
  return {
    rules,
    refuse: (own) => (ownListener = own),
    openHttp: (limits) => {
      const http = createHttpClient({
        egress: rules(),
        timeoutMs: limits.timeoutMs,
        connections: limits.concurrencyMax,
      });
      return limits.requestsPerMinute === undefined ? http : withRateLimit(http, limits.requestsPerMinute, systemClock);
    },
  };
}

function isNetworkAddress(address: string | AddressInfo | null): address is AddressInfo {
  return typeof address === 'object' && address !== null;
}

/** Built beside the compiled server. */
function consoleFolder(): string | undefined {
  const folder = fileURLToPath(new URL('../console/', import.meta.url));
  return existsSync(folder) ? folder : undefined;
}
