import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { signOnModes, type App } from '../../../domain/app.ts';
import type { AppId } from '../../../lib/ids.ts';
import { enabledFeatures } from '../../../services/app-features.ts';
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
import { baseOf, pageOf } from '../../links.ts';
import { may } from '../../policy.ts';
import { defined, flag, invalidValue, pageLimit } from '../../query-values.ts';
import { contextOf } from '../../request-context.ts';
import { equalities } from '../filter.ts';
import { AnyObject, IdOf, Nullable, pageById, Text } from '../schema.ts';
import { presentApp } from './present.ts';

const AppParams = Type.Object({ appId: IdOf<AppId>() });
const UserNameTemplateBody = Type.Object({
  template: Type.String(),
  type: Type.Enum(['BUILT_IN', 'CUSTOM', 'NONE']),
  suffix: Nullable(Type.String()),
  pushStatus: Nullable(Type.Enum(['PUSH', 'DONT_PUSH', 'NOT_CONFIGURED'])),
});
const AppBody = Type.Object({
  label: Nullable(Type.String()),
  settings: Nullable(AnyObject),
  visibility: Nullable(AnyObject),
  accessibility: Nullable(AnyObject),
  credentials: Nullable(Type.Object({ userNameTemplate: Nullable(UserNameTemplateBody) })),
});
const NewAppBody = Type.Interface([AppBody], {
  name: Nullable(Type.String()),
  signOnMode: Nullable(Type.Enum([...signOnModes])),
});

export function appRoutes(api: Api, deps: ServerDeps): void {
  collectionRoutes(api, deps);
  memberRoutes(api, deps);
  lifecycleRoutes(api, deps);
}

function collectionRoutes(api: Api, deps: ServerDeps): void {
  const ListQuery = Type.Object({ ...pageById<AppId>(), q: Text, filter: Text });
  api.get('/apps', { config: may('apps.read'), schema: { querystring: ListQuery } }, async (request, reply) => {
    const { q, filter, after } = request.query;
    const limit = pageLimit(request.query.limit, { fallback: 20, most: 200 });
    const page = { ...defined({ prefix: q, status: statusOf(filter), after }), limit: limit + 1 };
    const rows = await listApps(contextOf(deps, request), page);
    return present(deps, request, pageOf(deps, reply, { rows, limit, cursorOf: (app) => app.id }));
  });

  const CreateQuery = Type.Object({ activate: Text });
  api.post(
    '/apps',
    { config: may('apps.manage'), schema: { querystring: CreateQuery, body: NewAppBody } },
    async (request) => {
      const { name, signOnMode, ...fields } = request.body;
      const app = await createApp(contextOf(deps, request), {
        ...fieldsOf(fields),
        ...defined({ catalogKey: name ?? undefined, signOnMode: signOnMode ?? undefined }),
        activate: flag('activate', request.query.activate, true),
      });
      return presentOne(deps, request, app);
    },
  );
}

function memberRoutes(api: Api, deps: ServerDeps): void {
  api.get('/apps/:appId', { config: may('apps.read'), schema: { params: AppParams } }, async (request) =>
    presentOne(deps, request, await getApp(contextOf(deps, request), request.params.appId)),
  );

  api.put(
    '/apps/:appId',
    { config: may('apps.manage'), schema: { params: AppParams, body: AppBody } },
    async (request) => {
      const app = await updateApp(contextOf(deps, request), request.params.appId, fieldsOf(request.body));
      return presentOne(deps, request, app);
    },
  );

  const config = { ...may('apps.manage'), okta: { wrongState: [403, 'E0000056'] as const } };
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

async function present(deps: ServerDeps, request: FastifyRequest, apps: readonly App[]) {
  const features = await enabledFeatures(contextOf(deps, request), apps);
  const around = { base: baseOf(deps, request), org: deps.org };
  return apps.map((app) => presentApp(app, { ...around, features: features.get(app.id) ?? [] }));
}

async function presentOne(deps: ServerDeps, request: FastifyRequest, app: App) {
  const [presented] = await present(deps, request, [app]);
  return presented;
}

/** `status eq "ACTIVE"` is the one filter there is so far. */
function statusOf(filter: string | undefined): App['status'] | undefined {
  const status = equalities(filter, ['status']).status;
  if (status === undefined || status === 'ACTIVE' || status === 'INACTIVE') return status;
  throw invalidValue('filter', 'asks for a status that is neither ACTIVE nor INACTIVE');
}

/** What Okta's clients read and write back comes as null where it is not set. */
function fieldsOf(body: Type.Static<typeof AppBody>) {
  const template = body.credentials?.userNameTemplate;
  return defined({
    label: body.label ?? undefined,
    settings: body.settings ?? undefined,
    visibility: body.visibility ?? undefined,
    accessibility: body.accessibility ?? undefined,
    userNameTemplate:
      template == null
        ? undefined
        : {
            template: template.template,
            type: template.type,
            ...(template.suffix == null ? {} : { suffix: template.suffix }),
            ...(template.pushStatus == null ? {} : { pushStatus: template.pushStatus }),
          },
  });
}
