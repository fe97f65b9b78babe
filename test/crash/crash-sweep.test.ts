import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startFaultyApp, type FaultyApp } from '../apps/faulty-app.ts';
import type { CrashOrder, KillPoint } from '../apps/crashing-worker.ts';
import { serverUrl } from '../database.ts';
import { assignGroupTo, insertApp, insertGroup, insertPeople } from '../fixtures.ts';
import { newId, type AppId, type UserId } from '../../src/lib/ids.ts';
import { loadAppConfig } from '../../src/store/app-config.ts';
import type { Db } from '../../src/store/database.ts';
import { migrate } from '../../src/store/migrate.ts';
import { embeddedPlace, runWorker, serverPlace, withPlace, type Place } from './crash-place.ts';

// The worker is another process, killed with SIGKILL at every step of every kind of write. Between the kills it is
// started again, as a supervisor would; at the end it runs to rest, and the app is read back.

const killPoints: readonly KillPoint[] = [
  'claimed',
  'people loaded',
  'before sending',
  'sent, no answer',
  'answered',
  'before recording',
  'while recording',
  'recorded',
];
/** Which visit to the point is the last, for each pass over all points. */
const fullVisits = [1, 2, 1, 3];
/** Every start of the embedded database costs seconds, so where a server is there it gets most of the kills. */
const visitsBeside = { pglite: [2], postgres: [1, 2, 1] };
const people = 8;

function sweep(name: string, makePlace: () => Promise<Place>, visits: readonly number[]): void {
  // Beside the other database's, since a killed process is waited for more than it computes; its own steps in order.
  describe.concurrent(`kill -9 at every step [${name}]`, () => {
    let place: Place;
    let app: FaultyApp;
    let appId: AppId;
    let userIds: UserId[];
    let order: Omit<CrashOrder, 'kill' | 'prepare'>;
    let kills = 0;

    const withDb = <Result>(work: (db: Db) => Promise<Result>) => withPlace(place, work);
    const change = (set: string): CrashOrder['prepare'] => ({ kind: 'change', set });
    /** Kills at each point, each time with work to do again where it was done already; then runs to rest. */
    const killEverywhere = async (again: (round: number) => CrashOrder['prepare'], last?: CrashOrder['prepare']) => {
      let round = 0;
      for (const at of visits) {
        for (const point of killPoints) {
          round += 1;
          if (await runWorker({ ...order, prepare: again(round), kill: { point, at } })) kills += 1;
        }
      }
      await runWorker({ ...order, prepare: last ?? { kind: 'nothing' }, kill: undefined });
    };
    const atRest = () =>
      withDb(async (db) => {
        const waiting = await db.query(
          `select * from app_users where due_at is not null or sync_state <> 'SYNCHRONIZED'`,
        );
        expect(waiting).toEqual([]);
      });
    const accounts = () =>
      app
        .users()
        .map((user) => ({ userName: user['userName'], active: user['active'], externalId: user['externalId'] }))
        .sort((left, right) => String(left.externalId).localeCompare(String(right.externalId)));
    const expectAccounts = (active: boolean) => {
      expect(accounts().map((account) => account.externalId)).toEqual([...userIds].sort((a, b) => a.localeCompare(b)));
      expect(accounts().every((account) => account.active === active)).toBe(true);
    };

    beforeAll(async () => {
      place = await makePlace();
      // This app takes the same name twice without a word: a second create would stay.
      app = await startFaultyApp({ behaviour: { latencyMs: 20, duplicate: 'allowed' } });
      const config = await withDb(async (db) => {
        await migrate(db);
        userIds = await insertPeople(db, people);
        appId = await insertApp(db, { limits: { concurrencyMax: 4 } });
        await assignGroupTo(db, appId, await insertGroup(db, 'All', userIds));
        return loadAppConfig(db, appId);
      });
      order = { database: place.database, appId, appUrl: app.url, attributes: config?.attributes ?? {} };
    });
    afterAll(async () => {
      await app.close();
      await place.remove();
    });

    test.sequential('create: everybody has exactly one account', { timeout: 300_000 }, async () => {
      await killEverywhere(() => {
        const hired = [newId('user'), newId('user')];
        userIds = [...userIds, ...hired];
        return { kind: 'hire', userIds: hired, from: userIds.length - hired.length };
      });
      await atRest();
      expectAccounts(true);
    });

    test.sequential('update: everybody has the newest value', { timeout: 300_000 }, async () => {
      let last = '';
      await killEverywhere((round) => {
        last = `Department ${round}`;
        return change(`profile = profile || jsonb_build_object('department', '${last}')`);
      });
      await atRest();
      const urn = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
      expect(app.users().map((user) => (user[urn] as { department: string }).department)).toEqual(
        userIds.map(() => last),
      );
    });

    test.sequential(
      'deactivate and reactivate: no leaver stays active, nobody is left out',
      { timeout: 300_000 },
      async () => {
        const gone = change(`status = 'DEPROVISIONED'`);
        const back = change(`status = 'ACTIVE'`);
        await killEverywhere((round) => (round % 2 === 1 ? gone : back), gone);
        await atRest();
        expectAccounts(false);
        await killEverywhere((round) => (round % 2 === 1 ? back : gone), back);
        await atRest();
        expectAccounts(true);
      },
    );

    test.sequential('nearly every kill ordered was a kill', () => {
      const ordered = 4 * visits.length * killPoints.length;
      process.stdout.write(`crash sweep [${name}]: ${kills} kills of ${ordered} ordered\n`);
      // A point that is visited once a batch is not always visited as often as ordered.
      expect(kills).toBeGreaterThanOrEqual(Math.floor(ordered * 0.8));
    });
  });
}

sweep('pglite', embeddedPlace, serverUrl === undefined ? fullVisits : visitsBeside.pglite);
if (serverUrl !== undefined) sweep('postgres', serverPlace, visitsBeside.postgres);
