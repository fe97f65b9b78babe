import { expect, test } from 'vitest';
import { covers, type Rights } from '../../src/domain/rights.ts';
import type { AppId, GroupId, UserId } from '../../src/lib/ids.ts';
import { findRightsOf, insertRole } from '../../src/store/admins.ts';
import { defined } from '../app-context.ts';
import { describeOnDatabases } from '../database.ts';
import { openHttpTest, type HttpTest } from '../http-context.ts';
import { routesOf, type RouteName } from '../routes.ts';
import { addAdmin, addApp, type TestAdmin } from './world.ts';

/** Requests per administrator; enough that each write route is asked several times. */
const requests = 100;
/** Passwords are hashed on purpose slowly. */
const timeoutMs = 300_000;

describeOnDatabases('no request', (database) => {
  test(
    'of an administrator who does not grant roles gives anybody more than before',
    async () => {
      const on = await openHttpTest(database);
      const world = await openWorld(on);
      const routes = routesOf(on.server).filter(([method, url]) => method !== 'GET' && !url.endsWith('/current'));
      const random = seeded(20_261_125);
      const changed = new Set<string>();
      let before = await standing(on);
      for (const [name, actor] of Object.entries(world.actors)) {
        for (let index = 0; index < requests; index += 1) {
          const route = pick(random, routes);
          const path = pathFor(random, route, world);
          const body = bodyFor(random, route, world);
          const { statusCode } = await on.call(route[0], path, body, { token: actor.token });
          // What a refused request has changed all the same shows after the next that was not.
          if (statusCode >= 300 && index < requests - 1) continue;
          const after = await standing(on);
          const what = `${name}: ${route[0]} ${path} ${JSON.stringify(body)} → ${statusCode}`;
          expect(gains(before, after), what).toEqual([]);
          expect(after.superAdmins, what).toEqual(before.superAdmins);
          expect(after.tokens.filter((token) => !before.tokens.includes(token)).map(holderOf), what).toEqual(
            before.tokens.length < after.tokens.length ? [actor.userId] : [],
          );
          if (statusCode < 300) changed.add(name);
          before = after;
        }
      }
      // Else the world would be one in which nobody can do anything.
      expect(changed.size).toBeGreaterThan(4);
    },
    timeoutMs,
  );

  test(
    'of the last super administrator, against themselves, locks everybody out',
    async () => {
      const on = await openHttpTest(database);
      const tokenId = defined((await on.call('GET', '/api/v1/api-tokens')).json<{ id: string }[]>()[0]).id;
      const roles = (await on.call('GET', '/api/v1/users/me/roles')).json<{ id: string }[]>();
      const values: Record<string, string> = { userId: on.ownerId, tokenId, roleId: defined(roles[0]).id };
      for (const [method, url] of routesOf(on.server)) {
        if (method === 'GET') continue;
        const path = url.replace(/:(\w+)/g, (_all, name: string) => values[name] ?? 'x');
        await on.call(method, path, {});
        const roles = await on.call('GET', '/api/v1/users/me/roles');
        expect([`${method} ${url}`, roles.statusCode]).toEqual([`${method} ${url}`, 200]);
      }
    },
    timeoutMs,
  );
});

interface World {
  readonly actors: Readonly<Record<string, TestAdmin>>;
  readonly userIds: readonly UserId[];
  readonly groupIds: readonly GroupId[];
  readonly appIds: readonly AppId[];
  readonly roleIds: readonly string[];
  readonly others: Readonly<Record<string, readonly string[]>>;
}

async function openWorld(on: HttpTest): Promise<World> {
  const people: UserId[] = [];
  for (let index = 0; index < 4; index += 1) people.push(await on.addUser(`person${index}@acme.example`));
  const [first, second] = [defined(people[0]), defined(people[1])];
  const mine = await on.addGroup('Mine', [first]);
  const others = await on.addGroup('Others', [second]);
  const admins = await on.addGroup('Admins', []);
  await on.db.transaction((tx) => insertRole(tx, { groupId: admins }, 'SUPER_ADMIN'));
  const [appId, otherAppId] = [await addApp(on, 'Wiki'), await addApp(on, 'Chat', 'slack')];
  const superAdmin = await addAdmin(on, 'SUPER_ADMIN');
  // Who can do most comes last, since they delete what the others are for.
  const actors = {
    report: await addAdmin(on, 'REPORT_ADMIN'),
    readOnly: await addAdmin(on, 'READ_ONLY_ADMIN'),
    helpDesk: await addAdmin(on, 'HELP_DESK_ADMIN', { groups: [mine] }),
    groupLimited: await addAdmin(on, 'USER_ADMIN', { groups: [mine] }),
    group: await addAdmin(on, 'USER_ADMIN'),
    appLimited: await addAdmin(on, 'APP_ADMIN', { apps: [{ name: 'slack', appId: otherAppId }] }),
    app: await addAdmin(on, 'APP_ADMIN'),
    org: await addAdmin(on, 'ORG_ADMIN'),
  };
  const held = [superAdmin, ...Object.values(actors)];
  const tokens = await on.db.query<{ id: string }>('select id from api_tokens where user_id = $1', [superAdmin.userId]);
  const mappings = await on.db.query<{ id: string }>('select id from mappings');
  return {
    actors,
    userIds: [...people, ...held.map(({ userId }) => userId)],
    groupIds: [mine, others, admins],
    appIds: [appId, otherAppId],
    roleIds: held.map(({ roleId }) => roleId),
    others: {
      tokenId: tokens.map(({ id }) => id),
      mappingId: mappings.map(({ id }) => id),
      name: ['slack'],
      key: ['default'],
    },
  };
}

