import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useLayoutEffect, useRef, useState, type ReactNode } from 'react';

interface Props {
  readonly count: number;
  readonly columns: number;
  readonly keyOf: (index: number) => string;
  readonly cellsOf: (index: number) => ReactNode;
}

/** What a row is taken to be high until it has been drawn. */
const rowPixels = 46;
/** Below this the columns are scrolled sideways instead of made narrower. */
const narrowPixels = 720;

/** The rows of a long table that are in sight, and room for the others. */
export function LongBody({ count, columns, keyOf, cellsOf }: Props) {
  const body = useRef<HTMLTableSectionElement>(null);
  const [top, setTop] = useState(0);
  const rows = useWindowVirtualizer({
    count,
    estimateSize: () => rowPixels,
    overscan: 15,
    scrollMargin: top,
    getItemKey: keyOf,
  });
  const shown = rows.getVirtualItems();
  const isDrawn = shown.length > 0;
  useLayoutEffect(() => {
    if (body.current !== null) setTop(body.current.getBoundingClientRect().top + window.scrollY);
  }, []);
  useLayoutEffect(() => {
    const table = body.current?.closest('table');
    return isDrawn && table ? keepWidths(table) : undefined;
  }, [isDrawn]);
  const before = (shown[0]?.start ?? top) - top;
  const after = rows.getTotalSize() - ((shown.at(-1)?.end ?? top) - top);
  return (
    <tbody ref={body}>
      <Room columns={columns} pixels={before} />
      {shown.map(({ index, key }) => (
        <tr key={String(key)} ref={rows.measureElement} data-index={index} aria-rowindex={index + 2}>
          {cellsOf(index)}
        </tr>
      ))}
      <Room columns={columns} pixels={after} />
    </tbody>
  );
}

function Room({ columns, pixels }: { readonly columns: number; readonly pixels: number }) {
  if (pixels <= 0) return null;
  return (
    <tr aria-hidden>
      <td colSpan={columns} style={{ blockSize: pixels, padding: 0, border: 0 }} />
    </tr>
  );
}

/** Columns stay as wide as they are, whatever rows come into sight; cards have none. Gives what undoes it. */
function keepWidths(table: HTMLTableElement): (() => void) | undefined {
  if (getComputedStyle(table).display === 'block') return undefined;
  const heads = [...table.querySelectorAll<HTMLElement>('thead th')];
  const shares = heads.map(({ offsetWidth }) => (100 * offsetWidth) / table.offsetWidth);
  table.style.minInlineSize = `${Math.min(table.offsetWidth, narrowPixels)}px`;
  table.style.tableLayout = 'fixed';
  heads.forEach((head, index) => (head.style.inlineSize = `${shares[index]}%`));
  return () => {
    for (const { style } of [table, ...heads]) {
      style.removeProperty('table-layout');
      style.removeProperty('inline-size');
      style.removeProperty('min-inline-size');
    }
  };
}
