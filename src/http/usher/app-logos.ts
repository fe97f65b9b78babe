import { Type } from 'typebox';
import { UsherError } from '../../lib/errors.ts';
import type { AppId } from '../../lib/ids.ts';
import { findLogo } from '../../store/app-logos.ts';
import type { Api } from '../api.ts';
import { IdOf } from '../api/schema.ts';
import type { ServerDeps } from '../deps.ts';
import { open } from '../policy.ts';

const AppParams = Type.Object({ appId: IdOf<AppId>() });

/** Pages show logos to people who have no token. Whatever is in the file, it may not do anything. */
export function appLogoRoutes(api: Api, deps: ServerDeps): void {
  api.get('/apps/:appId/logo', { config: open, schema: { params: AppParams } }, async (request, reply) => {
    const logo = await findLogo(deps.db, request.params.appId);
    if (logo === undefined) throw new UsherError('not_found', 'No logo has been uploaded for this app.');
    return reply
      .headers({
        'content-type': logo.type,
        'content-security-policy': "sandbox; default-src 'none'; style-src 'unsafe-inline'",
        'cross-origin-resource-policy': 'cross-origin',
        'cache-control': 'public, max-age=300',
      })
      .send(Buffer.from(logo.bytes));
  });
}
