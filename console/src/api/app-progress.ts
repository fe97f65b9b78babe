import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { get, type Schemas } from './client';
import { whileWaiting } from './unsettled';

export type AppProgress = Schemas['AppProgressEntry'];

/** Apps that one request may name. */
const appIdsMax = 200;

/** How far these apps are, in as few requests as the server allows. */
export function progressOf(appIds: readonly string[]) {
  return queryOptions({
    queryKey: ['app-progress', appIds.join()],
    queryFn: async ({ signal }): Promise<ReadonlyMap<string, AppProgress>> => {
      const parts: string[][] = [];
      for (let from = 0; from < appIds.length; from += appIdsMax) parts.push(appIds.slice(from, from + appIdsMax));
      const ask = (ids: readonly string[]) =>
        get('/usher/v1/app-progress', { query: { appIds: ids.join() }, unattended: true, signal });
      const found = await Promise.all(parts.map(ask));
      return new Map(found.flat().map((app) => [app.id, app]));
    },
    enabled: appIds.length > 0,
    placeholderData: keepPreviousData,
    refetchInterval: (query) => whileWaiting(query, waitingIn([...(query.state.data?.values() ?? [])])),
  });
}

/** The apps to look at first: those in trouble, then those with most to do. */
export function firstProgress(limit: number) {
  return queryOptions({
    queryKey: ['app-progress', 'first', limit],
    queryFn: ({ signal }) => get('/usher/v1/app-progress', { query: { limit }, unattended: true, signal }),
    refetchInterval: (query) => whileWaiting(query, waitingIn(query.state.data ?? [])),
  });
}

function waitingIn(apps: readonly AppProgress[]): number {
  return apps.reduce((sum, { waiting }) => sum + waiting, 0);
}
