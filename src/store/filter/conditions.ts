import { canonicalDateTime } from '../../domain/attribute-format.ts';
import type { FieldComparison, FieldOperator } from './field.ts';
import { bind, bindText, likeLiteral, type SqlValues } from './sql-values.ts';

/** How texts are held against each other: `exact`, or `folded`, in any letter case. */
export type TextMatch = 'exact' | 'folded';

/** The form in which texts are held against each other and put in order: by code point, the same everywhere. */
export function comparable(sql: string, match: TextMatch): string {
  return match === 'folded' ? `lower(${sql}) collate "C"` : `${sql} collate "C"`;
}

export function textCondition(
  sql: string,
  match: TextMatch,
  { operator, value, refuse }: FieldComparison,
  into: SqlValues,
): string {
  if (typeof value !== 'string') throw refuse('it is compared with text, which stands in double quotes');
  const side = comparable(sql, match);
  const given = (text: string) => (match === 'folded' ? `lower(${bindText(into, text)})` : bindText(into, text));
  switch (operator) {
    case 'eq':
      // As it is stored, so that an index over a plain column serves it.
      return match === 'folded' ? `${side} = ${given(value)}` : `${sql} = ${given(value)}`;
    case 'sw':
      return `${side} like ${given(`${likeLiteral(value)}%`)}`;
    case 'ew':
      return `${side} like ${given(`%${likeLiteral(value)}`)}`;
    case 'co':
      return `${side} like ${given(`%${likeLiteral(value)}%`)}`;
    default:
      return `${side} ${symbols[operator]} ${given(value)}`;
  }
}

/**
 * Times are compared as they are shown, to the second or the millisecond: `eq` finds what a client has read here.
 * The column stands alone on its side, so that an index serves it.
 */
export function timeCondition(
  sql: string,
  unitMs: 1 | 1_000,
  { operator, value, refuse }: FieldComparison,
  into: SqlValues,
): string {
  const canonical = typeof value === 'string' ? canonicalDateTime(value) : undefined;
  if (canonical === undefined) {
    throw refuse('it is compared with a date and time with its zone, such as "2026-02-28T09:00:00.000Z"');
  }
  const given = Date.parse(canonical);
  const floor = Math.floor(given / unitMs) * unitMs;
  const at = (ms: number) => `${bind(into, new Date(ms).toISOString())}::timestamptz`;
  /** The first moment that is shown as later than, or as no earlier than, what was given. */
  const after = () => at(floor + unitMs);
  const from = () => at(floor === given ? floor : floor + unitMs);
  switch (operator) {
    case 'eq':
      return floor === given ? `(${sql} >= ${at(floor)} and ${sql} < ${after()})` : 'false';
    case 'gt':
      return `${sql} >= ${after()}`;
    case 'ge':
      return `${sql} >= ${from()}`;
    case 'lt':
      return `${sql} < ${from()}`;
    case 'le':
      return `${sql} < ${after()}`;
    default:
      throw refuse('a date and time has no beginning, end or part to look for');
  }
}

/** `json` is the value as jsonb. One that is no number is equal to none. */
export function numberCondition(json: string, { operator, value, refuse }: FieldComparison, into: SqlValues): string {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number)) throw refuse('it is compared with a number');
  const symbol = symbols[operator as keyof typeof symbols];
  if (symbol === undefined) throw refuse('a number has no beginning, end or part to look for');
  return `${numeric(json)} ${symbol} ${bind(into, String(number))}::numeric`;
}

export function numeric(json: string): string {
  return `(case jsonb_typeof(${json}) when 'number' then (${json} #>> '{}')::numeric end)`;
}

export function booleanCondition(json: string, { operator, value, refuse }: FieldComparison, into: SqlValues): string {
  const wanted = value === 'true' ? true : value === 'false' ? false : value;
  if (typeof wanted !== 'boolean' || operator !== 'eq') throw refuse('it is compared with true or false, by eq or ne');
  return `${json} = ${bindText(into, String(wanted))}::jsonb`;
}

const symbols = { eq: '=', gt: '>', ge: '>=', lt: '<', le: '<=' } as const satisfies Partial<
  Record<FieldOperator, string>
>;
