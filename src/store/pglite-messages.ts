/** What goes from us to the thread the embedded database runs in. Each request is answered once, by its id. */
export type PgliteRequest = { readonly id: number } & (
  | { readonly kind: 'query'; readonly sql: string; readonly parameters: readonly unknown[]; readonly tx?: number }
  | { readonly kind: 'execute'; readonly script: string }
  /** Opens transaction `tx`; until it is committed or rolled back, statements outside it wait. */
  | { readonly kind: 'begin' | 'commit' | 'rollback'; readonly tx: number }
  | { readonly kind: 'listen' | 'unlisten'; readonly channel: string }
  | { readonly kind: 'close' }
);

/** One statement's rows, each a list in the order of `fields`. JSON columns are still text. */
export interface RawResult {
  readonly fields: readonly { readonly name: string; readonly json: boolean }[];
  readonly rows: readonly (readonly unknown[])[];
}

/** What comes back. An error travels as its message and what PostgreSQL said besides (code, detail, constraint …). */
export type PgliteMessage =
  | { readonly id: number; readonly results: readonly RawResult[] }
  | { readonly id: number; readonly error: { readonly message: string; readonly [property: string]: unknown } }
  | { readonly channel: string; readonly payload: string };
