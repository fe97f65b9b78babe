import { Button, Center, Skeleton } from '@mantine/core';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { paths } from '../api/openapi';
import { page, type Options } from '../api/client';
import { isWaiting, whileWaiting } from '../api/unsettled';
import { t } from '../text';
import { ErrorNote } from './states';

export interface Column<Item> {
  readonly title: string;
  readonly cell: (item: Item) => ReactNode;
}

interface Props<Item> {
  readonly label: string;
  readonly columns: readonly Column<Item>[];
  readonly keyOf: (item: Item) => string;
  readonly list: ListQuery<Item>;
  /** Shown when nothing is there. */
  readonly empty: ReactNode;
}

/** What `useList` gives: all pages that have been loaded, in order. */
export interface ListQuery<Item> {
  readonly items: readonly Item[] | undefined;
  readonly error: unknown;
  readonly hasMore: boolean;
  readonly loadingMore: boolean;
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
    refetchInterval: ({ state }) => {
      const pages = state.data?.pages ?? [];
      return pages.length > livePagesMax
        ? false
        : whileWaiting(pages.flatMap(({ items }) => items).filter(isWaiting).length);
    },
  });
  return {
    items: found.data?.pages.flatMap(({ items }) => items),
    error: found.error,
    hasMore: found.hasNextPage,
    loadingMore: found.isFetchingNextPage,
    more: () => void found.fetchNextPage(),
    retry: () => void found.refetch(),
  };
}

export function ListTable<Item>({ label, columns, keyOf, list, empty }: Props<Item>) {
  const { items } = list;
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
      <div className="u-table-scroll" tabIndex={0} role="region" aria-label={label}>
        <table className="u-table">
          <thead>
            <tr>
              {columns.map(({ title }) => (
                <th scope="col" key={title}>
                  {title}
                </th>
              ))}
            </tr>
          </thead>
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
                    {columns.map(({ title, cell }) => (
                      <td key={title}>{cell(item)}</td>
                    ))}
                  </tr>
                ))}
          </tbody>
        </table>
      </div>
      {list.hasMore && (
        <Center p="md">
          <Button variant="default" loading={list.loadingMore} onClick={list.more}>
            {t.common.more}
          </Button>
        </Center>
      )}
    </>
  );
}
