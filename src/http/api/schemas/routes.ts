import { Type } from 'typebox';
import type { AppId } from '../../../lib/ids.ts';
import { getAppSchema, updateAppSchema } from '../../../services/app-schemas.ts';
import { getApp } from '../../../services/apps.ts';
import { updateGroupSchema } from '../../../services/group-schema.ts';
import { getUserSchema, updateUserSchema, type UserSchemaChanges } from '../../../services/user-schema.ts';
import { findGroupSchema, type GroupSchema } from '../../../store/group-schema.ts';
import type { UserSchema } from '../../../store/user-schema.ts';
import type { Api } from '../../api.ts';
import type { ServerDeps } from '../../deps.ts';
import { baseOf } from '../../links.ts';
import { may } from '../../policy.ts';
import { flag } from '../../query-values.ts';
import { contextOf } from '../../request-context.ts';
import { IdOf, Text } from '../schema.ts';
import { AppSchemaBody, appSchemaChanges } from './app-body.ts';
import { SchemaBody, baseAttributes, customAttributes } from './attribute-body.ts';
import { presentAppSchema } from './present-app.ts';
import { presentSchema } from './present.ts';

const KeyParams = Type.Object({ key: Type.String() });
const AppParams = Type.Object({ appId: IdOf<AppId>() });
const ForceQuery = Type.Object({ force: Text });

export function schemaRoutes(api: Api, deps: ServerDeps): void {
  userSchemaRoutes(api, deps);
  appSchemaRoutes(api, deps);
  groupSchemaRoutes(api, deps);
}

function userSchemaRoutes(api: Api, deps: ServerDeps): void {
  api.get(
    '/meta/schemas/user/:key',
    { config: may('schemas.read'), schema: { params: KeyParams } },
    async (request) => {
      const schema = await getUserSchema(contextOf(deps, request), request.params.key);
      return presentUserSchema(schema, baseOf(deps, request));
    },
  );

  const change = {
    config: may('schemas.manage'),
    schema: { params: KeyParams, querystring: ForceQuery, body: SchemaBody },
  };
  api.post('/meta/schemas/user/:key', change, async (request) => {
    const force = flag('force', request.query.force, false);
    const changes = { ...userChanges(request.body), force };
    const schema = await updateUserSchema(contextOf(deps, request), changes, request.params.key);
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

  api.post(
    path,
    { config: may('apps.manage'), schema: { params: AppParams, querystring: ForceQuery, body: AppSchemaBody } },
    async (request) => {
      const context = contextOf(deps, request);
      const { appId } = request.params;
      const dropMappings = flag('force', request.query.force, false);
      const schema = await updateAppSchema(context, appId, { ...appSchemaChanges(request.body), dropMappings });
      return presentAppSchema(await getApp(context, appId), schema, baseOf(deps, request));
    },
  );
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

function userChanges(body: SchemaBody): UserSchemaChanges {
  return { custom: customAttributes(body), base: baseAttributes(body) };
}

function presentUserSchema(schema: UserSchema, base: string) {
  const url = `${base}/api/v1/meta/schemas/user/${schema.id}`;
  return presentSchema({ ...schema, url, name: schema.typeName, title: schema.typeDisplayName });
}

function presentGroupSchema(schema: GroupSchema, base: string) {
  const url = `${base}/api/v1/meta/schemas/group/default`;
  return presentSchema({ ...schema, url, name: 'group', title: 'Group' });
}
