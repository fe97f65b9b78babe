import { provisioningOff, defaultLimits, type AppLimits, type ProvisioningSettings } from '../src/domain/app.ts';
import { newId, type AppId, type GroupId, type UserId } from '../src/lib/ids.ts';
import { grantByGroups } from '../src/store/assignments.ts';
import type { Db } from '../src/store/database.ts';

/** Everything on, as most tests of the engine want it. */
export const provisioningOn: ProvisioningSettings = {
  ...provisioningOff,
  create: true,
  update: true,
  deactivate: true,
};

/** People `person0@acme.example` … , ACTIVE, in one statement. */
export async function insertPeople(
  db: Db,
  count: number,
  from = 0,
  ids = Array.from({ length: count }, () => newId('user')),
): Promise<UserId[]> {
  await db.query(
    `insert into users (id, type_id, status, login_key, profile)
     select p.id, 'oty', 'ACTIVE', 'person' || p.n || '@acme.example', jsonb_build_object(
       'login', 'person' || p.n || '@acme.example', 'email', 'person' || p.n || '@acme.example',
       'firstName', 'Person', 'lastName', 'N' || p.n, 'department', 'Sales', 'title', 'Agent')
     from (select id, ordinality - 1 + $2 as n from unnest($1::text[]) with ordinality as t(id)) p`,
    [ids, from],
  );
  return ids;
}

export async function insertGroup(db: Db, name: string, members: readonly UserId[]): Promise<GroupId> {
  const id = newId('group');
  await db.query(`insert into groups (id, type, name, profile) values ($1, 'OKTA_GROUP', $2, $3::jsonb)`, [
    id,
    name,
    JSON.stringify({ name }),
  ]);
  await db.query(`insert into group_members (group_id, user_id, source) select $1, unnest($2::text[]), 'direct'`, [
    id,
    members,
  ]);
  return id;
}

export interface AppFixture {
  readonly provisioning?: ProvisioningSettings;
  readonly limits?: Partial<AppLimits>;
  readonly connected?: boolean;
  /** True: the app's accounts count as listed, so that creates do not look first. */
  readonly listed?: boolean;
}

/** An app that maps givenName, familyName, email, department (title on create only) from the person's profile. */
export async function insertApp(db: Db, options: AppFixture = {}): Promise<AppId> {
  const id = newId('app');
  const attribute = (externalName: string) => ({ title: externalName, type: 'string', externalName });
  const base = {
    userName: attribute('userName'),
    givenName: attribute('name.givenName'),
    familyName: attribute('name.familyName'),
    email: attribute("emails.^[type=='work'].value"),
    department: {
      ...attribute('department'),
      externalNamespace: 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User',
    },
    title: attribute('title'),
  };
  const mapping = (expression: string, pushStatus = 'PUSH') => ({ expression, pushStatus });
  const properties = {
    givenName: mapping('user.firstName'),
    familyName: mapping('user.lastName'),
    email: mapping('user.email'),
    department: mapping('user.department'),
    title: mapping('user.title', 'DONT_PUSH'),
  };
  await db.query(
    `insert into apps (id, name, label, status, sign_on_mode, settings, visibility, accessibility, user_name_template,
       provisioning, limits)
     values ($1, $1, 'Test app', 'ACTIVE', 'BOOKMARK', '{}', '{}', '{}', $2::jsonb, $3::jsonb, $4::jsonb)`,
    [
      id,
      JSON.stringify({ template: '${source.login}', type: 'BUILT_IN' }),
      JSON.stringify(options.provisioning ?? provisioningOn),
      JSON.stringify({ ...defaultLimits, ...options.limits }),
    ],
  );
  await db.query(
    `insert into app_connections (app_id, status, connector, settings, accounts_listed)
     values ($1, $2, 'memory', '{}', case when $3 then now() end)`,
    [id, options.connected === false ? 'DISABLED' : 'ENABLED', options.listed ?? true],
  );
  await db.query(`insert into profile_schemas (id, kind, app_id, base) values ($1, 'app', $2, $3::jsonb)`, [
    newId('schema'),
    id,
    JSON.stringify(base),
  ]);
  await db.query(`insert into mappings (id, app_id, direction, properties) values ($1, $2, 'TO_APP', $3::jsonb)`, [
    newId('mapping'),
    id,
    JSON.stringify(properties),
  ]);
  return id;
}

export async function assignGroupTo(db: Db, appId: AppId, groupId: GroupId, priority = 0): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.query('insert into app_groups (app_id, group_id, priority) values ($1, $2, $3)', [
      appId,
      groupId,
      priority,
    ]);
    await tx.query('update apps set revision = revision + 1 where id = $1', [appId]);
    await grantByGroups(tx, { appId, groupId });
  });
}
