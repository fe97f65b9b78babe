import type { Api } from '../api.ts';
import type { ServerDeps } from '../deps.ts';
import { baseOf } from '../links.ts';
import { open } from '../policy.ts';
import { linkTo } from './hal.ts';

/** What clients ask first, before they sign in. With `v1` Terraform leaves sign-on policies alone. */
export function organizationRoutes(api: Api, deps: ServerDeps): void {
  api.get('/.well-known/okta-organization', { config: open }, async (request) => ({
    id: deps.org.id,
    pipeline: 'v1',
    settings: { analyticsCollectionEnabled: false, bugReportingEnabled: false, omEnabled: false },
    _links: { organization: linkTo(baseOf(deps, request)) },
  }));
}
