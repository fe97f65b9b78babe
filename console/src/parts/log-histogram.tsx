import { Group, SegmentedControl, Text } from '@mantine/core';
import { t } from '../text';
import { useAddress } from './address';
import { ChartCard, StackedBars } from './chart';
import {
  barsOf,
  countOf,
  endOf,
  isLogRange,
  logRanges,
  outcomes,
  sumOfCounts,
  useLogCounts,
  type LogCounts,
  type LogSelection,
} from './log-counts';
import { MomentField } from './moment-field';
import { ErrorNote } from './states';

const words = t.log;

/** How many events there were when, and the way to look closer: drawing over a part, or the times themselves. */
export function LogHistogram(props: {
  readonly selection: LogSelection;
  readonly live: boolean;
  /** What is wrong is said elsewhere on the page. */
  readonly silent: boolean;
}) {
  const { selection, live, silent } = props;
  const { get, setAll } = useAddress();
  const { data, error } = useLogCounts(selection, { buckets: 80, live });
  const custom = get('since') !== null || get('until') !== null;
  const range = get('range');
  const zoom = (counts: LogCounts, first: number, last: number) =>
    setAll({ range: null, since: counts.buckets[first]?.from ?? counts.since, until: endOf(counts, last) });
  return (
    <ChartCard
      title={words.histogram}
      table={{
        head: [t.charts.from, ...outcomes.map(({ label }) => label)],
        rows: data === undefined ? [] : rowsOf(data, zoom),
        empty: t.charts.nothing,
      }}
      actions={
        <SegmentedControl
          size="xs"
          aria-label={words.range}
          value={custom ? '' : isLogRange(range) ? range : '7d'}
          data={Object.keys(logRanges).map((value) => ({ value, label: words.ranges[value] ?? value }))}
          onChange={(value) => setAll({ since: null, until: null, range: value })}
        />
      }
      chart={
        data !== undefined && (
          <StackedBars
            label={words.histogramOf(sumOfCounts(data.total))}
            series={outcomes}
            bars={barsOf(data)}
            height={150}
            brush
            onPick={(first, last) => zoom(data, first, last)}
          />
        )
      }
    >
      <ErrorNote error={silent ? null : error} />
      {data?.complete === false && <Text size="sm">{words.incomplete}</Text>}
      <Group align="flex-end" mt="sm">
        {(['since', 'until'] as const).map((name) => (
          <MomentField
            key={name}
            label={name === 'since' ? words.from : words.until}
            value={selection[name]}
            onChange={(moment) => setAll({ range: null, since: selection.since, [name]: moment })}
          />
        ))}
        <Text size="sm" c="var(--mantine-color-dimmed)">
          {words.brushHelp}
        </Text>
      </Group>
    </ChartCard>
  );
}

function rowsOf(counts: LogCounts, zoom: (counts: LogCounts, first: number, last: number) => void) {
  const bars = barsOf(counts);
  return counts.buckets.flatMap((bucket, index) => {
    if (sumOfCounts(bucket) === 0) return [];
    const title = bars[index]?.title ?? bucket.from;
    const open = (
      <button type="button" className="u-link u-plain" onClick={() => zoom(counts, index, index)}>
        {title}
      </button>
    );
    return [{ key: bucket.from, cells: [open, ...outcomes.map(({ key }) => countOf(bucket, key))] }];
  });
}
