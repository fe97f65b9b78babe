import { useQuery } from '@tanstack/react-query';
import { get, type Schemas } from '../../api/client';
import type { BarOf, BarSeries } from '../../charts/stacked-bars';
import { ChartCard, StackedBars } from '../../parts/chart';
import { Empty, ErrorNote } from '../../parts/states';
import { t } from '../../text';
import { wordOf } from './cells';
import type { Selection } from './report-filters';

type Chart = Schemas['ReportChart'];
type ReportName = Schemas['Report']['name'];

const words = t.reports;
const tones: Readonly<Record<string, BarSeries['tone']>> = {
  ...{ ACTIVE: 'good', OFF: 'good', FAILED: 'bad', ON: 'bad', REFUSED: 'bad', UNREACHED: 'info', OTHER: 'quiet' },
};

/** The report as bars, with the same as a table. */
export function ReportChart({ name, selection }: { readonly name: ReportName; readonly selection: Selection }) {
  const { state: _state, ...asked } = selection;
  const { data, error } = useQuery({
    queryKey: ['reports', 'chart', name, asked],
    queryFn: ({ signal }) => get('/usher/v1/reports/{name}/chart', { path: { name }, query: asked, signal }),
    placeholderData: (before) => before,
  });
  const title = wordOf(words.chartOf, name);
  // One bar of its own compares nothing.
  if (name === 'app-usage' && (data?.bars.length ?? 0) < 2) return <ErrorNote error={error} />;
  const series = (data?.series ?? []).map((key) => ({
    key,
    label: wordOf(words.series, key),
    tone: tones[key] ?? 'quiet',
  }));
  const total = data === undefined ? 0 : data.bars.reduce((sum, bar) => sum + sumOf(bar), 0);
  return (
    <ChartCard
      title={title}
      table={{
        head: [words.bar, ...series.map(({ label }) => label)],
        rows: data === undefined ? [] : rowsOf(data, name),
        empty: words.empty,
      }}
      chart={
        data !== undefined &&
        (total === 0 ? (
          <Empty what={words.empty} />
        ) : (
          <StackedBars label={words.chartSays(title, total)} series={series} bars={barsOf(data, name)} height={180} />
        ))
      }
    >
      <ErrorNote error={error} />
    </ChartCard>
  );
}

const whole = new Intl.DateTimeFormat(t.locale, { dateStyle: 'medium', timeZone: 'UTC' });
const short = new Intl.DateTimeFormat(t.locale, { month: 'short', day: 'numeric', timeZone: 'UTC' });

function barsOf({ bars }: Chart, name: ReportName): readonly BarOf[] {
  return bars.map((bar) => {
    const title = titleOf(bar, name);
    const tick = name === 'failures' ? short.format(new Date(bar.key)) : shortened(title);
    return { key: bar.key, title, tick, values: valuesOf(bar) };
  });
}

function rowsOf({ bars, series }: Chart, name: ReportName) {
  return bars
    .filter((bar) => sumOf(bar) > 0)
    .map((bar) => ({
      key: bar.key,
      cells: [titleOf(bar, name), ...series.map((key) => (valuesOf(bar)[key] ?? 0).toLocaleString(t.locale))],
    }));
}

function titleOf({ key, label }: Chart['bars'][number], name: ReportName): string {
  return label ?? (name === 'failures' ? whole.format(new Date(key)) : wordOf(words.took, key));
}

/** Characters that fit below a bar. */
const tickMax = 11;

function shortened(text: string): string {
  return text.length > tickMax ? `${text.slice(0, tickMax - 1)}…` : text;
}

function valuesOf({ values }: Chart['bars'][number]): Readonly<Record<string, number>> {
  return values;
}

function sumOf(bar: Chart['bars'][number]): number {
  return Object.values(valuesOf(bar)).reduce((sum, count) => sum + count, 0);
}
