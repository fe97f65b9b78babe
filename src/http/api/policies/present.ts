import type { Org } from '../../../store/org.ts';
import { oktaDate } from '../dates.ts';
import { linkTo } from '../hal.ts';

/** The id of the one access policy there is; made of the organization's, so that it needs no table. */
export function policyIdOf({ id }: Pick<Org, 'id'>): string {
  return `rst${id.slice(3)}`;
}

/** The policy every app has: whoever is assigned may come in. Usher has no other. */
export function presentPolicy(org: Org, base: string) {
  const self = `${base}/api/v1/policies/${policyIdOf(org)}`;
  return {
    id: policyIdOf(org),
    status: 'ACTIVE',
    name: 'Default Policy',
    description: 'Whoever is assigned the app may use it.',
    priority: 1,
    system: true,
    conditions: null,
    created: oktaDate(org.created),
    lastUpdated: oktaDate(org.created),
    _links: { self: linkTo(self, 'GET') },
    type: 'ACCESS_POLICY',
  };
}
