import { randomBytes } from 'node:crypto';
import { loadCatalog } from '../src/catalog/catalog.ts';
import { scim } from '../src/connectors/scim/index.ts';
import { defaultLimits, leaverLimits, sharedLimits } from '../src/domain/app.ts';
import { systemActor } from '../src/domain/log-event.ts';
import { systemClock } from '../src/lib/clock.ts';
import { parseEgressRules } from '../src/lib/egress.ts';
import type { HttpClient } from '../src/lib/http-client.ts';
import { newId, type AppId, type GroupId } from '../src/lib/ids.ts';
import { createHttpClient } from '../src/lib/undici-http-client.ts';
import { withBulk } from '../src/provisioning/bulk-connection.ts';
import { openAppConnection } from '../src/provisioning/open-connection.ts';
import { listAccounts } from '../src/provisioning/list-accounts.ts';
import { updateProvisioning } from '../src/services/app-features.ts';
import { setConnection } from '../src/services/app-connections.ts';
import { createApp } from '../src/services/apps.ts';
import type { AppContext } from '../src/services/context.ts';
import type { Db } from '../src/store/database.ts';
import { openSecretBox } from '../src/store/secret-box.ts';
import type { WorkerTools } from '../src/worker/app-lane.ts';
import type { BenchDatabase } from './databases.ts';

/** Everything a server puts together, on one database, allowed to speak to this machine. */
export interface World extends AppContext {
  readonly tools: WorkerTools;
}

/** One for the process: a database opens with no other than the one it began with. */
const masterKey = randomBytes(32);

/** `watch` sees each HTTP client before the engine gets it. */
export async function openWorld(
  { db, queue }: BenchDatabase,
  watch: (client: HttpClient) => HttpClient = (client) => client,
): Promise<World> {
  const egress = parseEgressRules(['127.0.0.0/8']);
  const context: AppContext = {
    db,
    queue,
    clock: systemClock,
    actor: systemActor,
    catalog: await loadCatalog(),
    connectors: [scim],
    secrets: await openSecretBox(db, masterKey),
    openHttp: ({ timeoutMs, concurrencyMax }) =>
      watch(createHttpClient({ egress, timeoutMs, connections: concurrencyMax })),
  };
  const tools: WorkerTools = {
    db,
    clock: systemClock,
    random: Math.random,
    openConnection: async (appId, lane) =>
      withBulk(await openAppConnection(db, context, appId, lane === 'leavers' ? leaverLimits : sharedLimits)),
    onError: (error) => console.error(error),
  };
  return { ...context, tools };
}

/** People with the attributes companies fill in, ACTIVE, and a group they are all in. */
export async function insertPeople(db: Db, count: number): Promise<GroupId> {
  const groupId = newId('group');
  await db.query(
    `insert into groups (id, type, name, profile) values ($1, 'OKTA_GROUP', 'Everybody here', '{"name": "Everybody here"}')`,
    [groupId],
  );
  // PGlite runs one statement at a time, and a million rows are many.
  const chunk = 20_000;
  for (let from = 1; from <= count; from += chunk) {
    const to = Math.min(from + chunk - 1, count);
    await db.query(
      `insert into users (id, type_id, status, login_key, profile)
       select '00u' || lpad(n::text, 17, '0'), (select id from user_types where is_default), 'ACTIVE', 'person' || n || '@acme.example', jsonb_build_object(
         'login', 'person' || n || '@acme.example', 'email', 'person' || n || '@acme.example',
         'firstName', 'Ada', 'lastName', 'Number ' || n, 'displayName', 'Ada Number ' || n,
         'title', 'Senior Account Manager', 'department', 'Sales ' || n % 50, 'division', 'EMEA',
         'organization', 'Acme', 'costCenter', 'CC' || n % 500, 'employeeNumber', 'E' || n,
         'city', 'Zürich', 'countryCode', 'CH', 'mobilePhone', '+41 44 ' || n, 'locale', 'de_CH',
         'timezone', 'Europe/Zurich', 'managerId', 'person' || n / 10 || '@acme.example')
       from generate_series($1::int, $2::int) as n`,
      [from, to],
    );
    await db.query(
      `insert into group_members (group_id, user_id, source)
       select $1, '00u' || lpad(n::text, 17, '0'), 'direct' from generate_series($2::int, $3::int) as n`,
      [groupId, from, to],
    );
  }
  return groupId;
}

/** The generic SCIM app of the catalog, connected to `url`, provisioning on, its accounts listed. */
export async function addScimApp(world: World, url: string, token: string): Promise<AppId> {
  const app = await createApp(world, {
    catalogKey: 'scim2headerauth',
    settings: { app: { baseUrl: url } },
    limits: { ...defaultLimits, concurrencyMax: 32 },
  });
  await setConnection(world, app.id, { settings: { auth: { scheme: 'bearer', token } }, activate: true });
  await updateProvisioning(world, app.id, { create: true, update: true, deactivate: true });
  const connection = await openAppConnection(world.db, world, app.id);
  await listAccounts(world.db, app.id, connection, new AbortController().signal);
  await connection.close();
  return app.id;
}
