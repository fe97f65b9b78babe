import { expect, test } from 'vitest';
import { describeOnDatabases } from '../../test/database.ts';
import { appUserOf, eventsAbout, insertTestApp, openDirectory, profileOf } from '../../test/directory.ts';
import { lifecycleVerbs, statusAfter, userStatuses } from '../domain/user.ts';
import { addMembers, createGroup } from './groups.ts';
import { changeLifecycle, deleteUser } from './user-lifecycle.ts';
import { listUsers } from './user-list.ts';
import { createUser, getUser } from './users.ts';

describeOnDatabases('user lifecycle', (database) => {
  test('every verb on every status does what the table says, and only that', async () => {
    const { context, db } = await openDirectory(database);
    for (const status of userStatuses) {
      for (const verb of lifecycleVerbs) {
        const { id } = await createUser(context, { profile: profileOf(`${status}-${verb}@example.com`) });
        await db.query('update users set status = $2 where id = $1', [id, status]);
        const events = (await eventsAbout(db, id)).length;
        const expected = statusAfter(verb, status, false);
        const attempt = changeLifecycle(context, id, verb);
        if (expected === undefined) {
          await expect(attempt, `${verb} from ${status}`).rejects.toMatchObject({ code: 'wrong_state' });
          expect(await eventsAbout(db, id)).toHaveLength(events);
        } else {
          const { statusChanged, ...user } = await attempt;
          expect(user.status, `${verb} from ${status}`).toBe(expected);
          expect(statusChanged).not.toBeNull();
          expect(await eventsAbout(db, id)).toHaveLength(events + 1);
        }
      }
    }
  });

  test('somebody with a password is ACTIVE when activated', async () => {
    const { context } = await openDirectory(database);
    const { id } = await createUser(context, {
      profile: profileOf('ada@example.com'),
      password: 'correct horse',
      activate: false,
    });
    const user = await changeLifecycle(context, id, 'activate');
    expect(user).toMatchObject({ status: 'ACTIVE' });
    expect(user.activated).not.toBeNull();
  });

  test('deactivating takes every app; the return gives back what groups give', async () => {
    const { context, db, signals } = await openDirectory(database);
    const group = await createGroup(context, { name: 'Engineers' });
    const byGroup = await insertTestApp(db, [group.id]);
    const direct = await insertTestApp(db);
    const { id } = await createUser(context, { profile: profileOf('ada@example.com'), groupIds: [group.id] });
    await db.query(
      `insert into app_users (app_id, user_id, assigned, direct, external_id) values ($1, $2, true, true, 'x1')`,
      [direct, id],
    );
    signals.length = 0;

    await changeLifecycle(context, id, 'deactivate');
    expect(await appUserOf(db, byGroup, id)).toMatchObject({ assigned: false, leaver: true });
    expect(await appUserOf(db, direct, id)).toMatchObject({ assigned: false, leaver: true, direct: false });
    expect(new Set(signals)).toEqual(new Set([byGroup, direct]));
    expect(await listUsers(context, { limit: 10 })).toEqual([]);

    await changeLifecycle(context, id, 'activate');
    expect(await appUserOf(db, byGroup, id)).toMatchObject({ assigned: true, leaver: false });
    expect(await appUserOf(db, direct, id)).toMatchObject({ assigned: false });
  });

  test('joining a group while deactivated gives nothing until the return', async () => {
    const { context, db } = await openDirectory(database);
    const group = await createGroup(context, { name: 'Engineers' });
    const appId = await insertTestApp(db, [group.id]);
    const { id } = await createUser(context, { profile: profileOf('ada@example.com') });
    await changeLifecycle(context, id, 'deactivate');
    await addMembers(context, group.id, [id]);
    expect(await appUserOf(db, appId, id)).toBeUndefined();
    await changeLifecycle(context, id, 'activate');
    expect(await appUserOf(db, appId, id)).toMatchObject({ assigned: true });
  });

  test('a first delete deactivates, a second deletes and keeps what apps still have', async () => {
    const { context, db, signals } = await openDirectory(database);
    const known = await insertTestApp(db);
    const unknown = await insertTestApp(db);
    const { id } = await createUser(context, { profile: profileOf('ada@example.com'), password: 'correct horse' });
    await db.query(
      `insert into app_users (app_id, user_id, assigned, direct, external_id)
       values ($1, $3, true, true, 'x1'), ($2, $3, true, true, null)`,
      [known, unknown, id],
    );
    expect(await deleteUser(context, id)).toBe('deactivated');
    expect((await getUser(context, id)).status).toBe('DEPROVISIONED');
    signals.length = 0;
    expect(await deleteUser(context, id)).toBe('deleted');
    await expect(getUser(context, id)).rejects.toMatchObject({ code: 'not_found' });
    expect(await appUserOf(db, known, id)).toMatchObject({ assigned: false, leaver: true, sync_state: 'OUT_OF_SYNC' });
    expect(await appUserOf(db, unknown, id)).toBeUndefined();
    expect(signals).toEqual([known]);
    await expect(deleteUser(context, id)).rejects.toMatchObject({ code: 'not_found' });
    await createUser(context, { profile: profileOf('ada@example.com') });
  });
});
