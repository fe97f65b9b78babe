import { afterAll } from 'vitest';
import { scim } from '../../src/connectors/scim/index.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { parseEgressRules } from '../../src/lib/egress.ts';
import type { AppId, UserId } from '../../src/lib/ids.ts';
import type { Json } from '../../src/lib/json.ts';
import { createHttpClient } from '../../src/lib/undici-http-client.ts';
import { openAppConnection } from '../../src/provisioning/open-connection.ts';
import { setConnection } from '../../src/services/app-connections.ts';
import { updateProvisioning } from '../../src/services/app-features.ts';
import { createApp } from '../../src/services/apps.ts';
import { countSyncStates } from '../../src/store/assignments.ts';
import { createLane } from '../../src/worker/app-lane.ts';
import { drainApp } from '../../src/worker/drain-app.ts';
import type { RunningApp } from '../apps/scimmy-app.ts';
import type { TestDatabase } from '../database.ts';
import { openHttpTest, type HttpTest } from '../http-context.ts';
import { runUsher } from '../run-cli.ts';

export interface Answered {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Of `--json`, which is always given. */
  readonly json: Json;
}

/** The whole of Usher but for its process: HTTP, command line, engine, and the real SCIM connector. */
export interface ProvisioningWorld extends HttpTest {
  /** An app from the catalog, connected to a SCIM server; everything is provisioned unless said otherwise. */
  addScimApp(target: RunningApp, options?: { readonly on?: boolean; readonly label?: string }): Promise<AppId>;
  addPeople(...logins: readonly string[]): Promise<UserId[]>;
  /** Works on the app as a worker does until nothing is due. */
  drain(appId: AppId): Promise<void>;
  counts(appId: AppId): ReturnType<typeof countSyncStates>;
  /** `usher …` against this server, as the owner. */
  usher(...args: readonly string[]): Promise<Answered>;
}

export async function openProvisioningWorld(database: TestDatabase): Promise<ProvisioningWorld> {
  const egress = parseEgressRules(['127.0.0.0/8']);
  const on = await openHttpTest(database, {
    connectors: [scim],
    openHttp: ({ timeoutMs }) => createHttpClient({ egress, timeoutMs, connections: 16 }),
  });
  const context = { ...on.context, connectors: on.deps.connectors, openHttp: on.deps.openHttp };
  const url = await on.server.listen({ host: '127.0.0.1', port: 0 });
  const lanes: (() => Promise<void>)[] = [];
  afterAll(() => Promise.all(lanes.map((close) => close())));
  return {
    ...on,
    context,
    addScimApp: async (target, { on: provisioned = true, label } = {}) => {
      const app = await createApp(context, {
        catalogKey: 'scim2headerauth',
        settings: { app: { baseUrl: target.url } },
        ...(label === undefined ? {} : { label }),
      });
      const settings = { auth: { scheme: 'bearer', token: 'secret' } };
      if (provisioned) await setConnection(context, app.id, { settings, activate: true });
      else await setConnection(context, app.id, { settings });
      if (provisioned) await updateProvisioning(context, app.id, { create: true, update: true, deactivate: true });
      return app.id;
    },
    addPeople: (...logins) => Promise.all(logins.map((login) => on.addUser(login))),
    drain: async (appId) => {
      const lane = createLane(appId);
      const never = new AbortController().signal;
      const tools = {
        db: on.db,
        clock: systemClock,
        random: Math.random,
        secrets: context.secrets,
        openConnection: () => openAppConnection(on.db, context, appId),
        onError: (error: unknown) => {
          throw error;
        },
      };
      while ((await drainApp(lane, tools, { stop: never, cancel: never })).nextMs === 0);
      await lane.connection?.close();
    },
    counts: (appId) => countSyncStates(on.db, appId),
    usher: async (...args) => {
      const { code, stdout, stderr } = await runUsher([...args, '--json'], { server: url, token: on.ownerToken });
      return { exit: code, stdout, stderr, json: stdout === '' ? null : JSON.parse(stdout) };
    },
  };
}
