import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { get } from '../../api/client';

/** As many ids as one address holds. */
const idsMax = 60;

/** Names of groups by id, in as few requests as it takes; of what is not there any more there is none. */
export function useGroupNames(ids: readonly string[]): ReadonlyMap<string, string> {
  const asked = [...new Set(ids)].sort();
  const { data = [] } = useQuery({
    queryKey: ['group-names', asked],
    queryFn: async () => {
      const parts = Array.from({ length: Math.ceil(asked.length / idsMax) }, (_, part) =>
        asked.slice(part * idsMax, (part + 1) * idsMax),
      );
      const found = await Promise.all(
        parts.map((part) => {
          const filter = part.map((id) => `id eq "${id}"`).join(' or ');
          return get('/api/v1/groups', { query: { filter, limit: idsMax } });
        }),
      );
      return found.flat();
    },
    enabled: asked.length > 0,
    placeholderData: keepPreviousData,
  });
  return new Map(data.map(({ id, profile }) => [id, String(profile['name'])]));
}
