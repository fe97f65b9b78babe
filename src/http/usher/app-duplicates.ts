import { Type } from 'typebox';
import type { AppId } from '../../lib/ids.ts';
import { duplicateApp } from '../../services/app-duplicate.ts';
import { listSharedAccounts } from '../../services/attribute-owners.ts';
import type { Api } from '../api.ts';
import { presentOneApp } from '../api/apps/present-apps.ts';
import { IdOf } from '../api/schema.ts';
import type { ServerDeps } from '../deps.ts';
import { may } from '../policy.ts';
import { contextOf } from '../request-context.ts';

const AppParams = Type.Object({ appId: IdOf<AppId>() });

/** What may be said about a duplicate before it is made. */
export const duplicateOptions = {
  label: Type.Optional(Type.String()),
  links: Type.Optional(Type.Enum(['MATCH', 'STAY', 'MOVE'])),
  visible: Type.Optional(Type.Boolean()),
};
const DuplicateBody = Type.Object(duplicateOptions, { additionalProperties: false });

/** A second instance on the same accounts, and how instances on the same accounts get along. */
export function appDuplicateRoutes(api: Api, deps: ServerDeps): void {
  const duplication = { config: may('apps.manage'), schema: { params: AppParams, body: DuplicateBody } };
  api.post('/apps/:appId/duplicate', duplication, async (request) => {
    const { duplicateOf, movedLinks, ...app } = await duplicateApp(
      contextOf(deps, request),
      request.params.appId,
      request.body,
    );
    return { duplicateOf, movedLinks, app: await presentOneApp(deps, request, app) };
  });

  const reading = { config: may('apps.read'), schema: { params: AppParams } };
  api.get('/apps/:appId/shared-accounts', reading, async (request) =>
    listSharedAccounts(contextOf(deps, request), request.params.appId),
  );
}