function pathFor(
  random: () => number,
  [, url]: RouteName,
  { userIds, groupIds, appIds, roleIds, others }: World,
): string {
  const pools: Readonly<Record<string, readonly string[]>> = {
    ...others,
    userId: userIds,
    groupId: groupIds,
    targetGroupId: groupIds,
    appId: appIds,
    roleId: roleIds,
  };
  return url.replace(/:(\w+)/g, (_all, name: string) => pick(random, pools[name] ?? ['x']));
}

/** A body that has something for most routes; what a route does not know it leaves aside or refuses. */
function bodyFor(random: () => number, [, url]: RouteName, world: World): object {
  const userId = pick(random, world.userIds);
  const groupId = pick(random, world.groupIds);
  const name = `n${Math.floor(random() * 1_000_000)}`;
  if (url.startsWith('/usher/') && url.endsWith('/api-tokens')) return { name };
  if (url.startsWith('/usher/') && url.endsWith('/admins')) return { userId, type: 'SUPER_ADMIN' };
  if (url.endsWith('/assignments')) return { userIds: [userId] };
  if (url.endsWith('/groups/rules') || url.endsWith('/rules/:ruleId')) {
    return {
      name,
      conditions: { expression: { value: 'user.firstName == "Eve"' } },
      actions: { assignUserToGroups: { groupIds: [groupId] } },
    };
  }
  if (url.endsWith('/users/:userId')) {
    const profile = pick<object>(random, [
      { firstName: 'Eve' },
      { email: 'eve@evil.example' },
      { login: `${name}@evil.example` },
    ]);
    return pick<object>(random, [{ profile }, { credentials: { password: { value: `Secret-${name}` } } }]);
  }
  if (url.endsWith('/v1/users')) {
    const login = `${name}@acme.example`;
    return { profile: { login, email: login, firstName: 'Eve', lastName: 'New' }, groupIds: [groupId] };
  }
  return {
    id: userId,
    userId,
    type: pick(random, ['SUPER_ADMIN', 'ORG_ADMIN', 'USER_ADMIN']),
    profile: { name },
    properties: { email: { expression: '"eve@evil.example"' }, login: { expression: '"eve@evil.example"' } },
    oldPassword: { value: 'Secret-123' },
    newPassword: { value: 'Secret-456' },
  };
}

interface Standing {
  readonly rights: ReadonlyMap<UserId, Rights>;
  /** What makes a super administrator one: how they sign in, and that they can. */
  readonly superAdmins: unknown;
  readonly tokens: readonly string[];
}

async function standing({ db }: HttpTest): Promise<Standing> {
  const users = await db.query<{ id: UserId }>('select id from users');
  const rights = await findRightsOf(
    db,
    users.map(({ id }) => id),
  );
  const superAdmins = await db.query(
    `select u.id, u.status, u.profile, c.password_hash from admins a join users u on u.id = a.user_id
       left join user_credentials c on c.user_id = u.id where a.role = 'SUPER_ADMIN' order by u.id`,
  );
  const tokens = await db.query<{ id: string; user_id: string }>('select id, user_id from api_tokens order by id');
  return { rights, superAdmins, tokens: tokens.map(({ id, user_id }) => `${id} ${user_id}`) };
}

function gains(before: Standing, after: Standing): UserId[] {
  return [...after.rights].flatMap(([id, rights]) => (covers(before.rights.get(id) ?? [], rights) ? [] : [id]));
}

function holderOf(token: string): string | undefined {
  return token.split(' ')[1];
}

function pick<Item>(random: () => number, items: readonly Item[]): Item {
  return defined(items[Math.floor(random() * items.length)]);
}

/** The same numbers every time. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}
