import type { AttributeDefinition, AttributeType } from '../../domain/profile-schema.ts';
import {
  booleanCondition,
  comparable,
  numberCondition,
  numeric,
  textCondition,
  timeCondition,
  type TextMatch,
} from './conditions.ts';
import { everyOperator, timeOperators, type FieldComparison, type FilterField } from './field.ts';
import { bind, bindText, type SqlValues } from './sql-values.ts';

type Operators = FilterField['operators'];

/** A column of texts. */
export function textField(sql: string, match: TextMatch, operators: Operators = everyOperator): FilterField {
  return {
    operators,
    compare: (comparison, into) => textCondition(sql, match, comparison, into),
    present: () => `${sql} is not null`,
    sort: { expression: () => comparable(sql, match), type: 'text', nullable: true },
  };
}

/** An id, or another text that is the same only letter by letter whatever the list's rule. */
export function idField(sql: string, operators: Operators = everyOperator): FilterField {
  const field = textField(sql, 'exact', operators);
  return { ...field, sort: { expression: () => comparable(sql, 'exact'), type: 'text', nullable: false } };
}

export function timeField(
  sql: string,
  { nullable, shownToMs = 1_000 }: { readonly nullable: boolean; readonly shownToMs?: 1 | 1_000 },
  operators: Operators = timeOperators,
): FilterField {
  return {
    operators,
    compare: (comparison, into) => timeCondition(sql, shownToMs, comparison, into),
    present: () => `${sql} is not null`,
    sort: { expression: () => sql, type: 'timestamptz', nullable },
  };
}

/**
 * A column that holds one of a few texts, by the text each is shown as. What is asked is decided here, so that SQL
 * only looks for what is stored, whatever the operator.
 *
 * `closed`: nothing else can be meant, and asking for it is a fault.
 */
export function chosenField(
  sql: string,
  match: TextMatch,
  { shown, closed }: { readonly shown: Readonly<Record<string, string>>; readonly closed: boolean },
  operators: Operators = everyOperator,
): FilterField {
  const fold = (text: string) => (match === 'folded' ? text.toLowerCase() : text);
  return {
    operators,
    compare: ({ operator, value, refuse }, into) => {
      if (typeof value !== 'string') throw refuse('it is compared with text, which stands in double quotes');
      const known = Object.entries(shown);
      const given = fold(value);
      const found = known.filter(([, text]) => holds(fold(text), operator, given)).map(([stored]) => stored);
      if (closed && operator === 'eq' && found.length === 0) {
        throw refuse(`it is one of ${known.map(([, text]) => text).join(', ')}`);
      }
      const [only] = found;
      if (only === undefined) return 'false';
      return found.length === 1 ? `${sql} = ${bindText(into, only)}` : `${sql} = any(${bind(into, found)}::text[])`;
    },
    present: () => `${sql} is not null`,
    sort: { expression: () => comparable(sql, 'exact'), type: 'text', nullable: false },
  };
}

/** Something that is the same in every row, so that the answer is known before any is read; null: it has no value. */
export function constantField(constant: string | null, match: TextMatch = 'exact'): FilterField {
  return {
    operators: everyOperator,
    compare: ({ operator, value }) =>
      String(constant !== null && holds(fold(constant, match), operator, fold(String(value), match))),
    present: () => String(constant !== null),
  };
}

/**
 * An attribute of a profile in jsonb. `narrow` adds a condition, implied by one for equality, that an index serves.
 */
export function profileField(
  profile: string,
  name: string,
  { type, items }: Pick<AttributeDefinition, 'type' | 'items'>,
  options: {
    readonly match: TextMatch;
    readonly operators?: Operators;
    readonly narrow?: (value: unknown, into: SqlValues) => string;
  },
): FilterField {
  const { match, operators = everyOperator, narrow } = options;
  const json = (into: SqlValues) => `(${profile}->${bindText(into, name)})`;
  const text = (into: SqlValues) => `(${profile}->>${bindText(into, name)})`;
  const narrowed = (condition: string, { operator, value }: FieldComparison, into: SqlValues) =>
    narrow === undefined || operator !== 'eq' || typeof value !== 'string'
      ? condition
      : `(${condition} and ${narrow(type === 'array' ? [value] : value, into)})`;
  const present = (into: SqlValues) => `${text(into)} is not null`;
  if (type === 'array') {
    const itemType = items?.type ?? 'string';
    return {
      operators,
      present,
      compare: (comparison, into) => {
        const whole = json(into);
        const one = valueCondition('item.value', `(item.value #>> '{}')`, itemType, match, comparison, into);
        const some = `exists (select 1 from jsonb_array_elements(case jsonb_typeof(${whole}) when 'array' then ${whole} end) as item(value) where ${one})`;
        return itemType === 'string' ? narrowed(some, comparison, into) : some;
      },
    };
  }
  return {
    operators,
    present,
    compare: (comparison, into) =>
      type === 'string' || type === 'object'
        ? narrowed(textCondition(text(into), match, comparison, into), comparison, into)
        : valueCondition(json(into), '', type, match, comparison, into),
    sort:
      type === 'number' || type === 'integer'
        ? { expression: (into) => numeric(json(into)), type: 'numeric', nullable: true }
        : { expression: (into) => comparable(text(into), match), type: 'text', nullable: true },
  };
}

function valueCondition(
  json: string,
  text: string,
  type: AttributeType,
  match: TextMatch,
  comparison: FieldComparison,
  into: SqlValues,
): string {
  if (type === 'number' || type === 'integer') return numberCondition(json, comparison, into);
  if (type === 'boolean') return booleanCondition(json, comparison, into);
  return textCondition(text, match, comparison, into);
}

function fold(text: string, match: TextMatch): string {
  return match === 'folded' ? text.toLowerCase() : text;
}

function holds(text: string, operator: FieldComparison['operator'], given: string): boolean {
  switch (operator) {
    case 'eq':
      return text === given;
    case 'sw':
      return text.startsWith(given);
    case 'co':
      return text.includes(given);
    case 'ew':
      return text.endsWith(given);
    case 'gt':
      return text > given;
    case 'ge':
      return text >= given;
    case 'lt':
      return text < given;
    case 'le':
      return text <= given;
  }
}
