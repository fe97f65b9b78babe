import { Type } from 'typebox';
import type { AppId } from '../../lib/ids.ts';
import { visibleApps, visibleGroups } from '../../services/authorize.ts';
import { countFigures, listAppProgress } from '../../store/app-progress.ts';
import type { Api } from '../api.ts';
import { logoLink } from '../api/apps/logo.ts';
import { Text } from '../api/schema.ts';
import type { ServerDeps } from '../deps.ts';
import { baseOf } from '../links.ts';
import { may } from '../policy.ts';
import { given, invalidValue, pageLimit } from '../query-values.ts';
import { contextOf } from '../request-context.ts';

/** Apps that one request may name. */
const appIdsMax = 200;

/** What there is, and how the apps are doing, in few requests however many apps there are. */
export function figureRoutes(api: Api, deps: ServerDeps): void {
  api.get('/figures', { config: may('apps.read') }, async (request) => {
    const context = contextOf(deps, request);
    const { people, ...figures } = await countFigures(deps.db, visibleApps(context));
    return { ...figures, people: visibleGroups(context, 'users.read') === 'all' ? people : null };
  });

  const ListQuery = Type.Object({ appIds: Text, limit: Text });
  const listing = { config: may('apps.read'), schema: { querystring: ListQuery } };
  api.get('/app-progress', listing, async (request) => {
    const appIds = idsOf(given(request.query.appIds));
    const limit = pageLimit(request.query.limit, { fallback: appIdsMax, most: appIdsMax });
    const within = visibleApps(contextOf(deps, request));
    const rows = await listAppProgress(deps.db, { within, appIds, limit });
    return rows.map(({ catalogKey, logoType, ...row }) => ({
      ...row,
      logo: logoLink({ id: row.id, catalogKey, logoType }, baseOf(deps, request))?.href ?? null,
    }));
  });
}

/** @throws {UsherError} `invalid_input` for what is no list of at most `appIdsMax` ids. */
function idsOf(text: string | undefined): AppId[] | undefined {
  if (text === undefined) return undefined;
  const ids = text.split(',');
  if (ids.length > appIdsMax) throw invalidValue('appIds', `names more than ${appIdsMax} apps`);
  return ids.map((id) => id as AppId);
}
