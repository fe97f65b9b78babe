/** The parameters of a statement that is being put together. Nothing a caller wrote gets into SQL any other way. */
export interface SqlValues {
  readonly values: unknown[];
}

/** Takes a value along; the answer is its place in the SQL, such as `$3`. */
export function bind({ values }: SqlValues, value: unknown): string {
  values.push(value);
  return `$${values.length}`;
}

/** The same for a text: the server need not guess the type. */
export function bindText(into: SqlValues, text: string): string {
  return `${bind(into, text)}::text`;
}

/** A pattern of `like` that stands for this text and nothing else. */
export function likeLiteral(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}
