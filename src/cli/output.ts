import type { Json, JsonObject } from '../lib/json.ts';
import { createStyle, displayWidth, padded, printable, truncated, type Style } from './terminal-text.ts';

/** A stream to print on; `isTTY` and `columns` as Node's terminals have them. */
export type PrintStream = NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };

export interface OutputOptions {
  readonly stdout: PrintStream;
  readonly stderr: PrintStream;
  /** Documents instead of text on stdout. */
  readonly json: boolean;
  /** No messages on stderr except failures. */
  readonly quiet: boolean;
  readonly colour: boolean;
}

/** Where a command's words go: what was asked for to stdout, what is said about it to stderr. */
export interface Output {
  readonly json: boolean;
  readonly quiet: boolean;
  /** Colours for stdout. */
  readonly style: Style;
  /** Colours for stderr. */
  readonly noteStyle: Style;
  /** Prints the answer: the document with `--json`, else the text. */
  answer(document: Json, text: () => string): void;
  /** One line of a stream of documents (NDJSON). */
  document(document: Json): void;
  text(line: string): void;
  /** Whether columns of stdout or stderr are a terminal's. */
  readonly terminal: { readonly stdout: boolean; readonly stderr: boolean };
  note(line: string): void;
  failure(message: string, details: readonly string[]): void;
  /** Writes to stderr as it is, for progress bars and prompts. */
  readonly stderr: PrintStream;
  /** A table as text, fitted to the width of stdout where it is a terminal. */
  table(columns: readonly Column[], rows: readonly JsonObject[]): string;
}

export interface Column {
  readonly title: string;
  readonly value: (row: JsonObject) => string;
  readonly align?: 'right';
  readonly colour?: (row: JsonObject, style: Style) => (text: string) => string;
}

export function createOutput(options: OutputOptions): Output {
  const { stdout, stderr, json, quiet } = options;
  const terminal = { stdout: stdout.isTTY === true, stderr: stderr.isTTY === true };
  const style = createStyle(options.colour && terminal.stdout);
  const noteStyle = createStyle(options.colour && terminal.stderr);
  return {
    json,
    quiet,
    style,
    noteStyle,
    terminal,
    stderr,
    answer: (document, text) => {
      const shown = json ? JSON.stringify(document, null, 2) : text();
      if (shown !== '') stdout.write(`${shown}\n`);
    },
    document: (document) => stdout.write(`${JSON.stringify(document)}\n`),
    text: (line) => stdout.write(`${line}\n`),
    note: (line) => {
      if (!quiet) stderr.write(`${line}\n`);
    },
    failure: (message, details) => {
      stderr.write(`${noteStyle.red('✗')} ${printable(message)}\n`);
      for (const detail of details) stderr.write(`  ${printable(detail)}\n`);
    },
    table: (columns, rows) => renderTable(columns, rows, style, terminal.stdout ? (stdout.columns ?? 80) : undefined),
  };
}

/** `name  value` lines, the names aligned; empty values are left out. */
export function facts(pairs: readonly (readonly [name: string, value: string])[], style: Style): string {
  const shown = pairs.filter(([, value]) => value !== '');
  const width = Math.max(0, ...shown.map(([name]) => displayWidth(name)));
  return shown.map(([name, value]) => `${style.dim(padded(name, width))}  ${printable(value)}`).join('\n');
}

const gap = '  ';
const narrowest = 8;

function renderTable(
  columns: readonly Column[],
  rows: readonly JsonObject[],
  style: Style,
  widthMax: number | undefined,
): string {
  if (rows.length === 0) return style.dim('None.');
  const cells = rows.map((row) => columns.map((column) => printable(column.value(row))));
  const widths = columns.map(({ title }, index) =>
    Math.max(displayWidth(title), ...cells.map((line) => displayWidth(line[index] ?? ''))),
  );
  if (widthMax !== undefined) shrink(widths, widthMax - gap.length * (columns.length - 1));
  const line = (texts: readonly string[], paint: (index: number) => (text: string) => string) =>
    texts
      .map((text, index) => {
        const width = widths[index] ?? 0;
        return paint(index)(
          padded(truncated(text, width), width, columns[index]?.align === 'right' ? 'left' : 'right'),
        );
      })
      .join(gap)
      .trimEnd();
  const header = line(
    columns.map((column) => column.title.toUpperCase()),
    () => style.dim,
  );
  const body = cells.map((texts, position) =>
    line(texts, (index) => {
      const row = rows[position];
      return (row && columns[index]?.colour?.(row, style)) ?? ((text) => text);
    }),
  );
  return [header, ...body].join('\n');
}

/** Takes columns from the widest until all fit. */
function shrink(widths: number[], available: number): void {
  let excess = widths.reduce((sum, width) => sum + width, 0) - available;
  while (excess > 0) {
    const widest = Math.max(...widths);
    if (widest <= narrowest) return;
    widths[widths.indexOf(widest)] = widest - 1;
    excess -= 1;
  }
}
