import { get } from './client';

export function loadUserSchema() {
  return get('/api/v1/meta/schemas/user/{key}', { path: { key: 'default' } });
}

/** Which attributes people have. For `useQuery`. */
export const userSchemaQuery = { queryKey: ['schema', 'user'], queryFn: loadUserSchema };
