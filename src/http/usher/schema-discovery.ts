import { Type } from 'typebox';
import type { AppId } from '../../lib/ids.ts';
import { discoverAttributes } from '../../services/schema-discovery.ts';
import type { Api } from '../api.ts';
import { IdOf } from '../api/schema.ts';
import type { ServerDeps } from '../deps.ts';
import { may } from '../policy.ts';
import { contextOf } from '../request-context.ts';

/** What an app says it has, beside what is known of it. */
export function schemaDiscoveryRoutes(api: Api, deps: ServerDeps): void {
  const options = { config: may('apps.manage'), schema: { params: Type.Object({ appId: IdOf<AppId>() }) } };
  api.get('/apps/:appId/schema/discovered', options, async (request) => ({
    properties: await discoverAttributes(contextOf(deps, request), request.params.appId),
  }));
}
