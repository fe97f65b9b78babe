import { useQueryClient, type QueryKey } from '@tanstack/react-query';

/** As `useQuery` takes it. */
interface Early {
  readonly queryKey: QueryKey;
  readonly queryFn: () => Promise<unknown>;
}

/** Asks at once for what parts of the page that are drawn later will ask for, so that no answer waits for another. */
export function usePrefetch(queries: readonly Early[]): void {
  const client = useQueryClient();
  for (const query of queries) {
    if (client.getQueryState(query.queryKey) === undefined) void client.prefetchQuery({ ...query, retry: false });
  }
}
