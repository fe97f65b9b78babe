import { Type } from 'typebox';
import { UsherError } from '../../../lib/errors.ts';
import type { AppId } from '../../../lib/ids.ts';
import { reapplyMappings } from '../../../services/app-mappings.ts';
import { getApp } from '../../../services/apps.ts';
import { findUserSchema } from '../../../store/user-schema.ts';
import type { Api } from '../../api.ts';
import type { ServerDeps } from '../../deps.ts';
import { baseOf } from '../../links.ts';
import { may } from '../../policy.ts';
import { contextOf } from '../../request-context.ts';
import { bodyOptional, IdOf } from '../schema.ts';

const AppParams = Type.Object({ appId: IdOf<AppId>() });

/** The one type of people an app has; mappings may be asked for by its id or by the app's. */
export function appUserTypeRoutes(api: Api, deps: ServerDeps): void {
  const options = { config: may('apps.read'), schema: { params: AppParams } };
  api.get('/apps/:appId/user/types', options, async (request) => {
    const { id, name, label } = await getApp(contextOf(deps, request), request.params.appId);
    const schema = { href: `${baseOf(deps, request)}/api/v1/meta/schemas/apps/${id}/default` };
    return [{ id: appTypeId(id), name, displayName: `${label} User`, default: true, _links: { schema } }];
  });
}

/** What Okta's administrators call "apply updates now", and Terraform `always_apply`. Under `/api/internal/v1`. */
export function reapplyRoutes(api: Api, deps: ServerDeps): void {
  const Query = Type.Object({ source: Type.String(), target: Type.String() });
  const options = { config: may('mappings.manage'), preValidation: bodyOptional, schema: { querystring: Query } };
  api.put('/mappings/reapply', options, async (request, reply) => {
    const { source, target } = request.query;
    const { typeId } = await findUserSchema(deps.db);
    const [side, other] = source === typeId ? [target, source] : [source, target];
    if (other !== typeId) throw new UsherError('not_found', `Resource not found: ${other} (UserType)`);
    await reapplyMappings(contextOf(deps, request), appIdOf(side), source === typeId ? 'TO_APP' : 'TO_DIRECTORY');
    return reply.code(204).send();
  });
}

function appTypeId(appId: AppId): string {
  return `oty${appId.slice(3)}`;
}

function appIdOf(side: string): AppId {
  return `0oa${side.slice(3)}` as AppId;
}
