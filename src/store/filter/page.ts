import { isJsonObject, type Json } from '../../lib/json.ts';
import { invalidCursor } from '../../lib/cursor.ts';
import type { Queryable } from '../database.ts';
import type { SortKey } from './field.ts';
import { bind, bindText, type SqlValues } from './sql-values.ts';

/** Where a page ended: the last id and, in a list with an order of its own, what it was ordered by. */
export type PageEnd = { readonly id: string; readonly by?: string; readonly value?: string | null };

export interface ListOrder {
  /** Names the order, so that a page's end is not taken for one of another order. */
  readonly name: string;
  readonly key: SortKey;
  readonly descending: boolean;
}

export interface PageQuery {
  /** What is selected of each row; must bring an `id`. */
  readonly columns: string;
  readonly from: string;
  /** The id's column. */
  readonly id: string;
  /** Conditions, put together anew for each statement. */
  readonly where: (into: SqlValues) => readonly string[];
  /** Undefined: in order of ids. */
  readonly order?: ListOrder | undefined;
  readonly after?: PageEnd | undefined;
  readonly limit: number;
}

/** A row, and where a page ends that it is the last of. */
export interface Listed<Row> {
  readonly row: Row;
  readonly end: PageEnd;
}

/**
 * One page. In a list with an order rows without a value come last, whichever way it goes, and rows that are alike
 * are in order of their ids. How far into the list the page is makes no difference to what it costs.
 *
 * @throws {UsherError} `invalid_input` for the end of a page in another order.
 */
export async function queryPage<Row extends { readonly id: string }>(
  db: Queryable,
  query: PageQuery,
): Promise<Listed<Row>[]> {
  const { order, after, limit } = query;
  if (after !== undefined && after.by !== order?.name) throw invalidCursor();
  if (order === undefined) return queryPart(db, query, limit, byId(query, after));
  if (!order.key.nullable) return queryPart(db, query, limit, byValue(query, order, after));
  const rows = after?.value === null ? [] : await queryPart<Row>(db, query, limit, byValue(query, order, after));
  if (rows.length === limit) return rows;
  const rest = await queryPart<Row>(db, query, limit - rows.length, withoutValue(query, order, after));
  return [...rows, ...rest];
}

/** A part of a list that one index can bring in order. */
interface Part {
  readonly conditions: (into: SqlValues) => readonly string[];
  readonly order: (into: SqlValues) => string;
  readonly name?: string;
  readonly value?: (into: SqlValues) => string;
}

function byId({ id }: PageQuery, after: PageEnd | undefined): Part {
  return {
    conditions: (into) => (after === undefined ? [] : [`${id} > ${bindText(into, after.id)}`]),
    order: () => id,
  };
}

function byValue({ id }: PageQuery, { name, key, descending }: ListOrder, after: PageEnd | undefined): Part {
  const direction = descending ? 'desc' : 'asc';
  return {
    name,
    value: key.expression,
    conditions: (into) => [
      ...(key.nullable ? [`${key.expression(into)} is not null`] : []),
      ...(after?.value == null
        ? []
        : [
            `(${key.expression(into)}, ${id}) ${descending ? '<' : '>'}
             (${bind(into, after.value)}::${key.type}, ${bindText(into, after.id)})`,
          ]),
    ],
    order: (into) => `${key.expression(into)} ${direction}, ${id} ${direction}`,
  };
}

function withoutValue({ id }: PageQuery, { name, key }: ListOrder, after: PageEnd | undefined): Part {
  return {
    name,
    value: () => 'null',
    conditions: (into) => [
      `${key.expression(into)} is null`,
      ...(after?.value === null ? [`${id} > ${bindText(into, after.id)}`] : []),
    ],
    order: () => id,
  };
}

async function queryPart<Row extends { readonly id: string }>(
  db: Queryable,
  { columns, from, where }: PageQuery,
  limit: number,
  part: Part,
): Promise<Listed<Row>[]> {
  const into: SqlValues = { values: [] };
  const value = part.value === undefined ? '' : `, (${part.value(into)})::text as order_value`;
  const conditions = [...where(into), ...part.conditions(into)];
  const sql = `select ${columns}${value} from ${from}
    ${conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`}
    order by ${part.order(into)} limit ${bind(into, limit)}::int`;
  const rows = await db.query<Row & { readonly order_value?: string | null }>(sql, into.values);
  return rows.map((row) => ({ row, end: endOf(row, part.name) }));
}

function endOf(
  { id, order_value: value = null }: { readonly id: string; readonly order_value?: string | null },
  name: string | undefined,
): PageEnd {
  return name === undefined ? { id } : { id, by: name, value };
}

/** A page's end that has been outside. Undefined where it cannot be one. */
export function asPageEnd(json: Json): PageEnd | undefined {
  if (!isJsonObject(json)) return undefined;
  const { id, by, value = null } = json;
  if (typeof id !== 'string') return undefined;
  if (typeof by !== 'string') return { id };
  return typeof value === 'string' || value === null ? { id, by, value } : undefined;
}
