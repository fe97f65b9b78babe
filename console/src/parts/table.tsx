import type { CSSProperties, ReactNode } from 'react';

export interface Column<Item> {
  readonly title: string;
  readonly cell: (item: Item) => ReactNode;
  /** True where it names the row. Where no column says so, the first does. */
  readonly heads?: boolean;
  /** True for what a machine reads: names of attributes, expressions. */
  readonly mono?: boolean;
  /** True for sentences: on a card they have its whole width, without the title. */
  readonly prose?: boolean;
}

interface FrameProps {
  readonly label: string;
  readonly titles: readonly string[];
  /** True inside a card, which has its own margin. */
  readonly flush?: boolean;
  /** Rows in all, or -1 where nobody knows, when only those in sight are drawn. */
  readonly rowCount?: number | undefined;
  readonly style?: CSSProperties;
  /** Its body. */
  readonly children: ReactNode;
}

interface Props<Item> extends Pick<FrameProps, 'label' | 'flush' | 'style'> {
  readonly columns: readonly Column<Item>[];
  readonly items: readonly Item[];
  readonly keyOf: (item: Item) => string;
}

/** Rows that are all at hand; those a server gives page by page are in `ListTable`. */
export function Table<Item>({ columns, items, keyOf, ...frame }: Props<Item>) {
  return (
    <TableFrame titles={columns.map(({ title }) => title)} {...frame}>
      <tbody>
        {items.map((item) => (
          <tr key={keyOf(item)}>
            <Cells columns={columns} item={item} />
          </tr>
        ))}
      </tbody>
    </TableFrame>
  );
}

/** On a narrow screen a row is a card, each value beside its title: nothing is out of sight. */
export function TableFrame({ label, titles, flush = false, rowCount, style, children }: FrameProps) {
  return (
    <div className="u-table-scroll" tabIndex={0} role="region" aria-label={label} style={style}>
      <table
        className={flush ? 'u-table u-stacked u-flush' : 'u-table u-stacked'}
        aria-label={label}
        aria-rowcount={rowCount}
      >
        <thead>
          <tr>
            {titles.map((title) => (
              <th scope="col" key={title}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        {children}
      </table>
    </div>
  );
}

export function Cells<Item>({ columns, item }: { readonly columns: readonly Column<Item>[]; readonly item: Item }) {
  const heading = columns.find(({ heads }) => heads === true) ?? columns[0];
  return columns.map((column) => {
    const content = column.cell(item);
    const className = column.mono === true ? 'u-mono' : undefined;
    return column === heading ? (
      <th scope="row" key={column.title} className={className}>
        {content}
      </th>
    ) : (
      <td key={column.title} data-title={column.prose === true ? undefined : column.title} className={className}>
        {content}
      </td>
    );
  });
}
