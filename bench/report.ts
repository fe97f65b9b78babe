/** One figure held against its bar in DESIGN section 9. */
export interface Judged {
  readonly what: string;
  readonly value: number;
  readonly bar: { readonly atLeast: number } | { readonly atMost: number };
}

/** What a benchmark found: rows to show, and figures with bars. */
export interface Findings {
  /** Per table one object per line; keys are the headings. */
  readonly tables: readonly (readonly Readonly<Record<string, string | number>>[])[];
  readonly judged: readonly Judged[];
  /** Database versions, for the machine's line. */
  readonly databases: readonly string[];
  readonly raw: unknown;
}

export function isMet({ value, bar }: Judged): boolean {
  return 'atLeast' in bar ? value >= bar.atLeast : value <= bar.atMost;
}

export function judgedLine(judged: Judged): string {
  const { what, value, bar } = judged;
  const limit = 'atLeast' in bar ? `>= ${bar.atLeast}` : `<= ${bar.atMost}`;
  return `${isMet(judged) ? 'pass' : 'MISS'}  ${value.toFixed(3).padStart(8)}  ${limit.padEnd(8)}  ${what}`;
}

/** Columns as wide as their widest cell, numbers to the right. */
export function table(rows: Findings['tables'][number]): string {
  const headings = Object.keys(rows[0] ?? {});
  const cells = [headings, ...rows.map((row) => headings.map((heading) => String(row[heading] ?? '')))];
  const widths = headings.map((_, column) => Math.max(...cells.map((line) => line[column]?.length ?? 0)));
  const isText = headings.map((heading) => typeof rows[0]?.[heading] === 'string');
  return cells
    .map((line) =>
      line
        .map((cell, column) => (isText[column] ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
