import { SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { useAddress } from '../parts/address';
import { ChartCard, StackedBars } from '../parts/chart';
import {
  barsOf,
  countOf,
  endOf,
  isLogRange,
  outcomes,
  sinceOf,
  sumOfCounts,
  useLogCounts,
  type LogCounts,
} from '../parts/log-counts';
import { Empty, ErrorNote } from '../parts/states';
import { t } from '../text';

const filter = 'eventType sw "application.provision."';
const ranges = ['24h', '7d', '30d'] as const;

/** What was done in apps, and how it ended. Each bar leads to its events. */
export function OperationsCard() {
  const { get, set } = useAddress();
  const navigate = useNavigate();
  const asked = get('range');
  const range = isLogRange(asked) && asked !== '1h' ? asked : '24h';
  const [begun, setBegun] = useState(() => ({ range, since: sinceOf(range) }));
  if (begun.range !== range) setBegun({ range, since: sinceOf(range) });
  const { data, error } = useLogCounts({ since: begun.since, filter }, { buckets: range === '24h' ? 25 : 61 });
  return (
    <ChartCard
      title={t.home.operations}
      table={{
        head: [t.charts.from, ...outcomes.map(({ label }) => label)],
        rows: data === undefined ? [] : rowsOf(data),
        empty: t.home.noOperations,
      }}
      actions={
        <SegmentedControl
          size="xs"
          aria-label={t.log.range}
          value={range}
          data={ranges.map((value) => ({ value, label: t.log.ranges[value] ?? value }))}
          onChange={(value) => set('range', value === '24h' ? null : value)}
        />
      }
      chart={
        data !== undefined &&
        (sumOfCounts(data.total) === 0 ? (
          <Empty what={t.home.noOperations} />
        ) : (
          <StackedBars
            label={t.home.operationsOf(sumOfCounts(data.total))}
            series={outcomes}
            bars={barsOf(data)}
            onPick={(index) => void navigate(eventsAt(data, index))}
          />
        ))
      }
    >
      <ErrorNote error={error} />
    </ChartCard>
  );
}

function rowsOf(counts: LogCounts) {
  const bars = barsOf(counts);
  return counts.buckets.flatMap((bucket, index) => {
    if (sumOfCounts(bucket) === 0) return [];
    const link = (
      <Link className="u-link" to={eventsAt(counts, index)}>
        {bars[index]?.title ?? bucket.from}
      </Link>
    );
    return [{ key: bucket.from, cells: [link, ...outcomes.map(({ key }) => countOf(bucket, key))] }];
  });
}

function eventsAt(counts: LogCounts, index: number): string {
  const since = counts.buckets[index]?.from ?? counts.since;
  return `/admin/log?${new URLSearchParams({ since, until: endOf(counts, index), filter }).toString()}`;
}
