import type { UserType } from '../../../domain/user-type.ts';
import { oktaDate } from '../dates.ts';

/** A user type in Okta's words. Clients take the schema's id from the end of its link. */
export function presentUserType(type: UserType, base: string) {
  return {
    id: type.id,
    displayName: type.displayName,
    name: type.name,
    description: type.description,
    createdBy: type.createdBy,
    lastUpdatedBy: type.lastUpdatedBy,
    created: oktaDate(type.created),
    lastUpdated: oktaDate(type.lastUpdated),
    default: type.isDefault,
    _links: {
      self: { rel: 'self', href: `${base}/api/v1/meta/types/user/${type.id}`, method: 'GET' },
      schema: { rel: 'schema', href: `${base}/api/v1/meta/schemas/user/${type.schemaId}`, method: 'GET' },
    },
  };
}
