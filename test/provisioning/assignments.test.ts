import { afterAll, beforeAll, expect, test } from 'vitest';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AppId, GroupId, RunId, UserId } from '../../src/lib/ids.ts';
import { findAppMapping } from '../../src/store/app-mappings.ts';
import { advanceRun } from '../../src/services/runs/advance.ts';
import { startAssignmentRun } from '../../src/services/runs/assignments.ts';
import { resumeRuns, runJob } from '../../src/services/runs/control.ts';
import { startBetterAuthApp } from '../apps/better-auth-app.ts';
import type { RunningApp } from '../apps/scimmy-app.ts';
import { describeOnDatabases } from '../database.ts';
import { insertPeople } from '../fixtures.ts';
import { openProvisioningWorld, type ProvisioningWorld } from './world.ts';

interface RunAnswer {
  readonly id: RunId;
  readonly status: string;
  readonly done: number;
  readonly failed: number;
  readonly skipped: number;
  readonly problems?: readonly { readonly item: string; readonly reason: string }[];
}

describeOnDatabases('bulk assignment', (database) => {
  let on: ProvisioningWorld;
  let target: RunningApp;
  let appId: AppId;
  let groupId: GroupId;
  let ada: UserId | undefined;
  let folder: string;
  beforeAll(async () => {
    target = await startBetterAuthApp({ token: 'secret' });
    on = await openProvisioningWorld(database);
    appId = await on.addScimApp(target);
    const people = await on.addPeople('ada@acme.example', 'bob@acme.example', 'eve@acme.example');
    [ada] = people;
    groupId = await on.addGroup('Sales', people.slice(0, 2));
    await on.addUser('gone@acme.example', 'DEPROVISIONED');
    folder = await mkdtemp(join(tmpdir(), 'usher-bulk-'));
  });
  afterAll(async () => {
    await target.close();
    await rm(folder, { recursive: true });
  });
  const never = new AbortController().signal;
  const run = async (body: object, status = 202) => {
    const answer = await on.call('POST', `/usher/v1/apps/${appId}/assignment-runs`, body);
    expect([answer.statusCode, answer.body]).toEqual([status, expect.anything()]);
    const { id } = answer.json<RunAnswer>();
    return status === 202 ? (await on.call('GET', `/usher/v1/runs/${id}`)).json<RunAnswer>() : answer.json<RunAnswer>();
  };
  const row = async (userId: UserId | undefined) =>
    (
      await on.db.query('select direct, assigned, assigned_profile from app_users where app_id = $1 and user_id = $2', [
        appId,
        userId,
      ])
    )[0];

  test('by login and id, with exact counts and a reason for each who cannot have it; accounts follow', async () => {
    const users = ['ADA@acme.example', ada, 'eve@acme.example', 'gone@acme.example', 'nobody@acme.example'];
    const ended = await run({ action: 'assign', users });
    expect(ended).toMatchObject({ status: 'SUCCEEDED', total: 5, done: 2, failed: 2, skipped: 1, waiting: 0 });
    expect(ended.problems?.map(({ item }) => item)).toEqual(['gone@acme.example', 'nobody@acme.example']);
    await on.drain(appId);
    expect(await on.counts(appId)).toMatchObject({ assigned: 2, synchronized: 2, failed: 0 });
    const again = await run({ action: 'assign', search: 'profile.login sw "ada"' });
    expect(again).toMatchObject({ done: 0, skipped: 1 });
  });

  test('is converted to the groups and back, where a group gives the app', async () => {
    const mapping = await findAppMapping(on.db, appId, 'TO_APP');
    await on.call('POST', `/api/v1/mappings/${mapping?.id}`, { properties: { userType: null } });
    await on.call('PUT', `/api/v1/apps/${appId}/groups/${groupId}`, { profile: { userType: 'Agent' } });
    const returned = await run({ action: 'return_to_groups', all: true });
    expect(returned).toMatchObject({ done: 1, failed: 1 });
    expect(returned.problems).toMatchObject([{ reason: expect.stringContaining('No group gives') }]);
    expect(await row(ada)).toMatchObject({ direct: false });
    expect(await run({ action: 'unassign', users: [ada] })).toMatchObject({ failed: 1 });

    expect(await run({ action: 'override', users: [ada] })).toMatchObject({ done: 1 });
    expect(await row(ada)).toMatchObject({ direct: true, assigned_profile: { userType: 'Agent' } });
    await on.drain(appId);
    await on.call('PUT', `/api/v1/apps/${appId}/groups/${groupId}`, { profile: { userType: 'Manager' } });
    await on.drain(appId);
    const recorded = await on.db.query<{ userType: string }>(
      `select recorded->>'userType' as "userType" from app_users where app_id = $1 and assigned`,
      [appId],
    );
    expect(recorded.map(({ userType }) => String(userType)).sort()).toEqual(['Agent', 'Manager', 'null']);
  });

  test('refuses what says nobody or everybody, and what does not parse, naming the field', async () => {
    await run({ action: 'assign', all: true }, 400);
    await run({ action: 'assign' }, 400);
    await run({ action: 'assign', search: 'status is' }, 400);
    await run({ action: 'delete', users: ['x'] }, 400);
    const clash = await on.call('PUT', `/usher/v1/apps/${appId}/group-priorities`, [
      { groupId, priority: 1 },
      { groupId: await on.addGroup('Other', []), priority: 1 },
    ]);
    expect([clash.statusCode, clash.body]).toEqual([400, expect.stringContaining('1.groupId')]);
  });

  test('groups are put in order; two with one priority are refused and nothing moves', async () => {
    const second = await on.addGroup('Second', []);
    await on.call('PUT', `/api/v1/apps/${appId}/groups/${second}`, {});
    const order = (...pairs: readonly (readonly [GroupId, number])[]) =>
      on.call(
        'PUT',
        `/usher/v1/apps/${appId}/group-priorities`,
        pairs.map(([id, priority]) => ({ groupId: id, priority })),
      );
    const same = await order([second, 4], [groupId, 4]);
    expect([same.statusCode, same.body]).toEqual([400, expect.stringContaining('1.priority')]);
    const moved = await order([second, 0], [groupId, 1]);
    expect(moved.json<{ groupId: string }[]>().map((one) => one.groupId)).toEqual([second, groupId]);
    const cli = await on.usher('assignments', 'order', appId, 'Sales', 'Second');
    expect([cli.exit, (cli.json as { groupId: string }[])[0]?.groupId]).toEqual([0, groupId]);
    await on.drain(appId);
  });

  test('is paused, resumed, cancelled and taken up by another process, each person once', async () => {
    const other = await on.addScimApp(target);
    await insertPeople(on.db, 3_500);
    const search = { search: 'profile.login sw "person"' };
    const runId = await startAssignmentRun(on.context, other, 'assign', search);
    const assigned = async () =>
      (await on.db.query<{ n: number }>('select count(*)::int as n from app_users where app_id = $1', [other]))[0]?.n;
    // One chunk, then this process is gone.
    let chunks = 0;
    const oneChunk = { ...on.context, clock: { ...on.context.clock, monotonicMs: () => chunks++ * 10 } };
    await advanceRun(oneChunk, runId, { forMs: 15, signal: never });
    expect(await assigned()).toBe(1_000);
    const paused = await on.call('POST', `/usher/v1/runs/${runId}/pause`);
    expect(paused.json()).toMatchObject({ status: 'PAUSED', total: 3_500, done: 1_000, waiting: 2_500 });
    await runJob(on.context, runId, never);
    expect(await assigned()).toBe(1_000);
    expect((await on.usher('runs', 'resume', runId)).exit).toBe(0);
    // Two processes at once: chunks take turns.
    await Promise.all([runJob(on.context, runId, never), runJob(on.context, runId, never)]);
    const ended = (await on.call('GET', `/usher/v1/runs/${runId}`)).json();
    expect(ended).toMatchObject({ status: 'SUCCEEDED', done: 3_500, failed: 0, skipped: 0, waiting: 0 });
    expect(await on.db.query('select 1 from run_items where run_id = $1', [runId])).toEqual([]);
    expect((await on.call('POST', `/usher/v1/runs/${runId}/cancel`)).statusCode).toBe(403);

    const next = await startAssignmentRun(on.context, other, 'unassign', search);
    chunks = 0;
    await advanceRun(oneChunk, next, { forMs: 15, signal: never });
    expect((await on.usher('runs', 'cancel', next)).json).toMatchObject({ status: 'CANCELLED', done: 1_000 });
    await resumeRuns(on.context);
    await runJob(on.context, next, never);
    const kept = await on.db.query('select 1 from app_users where app_id = $1 and assigned', [other]);
    expect(kept).toHaveLength(2_500);
    const listed = await on.usher('runs', 'list', '--app', other);
    expect(listed.json).toMatchObject([{ id: next }, { id: runId }]);
  });

  test('is seen and stopped by whoever administers the app, and by nobody who administers another', async () => {
    const mine = await on.addScimApp(target);
    const runId = await startAssignmentRun(on.context, mine, 'assign', { subjects: ['nobody@acme.example'] });
    const tokenFor = async (only: AppId) => {
      const token = await on.addToken('APP_ADMIN');
      await on.db.query(
        `with role as (update admins set limited = true where id = (select id from admins order by created desc limit 1)
           returning id)
         insert into admin_app_targets (admin_id, name, app_id) select id, 'scim2headerauth', $1 from role`,
        [only],
      );
      return token;
    };
    const [ours, theirs] = [await tokenFor(mine), await tokenFor(appId)];
    const as = async (token: string, method: 'GET' | 'POST', path: string) =>
      (await on.call(method, `/usher/v1/runs${path}`, undefined, { token })).statusCode;
    expect(await as(theirs, 'GET', `/${runId}`)).toBe(404);
    expect(await as(theirs, 'POST', `/${runId}/cancel`)).toBe(404);
    const seen = await on.call('GET', '/usher/v1/runs', undefined, { token: theirs });
    expect(seen.json<{ appId: string }[]>().every((run) => run.appId === appId)).toBe(true);
    expect(await as(ours, 'GET', `/${runId}/problems`)).toBe(200);
    expect(await as(ours, 'POST', `/${runId}/cancel`)).toBe(200);
    expect(await as(await on.addToken('READ_ONLY_ADMIN'), 'POST', `/${runId}/pause`)).toBe(403);
  });

  test('from a file and from the command line', async () => {
    const file = join(folder, 'people.csv');
    await writeFile(file, 'name;login\nBob;bob@acme.example\nNobody;nobody@acme.example\n');
    const assigned = await on.usher('assign', appId, '--csv', file);
    expect([assigned.exit, assigned.json]).toEqual([6, expect.objectContaining({ done: 1, failed: 1 })]);
    await writeFile(file, 'name\nBob\n');
    const faulty = await on.usher('assign', appId, '--csv', file);
    expect([faulty.exit, faulty.stderr]).toEqual([1, expect.stringContaining('line 1')]);
    const unassigned = await on.usher('unassign', appId, '--search', 'profile.login sw "eve"');
    expect(unassigned.json).toMatchObject({ done: 1 });
    expect((await on.usher('assignments', 'return-to-groups', appId, '--user', 'bob@acme.example')).exit).toBe(0);
    expect((await on.usher('assignments', 'override', appId)).exit).toBe(2);
  });
});
