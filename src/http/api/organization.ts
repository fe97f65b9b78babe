import type { Api } from '../api.ts';
import type { ServerDeps } from '../deps.ts';
import { baseOf } from '../links.ts';
import { may, open } from '../policy.ts';
import { contextOf } from '../request-context.ts';
import { oktaDate } from './dates.ts';
import { findOrg } from '../../store/org.ts';
import { linkTo } from './hal.ts';

/** The organisation to those who may see it. What Usher does not know of it is there as null, as in Okta. */
export function orgRoutes(api: Api, deps: ServerDeps): void {
  api.get('/org', { config: may('org.read') }, async (request) => {
    const base = baseOf(deps, request);
    const org = (await findOrg(contextOf(deps, request).db)) ?? deps.org;
    return {
      id: org.id,
      companyName: org.name,
      subdomain: org.subDomain,
      status: 'ACTIVE',
      created: oktaDate(org.created),
      lastUpdated: oktaDate(org.created),
      expiresAt: null,
      website: null,
      phoneNumber: null,
      endUserSupportHelpURL: null,
      supportPhoneNumber: null,
      address1: null,
      address2: null,
      city: null,
      state: null,
      country: null,
      postalCode: null,
      _links: { self: linkTo(`${base}/api/v1/org`, 'GET') },
    };
  });
}

/** What clients ask first, before they sign in. With `v1` Terraform leaves sign-on policies alone. */
export function organizationRoutes(api: Api, deps: ServerDeps): void {
  api.get('/.well-known/okta-organization', { config: open }, async (request) => ({
    id: deps.org.id,
    pipeline: 'v1',
    settings: { analyticsCollectionEnabled: false, bugReportingEnabled: false, omEnabled: false },
    _links: { organization: linkTo(baseOf(deps, request)) },
  }));
}
