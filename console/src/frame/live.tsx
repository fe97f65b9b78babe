import { useQueryClient, type Query, type QueryClient } from '@tanstack/react-query';
import { useEffect, useEffectEvent, useState } from 'react';
import { ApiError, get } from '../api/client';
import { followEvents } from '../api/events';
import { pace } from '../api/pace';
import { isStale, type Stale } from '../api/stale';
import { t } from '../text';

/** What is shown is looked up again no more often than this; a list of more pages than that waits longer. */
const againMs = 1_000;
const longListPages = 4;
/** For each of its pages, so that a list asks for as many of them a minute however long it is. */
const longListPageMs = 2_500;
/** What came this shortly before the stream began is not looked up twice. */
const freshMs = 1_500;

/** Keeps what is shown true while it is looked at, and says when it cannot. One for each session. */
export function Live({ onSignedOut }: { readonly onSignedOut: () => void }) {
  const queries = useQueryClient();
  const [lost, setLost] = useState(false);
  const end = useEffectEvent(onSignedOut);
  useEffect(() => {
    const refresh = createRefresh(queries);
    let wasLost = false;
    const ask = () =>
      get('/usher/v1/session', { unattended: true }).then(
        () => refresh.all(0),
        (error: unknown) => {
          if (!(error instanceof ApiError && error.status === 401)) return;
          stop();
          setLost(false);
          end();
        },
      );
    const stop = followEvents({
      onFollowing: () => {
        refresh.all(wasLost ? 0 : freshMs);
        wasLost = false;
        setLost(false);
      },
      onStale: refresh.some,
      onLost: () => {
        wasLost = true;
        setLost(true);
        void ask();
      },
      onEnded: () => void ask(),
    });
    return () => {
      stop();
      refresh.stop();
    };
  }, [queries]);
  return (
    <div role="status" className="u-lost">
      {lost && (
        <div className="u-note" data-tone="warn">
          {t.live.lost}
        </div>
      )}
    </div>
  );
}

/** Looks up again what is shown, after what is on its way already, and marks the rest. */
function createRefresh(queries: QueryClient) {
  const pending = new Set<string>();
  const doneMs = new Map<string, number>();
  let timer: number | undefined;
  const flush = () => {
    timer = undefined;
    const now = performance.now();
    const due = (query: Query) =>
      pending.has(query.queryHash) &&
      query.state.fetchStatus === 'idle' &&
      now - (doneMs.get(query.queryHash) ?? -Infinity) >= pauseOf(query) - 50;
    for (const query of queries.getQueryCache().findAll({ type: 'active', predicate: due })) {
      pending.delete(query.queryHash);
      doneMs.set(query.queryHash, now);
      void queries.refetchQueries({ queryKey: query.queryKey, exact: true }, { cancelRefetch: false });
    }
    const shown = new Set(
      queries
        .getQueryCache()
        .findAll({ type: 'active' })
        .map(({ queryHash }) => queryHash),
    );
    for (const hash of pending) if (!shown.has(hash)) pending.delete(hash);
    if (pending.size > 0) timer = window.setTimeout(flush, againMs);
  };
  const refresh = (predicate: (query: Query) => boolean) => {
    void queries.invalidateQueries({ predicate, refetchType: 'none' });
    for (const query of queries.getQueryCache().findAll({ type: 'active', predicate })) {
      if (query.meta?.['live'] !== false) pending.add(query.queryHash);
    }
    if (pending.size > 0) timer ??= window.setTimeout(flush, 100);
  };
  return {
    some: (stale: Stale) => refresh(({ queryKey }) => isStale(queryKey, stale)),
    all: (olderThanMs: number) =>
      refresh(({ state }) => performance.timeOrigin + performance.now() - state.dataUpdatedAt >= olderThanMs),
    stop: () => window.clearTimeout(timer),
  };
}

function pauseOf(query: Query): number {
  const { data } = query.state;
  const pages =
    typeof data === 'object' && data !== null && 'pages' in data && Array.isArray(data.pages) ? data.pages : [];
  return pace(query, pages.length > longListPages ? pages.length * longListPageMs : againMs);
}
