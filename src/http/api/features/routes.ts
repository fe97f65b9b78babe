import { Type } from 'typebox';
import type { AppId } from '../../../lib/ids.ts';
import { getFeature, listFeatures, updateFeature, type AppFeatureView } from '../../../services/app-features.ts';
import type { Api } from '../../api.ts';
import type { ServerDeps } from '../../deps.ts';
import { baseOf } from '../../links.ts';
import { may } from '../../policy.ts';
import { contextOf } from '../../request-context.ts';
import { linkTo } from '../hal.ts';
import { IdOf } from '../schema.ts';

const AppParams = Type.Object({ appId: IdOf<AppId>() });
const FeatureParams = Type.Object({ appId: IdOf<AppId>(), name: Type.String() });
const Switch = Type.Optional(Type.Object({ status: Type.Optional(Type.Enum(['ENABLED', 'DISABLED'])) }));
const CapabilitiesBody = Type.Object({
  create: Type.Optional(Type.Object({ lifecycleCreate: Switch })),
  update: Type.Optional(
    Type.Object({
      profile: Switch,
      lifecycleDeactivate: Switch,
      password: Type.Optional(
        Type.Object({
          status: Type.Optional(Type.Enum(['ENABLED', 'DISABLED'])),
          seed: Type.Optional(Type.Enum(['OKTA', 'RANDOM'])),
          change: Type.Optional(Type.Enum(['CHANGE', 'KEEP_EXISTING'])),
        }),
      ),
    }),
  ),
});

const okta = { subject: () => 'feature' };

export function featureRoutes(api: Api, deps: ServerDeps): void {
  const show = { ...may('apps.read'), okta };
  api.get('/apps/:appId/features', { config: show, schema: { params: AppParams } }, async (request) => {
    const { appId } = request.params;
    const features = await listFeatures(contextOf(deps, request), appId);
    return features.map((feature) => presentFeature(feature, appId, baseOf(deps, request)));
  });

  api.get('/apps/:appId/features/:name', { config: show, schema: { params: FeatureParams } }, async (request) => {
    const { appId, name } = request.params;
    return presentFeature(await getFeature(contextOf(deps, request), appId, name), appId, baseOf(deps, request));
  });

  const change = { config: { ...may('apps.manage'), okta }, schema: { params: FeatureParams, body: CapabilitiesBody } };
  api.put('/apps/:appId/features/:name', change, async (request) => {
    const { appId, name } = request.params;
    const feature = await updateFeature(contextOf(deps, request), appId, name, request.body);
    return presentFeature(feature, appId, baseOf(deps, request));
  });
}

function presentFeature(feature: AppFeatureView, appId: AppId, base: string) {
  const self = linkTo(`${base}/api/v1/apps/${appId}/features/${feature.name}`, 'GET', 'PUT');
  return { ...feature, _links: { self } };
}
