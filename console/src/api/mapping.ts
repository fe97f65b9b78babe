import { get } from './client';

/** What people have in an app, by the mapping of the app; null where it has none. For `useQuery`. */
export function mappingQuery(appId: string) {
  return {
    queryKey: ['mapping', appId],
    queryFn: async () => {
      const [listed] = await get('/api/v1/mappings', { query: { targetId: appId } });
      if (listed === undefined) return null;
      return get('/api/v1/mappings/{mappingId}', { path: { mappingId: listed.id } });
    },
  };
}
