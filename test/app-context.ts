import { Type } from 'typebox';
import { loadCatalog } from '../src/catalog/catalog.ts';
import type { OpenOptions } from '../src/connectors/contract.ts';
import { defineConnector, type Connector } from '../src/connectors/definition.ts';
import { systemActor } from '../src/domain/log-event.ts';
import type { UserStatus } from '../src/domain/user.ts';
import { systemClock } from '../src/lib/clock.ts';
import { UsherError } from '../src/lib/errors.ts';
import { newId, type AppId, type GroupId, type UserId } from '../src/lib/ids.ts';
import type { AppContext } from '../src/services/context.ts';
import type { Db } from '../src/store/database.ts';
import { ensureDirectory } from '../src/store/directory.ts';
import { insertGroup } from '../src/store/groups.ts';
import { openSecretBox } from '../src/store/secret-box.ts';
import { findUserSchema } from '../src/store/user-schema.ts';
import { insertUsers } from '../src/store/users.ts';
import type { TestDatabase } from './database.ts';

const credential = { secret: true, minLength: 1 };

export const fakeSettings = Type.Object({
  baseUrl: Type.String({ format: 'uri' }),
  auth: Type.Union([
    Type.Object({ scheme: Type.Literal('bearer'), token: Type.String(credential) }),
    Type.Object({
      scheme: Type.Literal('oauth2_client_credentials'),
      tokenUrl: Type.String(),
      clientId: Type.String(),
      clientSecret: Type.String(credential),
    }),
  ]),
});

/** A connector in the place of the SCIM one that remembers what it was opened with and says what it is told to. */
export interface FakeApp {
  readonly connector: Connector;
  readonly opened: OpenOptions<unknown>[];
  /** What the next tests of the connection throw. */
  refusal: UsherError | undefined;
  /** Connections and ways out that have not been closed. */
  openConnections: number;
  openHttpClients: number;
}

export interface AppTest {
  readonly db: Db;
  readonly context: AppContext;
  readonly app: FakeApp;
  /** Apps signalled so far, in order; only what comes after `watchSignals` counts. */
  readonly signals: AppId[];
  watchSignals(): Promise<void>;
  addUser(login: string, status?: UserStatus): Promise<UserId>;
  addGroup(name: string, members: readonly UserId[]): Promise<GroupId>;
  revision(appId: AppId): Promise<number>;
  /** Event types about the app, oldest first. */
  events(appId: AppId): Promise<string[]>;
}

/** What services about apps need, on a fresh database with an empty directory and the shipped catalog. */
export async function openAppTest(database: TestDatabase): Promise<AppTest> {
  const db = await database.open();
  const queue = await database.openQueue(db);
  const app = createFakeApp();
  const signals: AppId[] = [];
  await db.transaction(ensureDirectory);
  const context: AppContext = {
    db,
    queue,
    clock: systemClock,
    actor: systemActor,
    transactionId: 'request-1',
    catalog: await loadCatalog(),
    connectors: [app.connector],
    secrets: await openSecretBox(db, Buffer.alloc(32, 7)),
    openHttp: () => {
      app.openHttpClients += 1;
      return {
        request: () => Promise.reject(new UsherError('app_unreachable', 'Nothing is there.')),
        close: async () => void (app.openHttpClients -= 1),
      };
    },
  };
  return {
    db,
    context,
    app,
    signals,
    watchSignals: () => queue.workApps(4, async (appId) => void signals.push(appId)),
    addUser: async (login, status = 'ACTIVE') => {
      const id = newId('user');
      const profile = { login, email: login, firstName: login.split('@')[0] ?? '', lastName: 'Tester' };
      const { typeId } = await findUserSchema(db);
      await db.transaction((tx) => insertUsers(tx, typeId, [{ id, status, profile }]));
      return id;
    },
    addGroup: async (name, members) => {
      const id = newId('group');
      await db.transaction(async (tx) => {
        await insertGroup(tx, id, { name });
        await tx.query(
          `insert into group_members (group_id, user_id, source) select $1, m, 'direct' from unnest($2::text[]) m`,
          [id, members],
        );
      });
      return id;
    },
    revision: async (appId) => {
      const [row] = await db.query<{ revision: number }>('select revision from apps where id = $1', [appId]);
      return row?.revision ?? -1;
    },
    events: async (appId) => {
      const rows = await db.query<{ event_type: string }>(
        `select event_type from log_events where target @> jsonb_build_array(jsonb_build_object('id', $1::text)) order by seq`,
        [appId],
      );
      return rows.map((row) => row.event_type);
    },
  };
}

/** The value, which a test rests on being there. */
export function defined<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('Something this test rests on is missing.');
  return value;
}

function createFakeApp(): FakeApp {
  const fake: FakeApp = {
    connector: defineConnector({
      key: 'scim',
      displayName: 'Fake',
      settings: fakeSettings,
      open: (options) => {
        fake.opened.push(options);
        fake.openConnections += 1;
        return {
          test: async () => {
            if (fake.refusal !== undefined) throw fake.refusal;
            return { findings: [{ subject: 'Address', ok: true, detail: 'The app answers.' }] };
          },
          find: () => Promise.resolve(undefined),
          create: () => Promise.reject(new UsherError('unsupported', 'Not in this test.')),
          close: async () => void (fake.openConnections -= 1),
        };
      },
    }),
    opened: [],
    refusal: undefined,
    openConnections: 0,
    openHttpClients: 0,
  };
  return fake;
}
