import { MessageChannel } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import { beforeAll, describe, expect, test } from 'vitest';
import { UsherError } from '../lib/errors.ts';
import { connectPglite, type PgliteLink } from './pglite-client.ts';
import { servePglite } from './pglite-server.ts';

describe('the embedded database at the other end of a channel', () => {
  let link: PgliteLink;
  beforeAll(async () => {
    const { port1, port2 } = new MessageChannel();
    servePglite(port1, await PGlite.create());
    link = connectPglite(port2);
    for (const port of [port1, port2]) port.unref();
    await link.pglite.exec('create table things (id integer primary key, about jsonb)');
  }, 60_000);
  const ids = async () => (await link.pglite.query<{ id: number }>('select id from things order by id')).rows;

  test('values of every kind arrive as they were', async () => {
    const about = { text: '"ü"', list: [1, null], nothing: null };
    const { rows } = await link.pglite.query(
      `select $1::jsonb as about, '"text"'::jsonb as text, 'null'::jsonb as nothing, $2::text[] as names,
         timestamptz '2026-11-25T10:00:00Z' as at, true as yes, null::text as none`,
      [JSON.stringify(about), ['a', 'b,c']],
    );
    const at = new Date('2026-11-25T10:00:00Z');
    expect(rows).toEqual([{ about, text: 'text', nothing: null, names: ['a', 'b,c'], at, yes: true, none: null }]);
  });

  test('an error keeps what PostgreSQL said, and the next statement works', async () => {
    await link.pglite.query('insert into things values (1)');
    const twice = link.pglite.query('insert into things values (1)');
    await expect(twice).rejects.toMatchObject({ code: '23505', constraint: 'things_pkey' });
    expect(await ids()).toEqual([{ id: 1 }]);
  });

  test('a transaction that throws leaves nothing behind, and throws the same', async () => {
    const reason = new Error('changed my mind');
    const work = link.pglite.transaction(async (tx) => {
      await tx.query('insert into things values (2)');
      throw reason;
    });
    await expect(work).rejects.toBe(reason);
    expect(await ids()).toEqual([{ id: 1 }]);
  });

  test('what is asked outside an open transaction waits for its end', async () => {
    const order: string[] = [];
    let outside: Promise<unknown> = Promise.resolve();
    await link.pglite.transaction(async (tx) => {
      outside = ids().then((rows) => order.push(`outside saw ${rows.length}`));
      await tx.query('insert into things values (3)');
      order.push('inside');
    });
    await outside;
    expect(order).toEqual(['inside', 'outside saw 2']);
  });

  test('a commit that PostgreSQL refuses is an error', async () => {
    await link.pglite.exec('create table parts (id integer unique deferrable initially deferred)');
    const work = link.pglite.transaction((tx) => tx.query('insert into parts values (1), (1)'));
    await expect(work).rejects.toMatchObject({ code: '23505' });
  });

  test('when its thread has ended, everything asked fails with the reason', async () => {
    const ended = new UsherError('database_unavailable', 'The embedded database has stopped.');
    const waiting = link.pglite.query('select pg_sleep(0.05)');
    link.fail(ended);
    await expect(waiting).rejects.toBe(ended);
    await expect(ids()).rejects.toBe(ended);
  });
});
