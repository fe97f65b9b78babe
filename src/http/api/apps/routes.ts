import { Type } from 'typebox';
import type { AppId } from '../../../lib/ids.ts';
import {
  activateApp,
  createApp,
  deactivateApp,
  deleteApp,
  getApp,
  listApps,
  updateApp,
} from '../../../services/apps.ts';
import type { Api } from '../../api.ts';
import type { ServerDeps } from '../../deps.ts';
import { afterId, pageOf } from '../../links.ts';
import { may } from '../../policy.ts';
import { defined, flag, given, pageLimit } from '../../query-values.ts';
import { contextOf } from '../../request-context.ts';
import { IdOf, Nullable, PageQuery, Text } from '../schema.ts';
import { AppBody, appFields } from './body.ts';
import { presentApps, presentOneApp, userToExpand } from './present-apps.ts';

const AppParams = Type.Object({ appId: IdOf<AppId>() });
const NewAppBody = Type.Interface([AppBody], { name: Nullable(Type.String()) });
/** Self-service assignment is the one wish that fails for what an organization has, not for what was sent. */
const okta = { wrongState: [403, 'E0000043'] as const };

export function appRoutes(api: Api, deps: ServerDeps): void {
  collectionRoutes(api, deps);
  memberRoutes(api, deps);
  lifecycleRoutes(api, deps);
}

function collectionRoutes(api: Api, deps: ServerDeps): void {
  const ListQuery = Type.Object({ ...PageQuery, q: Text, filter: Text, expand: Text });
  api.get('/apps', { config: may('apps.read'), schema: { querystring: ListQuery } }, async (request, reply) => {
    const { q, filter } = request.query;
    const after = afterId<AppId>(deps, request);
    const limit = pageLimit(request.query.limit, { fallback: 20, most: 200 });
    const page = { ...defined({ prefix: given(q), filter: given(filter), after }), limit: limit + 1 };
    const rows = await listApps(contextOf(deps, request), page);
    const apps = pageOf(deps, reply, { rows, limit, cursorOf: (app) => app.id });
    return presentApps(deps, request, apps, userToExpand(request.query.expand));
  });

  const CreateQuery = Type.Object({ activate: Text });
  api.post(
    '/apps',
    { config: { ...may('apps.manage'), okta }, schema: { querystring: CreateQuery, body: NewAppBody } },
    async (request) => {
      const { name, ...fields } = request.body;
      const app = await createApp(contextOf(deps, request), {
        ...appFields(fields),
        ...defined({ catalogKey: name ?? undefined }),
        activate: flag('activate', request.query.activate, true),
        addressLater: true,
      });
      return presentOneApp(deps, request, app);
    },
  );
}

function memberRoutes(api: Api, deps: ServerDeps): void {
  const one = { params: AppParams, querystring: Type.Object({ expand: Text }) };
  api.get('/apps/:appId', { config: may('apps.read'), schema: one }, async (request) => {
    const app = await getApp(contextOf(deps, request), request.params.appId);
    return (await presentApps(deps, request, [app], userToExpand(request.query.expand)))[0];
  });

  api.put(
    '/apps/:appId',
    { config: { ...may('apps.manage'), okta }, schema: { params: AppParams, body: AppBody } },
    async (request) => {
      const app = await updateApp(contextOf(deps, request), request.params.appId, appFields(request.body));
      return presentOneApp(deps, request, app);
    },
  );

  const config = { ...may('apps.manage'), proof: true, okta: { wrongState: [403, 'E0000056'] as const } };
  api.delete('/apps/:appId', { config, schema: { params: AppParams } }, async (request, reply) => {
    await deleteApp(contextOf(deps, request), request.params.appId);
    return reply.code(204).send();
  });
}

function lifecycleRoutes(api: Api, deps: ServerDeps): void {
  for (const [verb, change] of [
    ['activate', activateApp],
    ['deactivate', deactivateApp],
  ] as const) {
    const options = { config: may('apps.manage'), schema: { params: AppParams } };
    api.post(`/apps/:appId/lifecycle/${verb}`, options, async (request) => {
      await change(contextOf(deps, request), request.params.appId);
      return {};
    });
  }
}
