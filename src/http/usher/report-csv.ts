import type { Report, ReportCell, ReportRow } from '../../domain/report.ts';
import { csvLine } from '../../lib/csv-line.ts';
import type { Context } from '../../services/context.ts';
import { readReport, type ReportAsked } from '../../services/reports.ts';

/** Rows that are read and written at once; one page is in memory, however many there are. */
const pageSize = 5_000;

/**
 * A whole report as lines of a file, read page by page while they are sent. Moments are in UTC.
 *
 * The first page is read before it resolves, so that what cannot be asked is an answer and no broken file.
 */
export async function reportAsCsv(
  context: Pick<Context, 'db' | 'clock' | 'actor' | 'rights'>,
  { name, columns, filters }: Report,
  asked: ReportAsked,
): Promise<{ readonly headers: Readonly<Record<string, string>>; readonly lines: AsyncIterable<string> }> {
  const now = context.clock.now();
  // The period does not move while the file is written.
  const fixed = filters.includes('until') ? { until: now, ...asked } : asked;
  const page = (after: readonly string[] | undefined) =>
    readReport(context, name, fixed, { ...(after && { after }), limit: pageSize });
  const first = await page(undefined);
  const line = ({ cells }: ReportRow) => csvLine(columns.map((column) => textOf(cells[column.name] ?? null)));
  const lines = (async function* () {
    yield csvLine(columns.map((column) => column.name));
    for (let rows = first; ; rows = await page(rows.at(-1)?.end)) {
      if (rows.length > 0) yield rows.map(line).join('');
      if (rows.length < pageSize) return;
    }
  })();
  const title = `usher-${name}-${now.toISOString().slice(0, 19).replaceAll(':', '')}.csv`;
  return {
    headers: { 'content-type': 'text/csv; charset=utf-8', 'content-disposition': `attachment; filename="${title}"` },
    lines,
  };
}

function textOf(cell: ReportCell): string | number | null {
  if (cell instanceof Date) return cell.toISOString();
  return typeof cell === 'boolean' ? String(cell) : cell;
}
