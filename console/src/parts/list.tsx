import { Button, Center, Skeleton } from '@mantine/core';
import { useIntersection } from '@mantine/hooks';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useEffect, useEffectEvent, type ReactNode } from 'react';
import type { paths } from '../api/openapi';
import { page, type Options } from '../api/client';
import { isWaiting, whileWaiting } from '../api/unsettled';
import { t } from '../text';
import { LongBody } from './long-body';
import { ErrorNote } from './states';
import { Cells, TableFrame, type Column } from './table';

interface Props<Item> {
  readonly label: string;
  readonly columns: readonly Column<Item>[];
  readonly keyOf: (item: Item) => string;
  readonly list: ListQuery<Item>;
  /** Shown when nothing is there. */
  readonly empty: ReactNode;
}

/** Rows drawn at once; of more, those in sight. */
const drawnMax = 200;

/** What `useList` gives: all pages that have been loaded, in order. */
export interface ListQuery<Item> {
  readonly items: readonly Item[] | undefined;
  readonly error: unknown;
  readonly hasMore: boolean;
  readonly loadingMore: boolean;
  /** Why the next page could not be loaded. */
  readonly moreError: unknown;
  readonly more: () => void;
  readonly retry: () => void;
}

/** More pages than these are not asked for again every few seconds. */
const livePagesMax = 3;

/**
 * A list the server gives page by page. The rows stay while they are loaded anew: when something changed (`frame/live`),
 * but where `live` is false.
 */
export function useList<Path extends keyof paths>(
  path: Path,
  options: Options,
  { live = true }: { readonly live?: boolean } = {},
) {
  const found = useInfiniteQuery({
    queryKey: ['list', path, options.path, options.query],
    queryFn: ({ pageParam, signal }) =>
      page(path, {
        ...options,
        signal,
        query: { limit: 50, ...options.query, after: pageParam },
      }),
    initialPageParam: '',
    getNextPageParam: (last) => last.next,
    placeholderData: keepPreviousData,
    meta: { live },
    refetchInterval: (query) => {
      const pages = query.state.data?.pages ?? [];
      return pages.length > livePagesMax
        ? false
        : whileWaiting(query, pages.flatMap(({ items }) => items).filter(isWaiting).length);
    },
  });
  return {
    items: found.data?.pages.flatMap(({ items }) => items),
    error: found.error,
    hasMore: found.hasNextPage,
    loadingMore: found.isFetchingNextPage,
    moreError: found.isFetchNextPageError ? found.error : null,
    more: () => void found.fetchNextPage(),
    retry: () => void found.refetch(),
  };
}

/** The next page comes when its end is scrolled to. Of a long list only what is in sight is drawn. */
export function ListTable<Item>({ label, columns, keyOf, list, empty }: Props<Item>) {
  const { items } = list;
  const isLong = items !== undefined && items.length > drawnMax;
  if (items === undefined && list.error !== null) {
    return (
      <div style={{ padding: 16 }}>
        <ErrorNote error={list.error} retry={list.retry} />
      </div>
    );
  }
  if (items?.length === 0) return <>{empty}</>;
  return (
    <>
      <TableFrame
        label={label}
        titles={columns.map(({ title }) => title)}
        rowCount={isLong ? (list.hasMore ? -1 : items.length + 1) : undefined}
      >
        {isLong ? (
          <LongBody
            count={items.length}
            columns={columns.length}
            keyOf={(index) => (items[index] === undefined ? String(index) : keyOf(items[index]))}
            cellsOf={(index) => items[index] !== undefined && <Cells columns={columns} item={items[index]} />}
          />
        ) : (
          <tbody>
            {items === undefined
              ? [1, 2, 3, 4].map((row) => (
                  <tr key={row}>
                    <td colSpan={columns.length}>
                      <Skeleton height={16} aria-hidden />
                    </td>
                  </tr>
                ))
              : items.map((item) => (
                  <tr key={keyOf(item)}>
                    <Cells columns={columns} item={item} />
                  </tr>
                ))}
          </tbody>
        )}
      </TableFrame>
      {list.hasMore && <More list={list} />}
    </>
  );
}

/** By itself when it comes near; what failed is said here, and not tried again by itself. */
function More<Item>({ list }: { readonly list: ListQuery<Item> }) {
  const { ref, entry } = useIntersection<HTMLDivElement>({ rootMargin: '300px' });
  const { loadingMore, moreError, more } = list;
  const isDue = entry?.isIntersecting === true && !loadingMore && moreError === null;
  const load = useEffectEvent(more);
  useEffect(() => {
    if (isDue) load();
  }, [isDue]);
  return (
    <Center p="md" ref={ref}>
      {moreError !== null && !loadingMore ? (
        <ErrorNote error={moreError} retry={more} />
      ) : (
        <Button variant="default" loading={loadingMore} onClick={more}>
          {t.common.more}
        </Button>
      )}
    </Center>
  );
}
