import type { App } from '../../../domain/app.ts';
import type { TypeId } from '../../../lib/ids.ts';
import type { AppMapping } from '../../../store/app-mappings.ts';

export interface MappingSides {
  readonly app: Pick<App, 'id' | 'name'>;
  readonly typeId: TypeId;
  readonly userSchemaId: string;
  readonly base: string;
}

/** A mapping as a list shows it: between what and what, without the expressions. */
export function presentListedMapping({ id, direction }: AppMapping, { app, typeId, userSchemaId, base }: MappingSides) {
  const api = `${base}/api/v1`;
  const user = {
    id: typeId,
    name: 'user',
    type: 'user',
    _links: {
      self: { href: `${api}/meta/types/user/${typeId}` },
      schema: { href: `${api}/meta/schemas/user/${userSchemaId}` },
    },
  };
  const appUser = {
    id: app.id,
    name: app.name,
    type: 'appuser',
    _links: {
      self: { href: `${api}/apps/${app.id}` },
      schema: { href: `${api}/meta/schemas/apps/${app.id}/default` },
    },
  };
  const [source, target] = direction === 'TO_APP' ? [user, appUser] : [appUser, user];
  return { id, source, target, _links: { self: { href: `${api}/mappings/${id}` } } };
}

export function presentMapping(mapping: AppMapping, sides: MappingSides) {
  const { _links, ...listed } = presentListedMapping(mapping, sides);
  return { ...listed, properties: mapping.properties, _links };
}
