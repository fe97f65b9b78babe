/** What a comparison does with an attribute and a value; `pr` (is there) takes none. */
export const filterOperators = ['eq', 'ne', 'sw', 'co', 'ew', 'gt', 'ge', 'lt', 'le'] as const;
export type FilterOperator = (typeof filterOperators)[number];

export type FilterValue = string | number | boolean | null;

/** A condition on the things in a list, as SCIM filters (RFC 7644, 3.4.2.2) and Okta's `search` and `filter` write it. */
export type Filter = Comparison | Presence | Junction | Negation;

export interface Comparison {
  readonly kind: 'compare';
  /** As written: `profile.department`. */
  readonly attribute: string;
  readonly operator: FilterOperator;
  readonly value: FilterValue;
  /** Where the attribute begins, in UTF-16 code units from 0. */
  readonly at: number;
}

export interface Presence {
  readonly kind: 'present';
  readonly attribute: string;
  readonly at: number;
}

export interface Junction {
  readonly kind: 'and' | 'or';
  /** Two or more. */
  readonly terms: readonly Filter[];
}

export interface Negation {
  readonly kind: 'not';
  readonly term: Filter;
}
