import { Button, Group, Skeleton } from '@mantine/core';
import { lazy, Suspense, useState, type ReactNode } from 'react';
import { t } from '../text';
import { Card } from './page';
import { Table, type Column } from './table';

// What draws is in a chunk of its own: no page waits for it to show its words.
const LazyBars = lazy(async () => ({ default: (await import('../charts/stacked-bars')).StackedBars }));
const LazyLine = lazy(async () => ({ default: (await import('../charts/line')).Line }));

export interface ChartTable {
  readonly head: readonly string[];
  readonly rows: readonly { readonly key: string; readonly cells: readonly ReactNode[] }[];
  /** Shown where there are no rows. */
  readonly empty: string;
}

interface Props {
  readonly title: string;
  readonly actions?: ReactNode;
  readonly table: ChartTable;
  readonly chart: ReactNode;
  /** Below both. */
  readonly children?: ReactNode;
}

/** A chart and its twin: the same as a table, for whoever reads better than they look, by eye, ear or keyboard. */
export function ChartCard({ title, actions, table, chart, children }: Props) {
  const [asTable, setAsTable] = useState(false);
  return (
    <Card
      title={title}
      actions={
        <Group gap="xs">
          {actions}
          <Button
            size="compact-sm"
            variant="default"
            aria-label={asTable ? t.charts.chartOf(title) : t.charts.tableOf(title)}
            onClick={() => setAsTable(!asTable)}
          >
            {asTable ? t.charts.asChart : t.charts.asTable}
          </Button>
        </Group>
      }
    >
      {asTable ? <Twin title={title} {...table} /> : chart}
      {children}
    </Card>
  );
}

function Twin({ title, head, rows, empty }: ChartTable & { readonly title: string }) {
  if (rows.length === 0) return <p>{empty}</p>;
  return (
    <Table
      label={title}
      flush
      style={{ maxBlockSize: 320 }}
      items={rows}
      keyOf={({ key }) => key}
      columns={head.map(columnAt)}
    />
  );
}

function columnAt(title: string, index: number): Column<ChartTable['rows'][number]> {
  return { title, cell: ({ cells }) => cells[index] };
}

export function StackedBars(props: React.ComponentProps<typeof LazyBars>) {
  return (
    <Suspense fallback={<Skeleton height={props.height ?? 200} role="status" aria-label={t.common.loading} />}>
      <LazyBars {...props} />
    </Suspense>
  );
}

export function Line(props: React.ComponentProps<typeof LazyLine>) {
  return (
    <Suspense fallback={<Skeleton height={props.height ?? 160} role="status" aria-label={t.common.loading} />}>
      <LazyLine {...props} />
    </Suspense>
  );
}
