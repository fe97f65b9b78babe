import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { App } from '../../../domain/app.ts';
import type { Json } from '../../../lib/json.ts';
import type { AppId, MappingId, TypeId } from '../../../lib/ids.ts';
import { getMapping, listMappings, updateMapping, type MappingChanges } from '../../../services/app-mappings.ts';
import type { AppMapping, MappingFilter } from '../../../store/app-mappings.ts';
import { findApps } from '../../../store/apps.ts';
import { findUserSchema } from '../../../store/user-schema.ts';
import type { Api } from '../../api.ts';
import type { ServerDeps } from '../../deps.ts';
import { afterId, baseOf, pageOf } from '../../links.ts';
import { may } from '../../policy.ts';
import { defined, pageLimit } from '../../query-values.ts';
import { contextOf } from '../../request-context.ts';
import { IdOf, Nullable, PageQuery, Text } from '../schema.ts';
import { presentListedMapping, presentMapping, type MappingSides } from './present.ts';

const MappingParams = Type.Object({ mappingId: IdOf<MappingId>() });
/** One attribute's mapping as it may be sent. */
export const MappingEntry = Type.Object({
  expression: Type.String(),
  pushStatus: Nullable(Type.Enum(['PUSH', 'DONT_PUSH'])),
  whenEmpty: Nullable(Type.Enum(['CLEAR', 'LEAVE', 'DEFAULT'])),
  defaultValue: Type.Optional(Type.Unsafe<Json>(Type.Unknown())),
});
export const MappingBody = Type.Object({
  properties: Type.Record(Type.String(), Type.Union([MappingEntry, Type.Null()])),
});

export function mappingRoutes(api: Api, deps: ServerDeps): void {
  const ListQuery = Type.Object({ ...PageQuery, sourceId: Text, targetId: Text });
  api.get('/mappings', { config: may('apps.read'), schema: { querystring: ListQuery } }, async (request, reply) => {
    const { sourceId, targetId } = request.query;
    const limit = pageLimit(request.query.limit, { fallback: 20, most: 200 });
    const { typeId } = await findUserSchema(deps.db);
    const between = sidesFilter(typeId, sourceId, targetId);
    const page = { ...between, ...defined({ after: afterId<MappingId>(deps, request) }), limit: limit + 1 };
    const rows = between === undefined ? [] : await listMappings(contextOf(deps, request), page);
    const mappings = pageOf(deps, reply, { rows, limit, cursorOf: (mapping) => mapping.id });
    return withSides(deps, request, mappings, presentListedMapping);
  });

  api.get('/mappings/:mappingId', { config: may('apps.read'), schema: { params: MappingParams } }, async (request) => {
    const mapping = await getMapping(contextOf(deps, request), request.params.mappingId);
    return (await withSides(deps, request, [mapping], presentMapping))[0];
  });

  const ApplyQuery = Type.Object({ apply: Type.Optional(Type.Enum(['NOW', 'LATER'])) });
  const change = {
    config: may('mappings.manage'),
    schema: { params: MappingParams, querystring: ApplyQuery, body: MappingBody },
  };
  api.post('/mappings/:mappingId', change, async (request) => {
    const mapping = await updateMapping(
      contextOf(deps, request),
      request.params.mappingId,
      changesOf(request.body.properties),
      request.query.apply,
    );
    return (await withSides(deps, request, [mapping], presentMapping))[0];
  });
}

/** Mappings as sent, completed: what is not said of a push is Okta's PUSH. */
export function changesOf(properties: Type.Static<typeof MappingBody>['properties']): MappingChanges {
  return Object.fromEntries(
    Object.entries(properties).map(([attribute, mapping]) => {
      if (mapping === null) return [attribute, null];
      const { expression, pushStatus, whenEmpty, defaultValue } = mapping;
      return [
        attribute,
        {
          expression,
          pushStatus: pushStatus ?? 'PUSH',
          ...(whenEmpty == null ? {} : { whenEmpty }),
          ...(defaultValue == null ? {} : { defaultValue }),
        },
      ];
    }),
  );
}

/** One side of a mapping is the user type, the other an app. Undefined where no mapping can be between the two. */
function sidesFilter(
  typeId: TypeId,
  sourceId: string | undefined,
  targetId: string | undefined,
): Pick<MappingFilter, 'appId' | 'direction'> | undefined {
  const apps = [sourceId, targetId].filter((id) => id !== undefined && id !== typeId);
  if (apps.length > 1 || (sourceId !== undefined && sourceId === targetId)) return undefined;
  if (sourceId === undefined && targetId === undefined) return {};
  const toApp = sourceId === typeId || (targetId !== undefined && targetId !== typeId);
  return {
    direction: toApp ? 'TO_APP' : 'TO_DIRECTORY',
    ...(apps[0] === undefined ? {} : { appId: apps[0] as AppId }),
  };
}

async function withSides<Presented>(
  deps: ServerDeps,
  request: FastifyRequest,
  mappings: readonly AppMapping[],
  present: (mapping: AppMapping, sides: MappingSides) => Presented,
): Promise<Presented[]> {
  const { typeId, id: userSchemaId } = await findUserSchema(deps.db);
  const apps = await findApps(deps.db, [...new Set(mappings.map((mapping) => mapping.appId))]);
  const appsById = new Map<AppId, App>(apps.map((app) => [app.id, app]));
  return mappings.flatMap((mapping) => {
    const app = appsById.get(mapping.appId);
    return app === undefined ? [] : [present(mapping, { app, typeId, userSchemaId, base: baseOf(deps, request) })];
  });
}
