import Fastify, { type FastifyInstance } from 'fastify';
import { Pool } from 'undici';
import { createMetrics } from '../src/http/metrics.ts';
import { buildServer } from '../src/http/server.ts';
import type { SecretBox } from '../src/store/secret-box.ts';
import { parseEgressRules } from '../src/lib/egress.ts';
import type { AppId } from '../src/lib/ids.ts';
import { bootstrapOrg } from '../src/services/bootstrap.ts';
import { createApp } from '../src/services/apps.ts';
import { fromUsers, userColumns } from '../src/store/users.ts';
import type { BenchDatabase } from './databases.ts';
import { insertPeople, openWorld } from './world.ts';

const ownerToken = 'bench-bootstrap-token-0123456789abcdef';
const logEvents = 200_000;

/** An organization with people, an app and a log, behind the whole server; and a bare route beside it. */
export interface Organization {
  readonly people: number;
  readonly database: BenchDatabase;
  readonly appId: AppId;
  /** Requests over the network, as clients make them. */
  readonly client: Pool;
  readonly url: string;
  /** Where the bare route is. */
  readonly bareUrl: string;
  readonly secrets: SecretBox;
  readonly authorization: string;
  close(): Promise<void>;
}

export async function openOrganization(database: BenchDatabase, people: number): Promise<Organization> {
  const world = await openWorld(database);
  const { org } = await bootstrapOrg(world.db, { token: ownerToken });
  await insertPeople(world.db, people);
  await insertLog(database, people);
  const { id: appId } = await createApp(world, {
    catalogKey: 'scim2headerauth',
    settings: { app: { baseUrl: 'https://app.example' } },
  });
  await world.db.execute('vacuum analyze');
  const server = buildServer({
    ...world,
    org,
    metrics: createMetrics(),
    settings: { requestsPerMinute: 1_000_000_000 },
    system: { version: 'bench', started: new Date(), dataFolder: undefined, workerSlots: 1, egressAllow: [] },
    egress: () => parseEgressRules([]),
    readiness: () => [],
  });
  const bare = bareServer(database);
  const [url, bareUrl] = await Promise.all([server, bare].map((each) => each.listen({ host: '127.0.0.1', port: 0 })));
  if (url === undefined || bareUrl === undefined) throw new Error('The servers have no address.');
  const client = new Pool(url, { connections: 1 });
  return {
    people,
    database,
    appId,
    client,
    url,
    bareUrl,
    secrets: world.secrets,
    authorization: `SSWS ${ownerToken}`,
    close: async () => {
      await client.close();
      await Promise.all([server.close(), bare.close()]);
      await database.close();
    },
  };
}

/** What is left when everything but the statement is taken out of GET /users/{id}. */
function bareServer({ db }: BenchDatabase): FastifyInstance {
  const server = Fastify();
  server.get<{ Params: { userId: string } }>('/users/:userId', async (request) => {
    const { userId } = request.params;
    const [row] = await db.query(`select ${userColumns} from ${fromUsers} where u.id = $1 or u.login_key = $2`, [
      userId,
      userId.toLowerCase(),
    ]);
    return row;
  });
  return server;
}

/** A month of events about these people, as provisioning and administrators write them. */
async function insertLog({ db }: BenchDatabase, people: number): Promise<void> {
  await db.query(
    `insert into log_events (published, event_type, outcome, actor, target)
     select now() - n * interval '13 seconds',
       case when n % 1000 = 0 then 'user.lifecycle.deactivate'
         when n % 3 = 0 then 'application.user_membership.add' else 'application.provision.user.push' end,
       case when n % 50 = 0 then 'FAILURE' else 'SUCCESS' end,
       '{"id": "system", "type": "SystemPrincipal", "alternateId": "system@usher", "displayName": "Usher"}',
       jsonb_build_array(
         jsonb_build_object('id', '00u' || lpad((1 + n % $2)::text, 17, '0'), 'type', 'User',
           'alternateId', 'person' || 1 + n % $2 || '@acme.example', 'displayName', 'Ada Number ' || 1 + n % $2),
         jsonb_build_object('id', '0oa0000000000000000' || n % 5, 'type', 'AppInstance', 'alternateId', 'CRM', 'displayName', 'CRM'))
     from generate_series(1, $1::int) as n`,
    [logEvents, people],
  );
}
