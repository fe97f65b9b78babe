import type { FilterOperator, FilterValue } from '../../domain/filter/ast.ts';
import type { UsherError } from '../../lib/errors.ts';
import type { SqlValues } from './sql-values.ts';

/** `ne` is the contrary of `eq`, so that no field has to know it. */
export type FieldOperator = Exclude<FilterOperator, 'ne'>;

export interface FieldComparison {
  readonly operator: FieldOperator;
  readonly value: Exclude<FilterValue, null>;
  /** The fault to throw where the field cannot be compared so; `reason` is the end of a sentence. */
  refuse(reason: string): UsherError;
}

/** Something a list can be asked about, and how it is in SQL. Conditions may be null where there is no value. */
export interface FilterField {
  readonly operators: readonly (FilterOperator | 'pr')[];
  compare(comparison: FieldComparison, into: SqlValues): string;
  present(into: SqlValues): string;
  /** Undefined where lists have no order by it. */
  readonly sort?: SortKey;
}

export interface SortKey {
  /** May be null in rows without a value, which come last. */
  expression(into: SqlValues): string;
  readonly type: 'text' | 'timestamptz' | 'numeric';
  readonly nullable: boolean;
}

/** What a list can be asked about, by the name of the attribute. */
export interface FieldTable {
  readonly named: ReadonlyMap<string, FilterField>;
  /** For names there is no end of. */
  readonly others?: (attribute: string) => FilterField | undefined;
}

export const everyOperator = ['eq', 'ne', 'sw', 'co', 'ew', 'gt', 'ge', 'lt', 'le', 'pr'] as const;
export const timeOperators = ['eq', 'ne', 'gt', 'ge', 'lt', 'le', 'pr'] as const;
