import { Type } from 'typebox';
import { layoutLimits } from '../../domain/my-layout.ts';
import type { AppId } from '../../lib/ids.ts';
import { arrangeMyApps, readMyLayout } from '../../services/my-layout.ts';
import type { Api } from '../api.ts';
import type { ServerDeps } from '../deps.ts';
import { own } from '../policy.ts';
import { contextOf, principalOf } from '../request-context.ts';

const closed = { additionalProperties: false };
const Ids = Type.Array(Type.Unsafe<AppId>(Type.String({ pattern: '^0oa[0-9A-Za-z]{17}$' })), {
  maxItems: layoutLimits.apps,
});
const Section = Type.Object({ name: Type.String({ maxLength: layoutLimits.nameLength }), apps: Ids }, closed);
const LayoutBody = Type.Object(
  { apps: Ids, sections: Type.Array(Section, { maxItems: layoutLimits.sections }) },
  closed,
);

/** How people have arranged their own My Apps. */
export function myLayoutRoutes(api: Api, deps: ServerDeps): void {
  api.get('/me/layout', { config: own }, (request) => readMyLayout(deps.db, principalOf(request).userId));

  api.put('/me/layout', { config: own, schema: { body: LayoutBody } }, (request) =>
    arrangeMyApps(contextOf(deps, request), principalOf(request).userId, request.body),
  );
}
