import { get, send, type Schemas } from '../../api/client';

export type Attribute = Schemas['SchemaAttribute'];
/** `user`, `group`, or the id of an app. */
export type Owner = string;

export function loadSchema(owner: Owner): Promise<Schemas['UserSchema'] | Schemas['AppUserSchema']> {
  if (owner === 'user') return get('/api/v1/meta/schemas/user/{key}', { path: { key: 'default' } });
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
