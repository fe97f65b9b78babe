import { readMigrations } from '../../store/migrate.ts';
import { findSchemaVersion } from '../../store/schema-version.ts';
import type { Api } from '../api.ts';
import type { ServerDeps } from '../deps.ts';
import { databaseFacts } from '../health.ts';
import { may } from '../policy.ts';

/** What runs here, on what, and since when: for `usher doctor` and for people who ask for help. */
export function systemRoutes(api: Api, deps: ServerDeps): void {
  api.get('/system', { config: may('org.read') }, async () => {
    const { version, started, dataFolder, workerSlots, egressAllow } = deps.system;
    const [schemaVersion, migrations] = await Promise.all([findSchemaVersion(deps.db), readMigrations()]);
    return {
      version,
      nodeVersion: process.versions.node,
      started,
      uptimeSeconds: Math.round((deps.clock.now().getTime() - started.getTime()) / 1_000),
      org: deps.org,
      database: { ...databaseFacts(deps.db), schemaVersion, schemaVersionNewest: migrations.at(-1)?.version ?? 0 },
      lock: dataFolder === undefined ? null : { dataFolder, pid: process.pid },
      workerSlots,
      egressAllow,
      catalogEntries: deps.catalog.all().length,
      connectors: deps.connectors.map(({ key, displayName }) => ({ key, displayName })),
    };
  });
}
