#!/usr/bin/env node
import { pino } from 'pino';
import { loadCatalog } from './catalog/catalog.ts';
import { createProgram } from './cli/program.ts';
import type { RunningUsher, ServerSettings } from './cli/settings.ts';
import { scim } from './connectors/scim/index.ts';
import { systemActor } from './domain/log-event.ts';
import { createMetrics } from './http/metrics.ts';
import { buildServer } from './http/server.ts';
import { systemClock } from './lib/clock.ts';
import { parseEgressRules, type Listener } from './lib/egress.ts';
import { withRateLimit } from './lib/rate-limit.ts';
import { createSecretBox } from './lib/secret-box.ts';
import { loadSecretKey } from './lib/secret-key.ts';
import { createHttpClient } from './lib/undici-http-client.ts';
import { withBulk } from './provisioning/bulk-connection.ts';
import { openAppConnection, type HttpClientFactory } from './provisioning/open-connection.ts';
import { bootstrapOrg } from './services/bootstrap.ts';
import type { AppContext } from './services/context.ts';
import { runRuleJob } from './services/group-rules.ts';
import { endAllLeases } from './store/app-user-queue.ts';
import { openDatabase } from './store/open-database.ts';
import { migrate } from './store/migrate.ts';
import { openQueue } from './store/queue.ts';
import { startWorker } from './worker/worker.ts';

// Wires every part to every other. The only file that knows them all.

async function startUsher(settings: ServerSettings): Promise<RunningUsher> {
  const log = pino({ level: settings.logLevel }, pino.destination(2));
  const onError = (error: unknown) => log.error({ err: error }, 'background work failed');
  const metrics = createMetrics();
  const db = await openDatabase(settings.databaseUrl, settings.dataFolder, systemClock.now());
  await migrate(db);
  if (db.kind === 'pglite') await endAllLeases(db);
  await bootstrapOrg(db, systemClock, { token: settings.bootstrapToken, ownerLogin: settings.ownerLogin });
  const queue = await openQueue(db, {
    schema: 'usher_queue',
    exclusive: db.kind === 'pglite',
    onError,
    ...(settings.databaseUrl === undefined ? {} : { url: settings.databaseUrl }),
  });
  let listener: Listener | undefined;
  const openHttp: HttpClientFactory = (limits) => {
    const egress = parseEgressRules(settings.egressAllow, listener);
    const http = createHttpClient({ egress, timeoutMs: limits.timeoutMs, connections: limits.concurrencyMax });
    return limits.requestsPerMinute === undefined ? http : withRateLimit(http, limits.requestsPerMinute, systemClock);
  };
  const context: AppContext = {
    db,
    queue,
    clock: systemClock,
    actor: systemActor,
    catalog: await loadCatalog(),
    connectors: [scim],
    secrets: createSecretBox(await loadSecretKey(settings.secretKey, settings.dataFolder)),
    openHttp,
  };
  const server = buildServer({ context, metrics, log, settings });
  const url = await server.listen({ host: settings.host, port: settings.port });
  const address = server.addresses()[0];
  if (address !== undefined) listener = { address: address.address, port: address.port };
  await queue.workJobs('evaluate-rule', ({ ruleId }) => runRuleJob(context, ruleId));
  const worker = await startWorker(queue, {
    db,
    clock: systemClock,
    random: Math.random,
    openConnection: async (appId) => withBulk(await openAppConnection(db, context, appId)),
    onError,
    onOutcome: metrics.observeOutcome,
  });
  log.info({ url, database: db.kind }, 'usher is ready');
  return {
    url,
    database: db.kind,
    close: async () => {
      await server.close();
      await worker.close();
      await db.close();
    },
  };
}

await createProgram({
  startUsher,
  environment: process.env,
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
}).parseAsync(process.argv);
