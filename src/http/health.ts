import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyBaseLogger } from 'fastify';
import type { Db } from '../store/database.ts';
import { readMigrations } from '../store/migrate.ts';
import { findSchemaVersion } from '../store/schema-version.ts';
import type { Api } from './api.ts';
import type { ServerDeps } from './deps.ts';
import { may, open } from './policy.ts';

/** A database that takes longer to say its version serves nobody. */
const databaseTimeoutMs = 2_000;

/** `/healthz`: the process lives. `/readyz`: it can serve, and on what. `/metrics`: Prometheus, with a token. */
export function healthRoutes(api: Api, deps: ServerDeps): void {
  api.get('/healthz', { config: open }, async () => ({ status: 'ok' }));

  api.get('/readyz', { config: open }, async (request, reply) => {
    const reasons = [...deps.readiness(), ...(await databaseProblems(deps.db, request.log))];
    return reply.code(reasons.length === 0 ? 200 : 503).send({
      status: reasons.length === 0 ? 'ready' : 'not_ready',
      database: databaseFacts(deps.db),
      reasons,
    });
  });

  api.get('/metrics', { config: may('org.read') }, async (_request, reply) =>
    reply.header('content-type', deps.metrics.contentType).send(await deps.metrics.text()),
  );
}

/** Which database runs, and what it does not promise. */
export function databaseFacts(db: Db): { kind: Db['kind']; durability: string } {
  return db.kind === 'pglite'
    ? {
        kind: 'pglite',
        durability:
          'Embedded, for one process. It survives a crash of Usher, but nothing is promised when the machine loses power. Use PostgreSQL (DATABASE_URL) in production.',
      }
    : { kind: 'postgres', durability: "As the PostgreSQL server's settings promise." };
}

/** Anybody may ask, so what a driver says of its server goes to the log only. */
async function databaseProblems(db: Db, log: FastifyBaseLogger): Promise<string[]> {
  try {
    const [version, migrations] = await Promise.race([
      Promise.all([findSchemaVersion(db), readMigrations()]),
      sleep(databaseTimeoutMs, undefined, { ref: false }).then(() => {
        throw new Error(`it has not answered for ${databaseTimeoutMs} ms`);
      }),
    ]);
    const newest = migrations.at(-1)?.version ?? 0;
    if (version === newest) return [];
    return [`The database is at schema version ${version}, this program needs ${newest}.`];
  } catch (error) {
    log.error({ err: error }, 'database not ready');
    return ['The database cannot be used; the log says why.'];
  }
}
