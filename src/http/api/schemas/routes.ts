import { Type } from 'typebox';
import { UsherError } from '../../../lib/errors.ts';
import type { AppId } from '../../../lib/ids.ts';
import { getAppSchema, updateAppSchema } from '../../../services/app-schemas.ts';
import { getApp } from '../../../services/apps.ts';
import { updateGroupSchema } from '../../../services/group-schema.ts';
import { getUserSchema, updateUserSchema, type UserSchemaChanges } from '../../../services/user-schema.ts';
import type { App } from '../../../domain/app.ts';
import type { AppSchema } from '../../../store/app-schemas.ts';
import { findGroupSchema, type GroupSchema } from '../../../store/group-schema.ts';
import type { UserSchema } from '../../../store/user-schema.ts';
import type { Api } from '../../api.ts';
import type { ServerDeps } from '../../deps.ts';
import { baseOf } from '../../links.ts';
import { may } from '../../policy.ts';
import { contextOf } from '../../request-context.ts';
import { oktaDate } from '../dates.ts';
import { IdOf } from '../schema.ts';
import { SchemaBody, customAttributes } from './attribute-body.ts';
import { presentSchema } from './present.ts';

const KeyParams = Type.Object({ key: Type.String() });
const AppParams = Type.Object({ appId: IdOf<AppId>() });

export function schemaRoutes(api: Api, deps: ServerDeps): void {
  userSchemaRoutes(api, deps);
  appSchemaRoutes(api, deps);
  groupSchemaRoutes(api, deps);
  userTypeRoutes(api, deps);
}

function userSchemaRoutes(api: Api, deps: ServerDeps): void {
  api.get(
    '/meta/schemas/user/:key',
    { config: may('schemas.read'), schema: { params: KeyParams } },
    async (request) => {
      const schema = await getUserSchema(contextOf(deps, request));
      assertKey(request.params.key, schema.id, 'UserSchema');
      return presentUserSchema(schema, baseOf(deps, request));
    },
  );

  const change = { config: may('schemas.manage'), schema: { params: KeyParams, body: SchemaBody } };
  api.post('/meta/schemas/user/:key', change, async (request) => {
    const context = contextOf(deps, request);
    assertKey(request.params.key, (await getUserSchema(context)).id, 'UserSchema');
    const schema = await updateUserSchema(context, userChanges(request.body));
    return presentUserSchema(schema, baseOf(deps, request));
  });
}

function appSchemaRoutes(api: Api, deps: ServerDeps): void {
  const path = '/meta/schemas/apps/:appId/default';
  api.get(path, { config: may('apps.read'), schema: { params: AppParams } }, async (request) => {
    const context = contextOf(deps, request);
    const { appId } = request.params;
    return presentAppSchema(await getApp(context, appId), await getAppSchema(context, appId), baseOf(deps, request));
  });

  api.post(path, { config: may('apps.manage'), schema: { params: AppParams, body: SchemaBody } }, async (request) => {
    const context = contextOf(deps, request);
    const { appId } = request.params;
    const schema = await updateAppSchema(context, appId, { custom: customAttributes(request.body) });
    return presentAppSchema(await getApp(context, appId), schema, baseOf(deps, request));
  });
}

function groupSchemaRoutes(api: Api, deps: ServerDeps): void {
  api.get('/meta/schemas/group/default', { config: may('schemas.read') }, async (request) =>
    presentGroupSchema(await findGroupSchema(deps.db), baseOf(deps, request)),
  );

  api.post(
    '/meta/schemas/group/default',
    { config: may('schemas.manage'), schema: { body: SchemaBody } },
    async (request) => {
      const schema = await updateGroupSchema(contextOf(deps, request), customAttributes(request.body));
      return presentGroupSchema(schema, baseOf(deps, request));
    },
  );
}

function userTypeRoutes(api: Api, deps: ServerDeps): void {
  api.get('/meta/types/user', { config: may('schemas.read') }, async (request) => [
    presentUserType(await getUserSchema(contextOf(deps, request)), baseOf(deps, request)),
  ]);

  api.get('/meta/types/user/:key', { config: may('schemas.read'), schema: { params: KeyParams } }, async (request) => {
    const schema = await getUserSchema(contextOf(deps, request));
    assertKey(request.params.key, schema.typeId, 'UserType');
    return presentUserType(schema, baseOf(deps, request));
  });
}

/** There is one user type so far, and its schema; each goes by its id and by `default`. */
function assertKey(key: string, id: string, type: string): void {
  if (key === 'default' || key === id) return;
  throw new UsherError('not_found', `Not found: Resource not found: ${key} (${type})`);
}

/** Of base attributes only whether the two names must be given can change; everything else in them is left alone. */
function userChanges(body: SchemaBody): UserSchemaChanges {
  const base = body.definitions?.base?.properties ?? {};
  const required = Object.fromEntries(
    (['firstName', 'lastName'] as const).flatMap((name) => {
      const value = base[name]?.required;
      return value == null ? [] : [[name, value]];
    }),
  );
  return { custom: customAttributes(body), required };
}

function presentUserSchema(schema: UserSchema, base: string) {
  const url = `${base}/api/v1/meta/schemas/user/${schema.id}`;
  return presentSchema({ ...schema, url, name: 'user', title: 'User' });
}

function presentGroupSchema(schema: GroupSchema, base: string) {
  const url = `${base}/api/v1/meta/schemas/group/default`;
  return presentSchema({ ...schema, url, name: 'group', title: 'Group' });
}

function presentAppSchema(app: App, schema: AppSchema, base: string) {
  const url = `${base}/api/v1/meta/schemas/apps/${app.id}/default`;
  return presentSchema({ ...schema, url, name: app.name, title: `${app.label} User` });
}

function presentUserType({ id, typeId, created, lastUpdated }: UserSchema, base: string) {
  return {
    id: typeId,
    displayName: 'User',
    name: 'user',
    description: 'The attributes every person may have',
    createdBy: 'system',
    lastUpdatedBy: 'system',
    created: oktaDate(created),
    lastUpdated: oktaDate(lastUpdated),
    default: true,
    _links: {
      self: { rel: 'self', href: `${base}/api/v1/meta/types/user/${typeId}`, method: 'GET' },
      schema: { rel: 'schema', href: `${base}/api/v1/meta/schemas/user/${id}`, method: 'GET' },
    },
  };
}
