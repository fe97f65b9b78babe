import { get, send, type Schemas } from '../../api/client';
import { loadUserSchema } from '../../api/user-schema';

export type Attribute = Schemas['SchemaAttribute'];
/** `user`, `group`, or the id of an app. */
export type Owner = string;

export function isApp(owner: Owner): boolean {
  return owner !== 'user' && owner !== 'group';
}

export function loadSchema(owner: Owner): Promise<Schemas['UserSchema'] | Schemas['AppUserSchema']> {
  if (owner === 'user') return loadUserSchema();
  if (owner === 'group') return get('/api/v1/meta/schemas/group/default');
  return get('/api/v1/meta/schemas/apps/{appId}/default', { path: { appId: owner } });
}

/** Custom attributes to add or to define anew; null takes one away, `force` with the mappings that use it. */
export async function saveAttributes(
  owner: Owner,
  properties: Readonly<Record<string, object | null>>,
  force = false,
): Promise<void> {
  const options = {
    body: { definitions: { custom: { id: '#custom', type: 'object', properties } } },
    query: { force: force ? true : undefined },
  };
  if (owner === 'user') await send('post', '/api/v1/meta/schemas/user/{key}', { ...options, path: { key: 'default' } });
  else if (owner === 'group') await send('post', '/api/v1/meta/schemas/group/default', { body: options.body });
  else await send('post', '/api/v1/meta/schemas/apps/{appId}/default', { ...options, path: { appId: owner } });
}
