import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId, type AppId, type GroupId, type UserId } from '../../src/lib/ids.ts';
import { loadAppConfig } from '../../src/store/app-config.ts';
import { insertGroupOfApp, insertGroupPush } from '../../src/store/app-group-push.ts';
import type { Db } from '../../src/store/database.ts';
import { migrate } from '../../src/store/migrate.ts';
import { startFaultyApp, type FaultyApp } from '../apps/faulty-app.ts';
import type { CrashOrder, KillPoint } from '../apps/crashing-worker.ts';
import { serverUrl } from '../database.ts';
import { assignGroupTo, insertApp, insertGroup, insertPeople } from '../fixtures.ts';
import { embeddedPlace, runWorker, serverPlace, withPlace, type Place } from './crash-place.ts';

// A worker that pushes groups, killed with SIGKILL at every step of making and filling one. The app takes a name twice
// and a member twice without a word, and shows no members: whatever was done twice would stay.

type Kill = { readonly point: KillPoint; readonly at: number };

/** The first write makes the group, the second puts its members in. */
const makingKills: readonly Kill[] = [
  { point: 'claimed', at: 2 },
  { point: 'before sending', at: 1 },
  { point: 'sent, no answer', at: 1 },
  { point: 'answered', at: 1 },
  { point: 'recorded', at: 1 },
  { point: 'sent, no answer', at: 2 },
  { point: 'answered', at: 2 },
  { point: 'before recording', at: 2 },
];
/** One leaves and one joins: a request each. */
const swappingKills: readonly Kill[] = [
  { point: 'sent, no answer', at: 1 },
  { point: 'before recording', at: 1 },
  { point: 'sent, no answer', at: 2 },
  { point: 'while recording', at: 2 },
];

function sweep(name: string, makePlace: () => Promise<Place>, only: (kill: Kill, index: number) => boolean): void {
  describe(`pushed groups under kill -9 [${name}]`, () => {
    let place: Place;
    let app: FaultyApp;
    let appId: AppId;
    let people: UserId[];
    let order: Omit<CrashOrder, 'kill' | 'prepare'>;
    let kills = 0;

    const withDb = <Result>(work: (db: Db) => Promise<Result>) => withPlace(place, work);
    const pushNew = (label: string) =>
      withDb(async (db) => {
        const groupId = await insertGroup(db, label, people.slice(0, 6));
        const [id, targetGroupId] = [newId('group_push'), newId('group')];
        await db.transaction(async (tx) => {
          await insertGroupOfApp(tx, appId, targetGroupId, label);
          const push = { id, appId, sourceGroupId: groupId, targetGroupId, targetName: label, mayLink: true };
          await insertGroupPush(tx, { ...push, namePolicy: 'SOURCE', status: 'ACTIVE' });
        });
        return groupId;
      });
    const kill = async (point: Kill, prepare: CrashOrder['prepare'] = { kind: 'nothing' }) => {
      if (await runWorker({ ...order, prepare, kill: point })) kills += 1;
    };
    /** Rows a kill has left waiting for another attempt are due at once. */
    const rest = async () => {
      await withDb((db) => db.query(`update app_group_push set due_at = now() where due_at is not null`));
      await runWorker({ ...order, prepare: { kind: 'nothing' }, kill: undefined });
    };
    /** Per group the places of its members in `people`, by their accounts. */
    const members = async () => {
      const accounts = await withDb((db) =>
        db.query<{ user_id: UserId; external_id: string }>('select user_id, external_id from app_users'),
      );
      const place = new Map(accounts.map((row) => [row.external_id, people.indexOf(row.user_id)]));
      const of = (shown: unknown) =>
        (shown as { value: string }[])
          .map(({ value }) => place.get(value))
          .sort()
          .join(' ');
      const shown = app.groups().map((group) => [group['displayName'], of(group['members'])] as const);
      return shown.sort(([left], [right]) => String(left).localeCompare(String(right)));
    };

    beforeAll(async () => {
      place = await makePlace();
      app = await startFaultyApp({
        behaviour: { latencyMs: 20, groupDuplicate: 'allowed', members: 'hidden', memberTwice: 'once' },
      });
      const config = await withDb(async (db) => {
        await migrate(db);
        people = await insertPeople(db, 8);
        appId = await insertApp(db, { limits: { concurrencyMax: 4 } });
        await assignGroupTo(db, appId, await insertGroup(db, 'All', people));
        return loadAppConfig(db, appId);
      });
      order = { database: place.database, appId, appUrl: app.url, attributes: config?.attributes ?? {} };
      await runWorker({ ...order, prepare: { kind: 'nothing' }, kill: undefined });
    });
    afterAll(async () => {
      await app.close();
      await place.remove();
    });

    test('made once, and everybody is in it; who leaves is out, who joins is in', { timeout: 300_000 }, async () => {
      const making = makingKills.filter(only);
      for (const [index, point] of making.entries()) {
        await pushNew(`Made ${index}`);
        await kill(point);
        await rest();
      }
      expect(await members()).toEqual(making.map((_, index) => [`Made ${index}`, '0 1 2 3 4 5']));

      const swapping = swappingKills.filter(only);
      const groupId: GroupId = await pushNew('Swapped');
      await rest();
      for (const [index, point] of swapping.entries()) {
        const [join, leave] =
          index % 2 === 0 ? [people.slice(6), people.slice(0, 1)] : [people.slice(0, 1), people.slice(6)];
        await kill(point, { kind: 'swap', groupId, join, leave });
        // Before anybody could learn what came of it, the first comes and goes again.
        await kill({ point: 'claimed', at: 1 }, { kind: 'swap', groupId, join: people.slice(6, 7), leave: [] });
        await rest();
        const expected = index % 2 === 0 ? '1 2 3 4 5 6 7' : '0 1 2 3 4 5 6';
        expect((await members()).find(([label]) => label === 'Swapped')?.[1]).toBe(expected);
      }
      process.stdout.write(`group push sweep [${name}]: ${kills} kills\n`);
      expect(kills).toBeGreaterThanOrEqual(making.length + swapping.length);
    });
  });
}

// Every start of the embedded database costs seconds, and what is proven is the same: it gets a few where nothing else is.
if (serverUrl === undefined) sweep('pglite', embeddedPlace, (_, index) => index % 4 === 2);
else sweep('postgres', serverPlace, () => true);
