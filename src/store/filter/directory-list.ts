import type { Filter } from '../../domain/filter/ast.ts';
import type { AttributeDefinitions } from '../../domain/profile-schema.ts';
import type { GroupScope } from '../../domain/rights.ts';
import { compileFilter } from './compile.ts';
import type { FieldTable } from './field.ts';
import type { Sorting } from './order.ts';
import type { PageEnd } from './page.ts';
import type { SqlValues } from './sql-values.ts';

/** What a list of people or of groups is asked for. */
export interface DirectoryList {
  /** Attributes `search` and `sort` may name. */
  readonly attributes: AttributeDefinitions;
  /** Start of a name, in any letter case. */
  readonly prefix?: string;
  /** These groups, or members of them, only. */
  readonly within?: GroupScope;
  readonly search?: Filter;
  readonly filter?: Filter;
  readonly sort?: Sorting;
  readonly after?: PageEnd;
  readonly limit: number;
}

/** What each part of the question may name. */
export interface DirectoryFields {
  readonly search: FieldTable;
  readonly filter: FieldTable;
  /** The names a prefix is looked for in. */
  readonly beginning: (prefix: string) => Filter;
}

/** The conditions of prefix, search and filter. @throws {UsherError} `invalid_input` for what cannot be asked for. */
export function askedConditions(
  { prefix, search, filter }: Pick<DirectoryList, 'prefix' | 'search' | 'filter'>,
  fields: DirectoryFields,
  into: SqlValues,
): string[] {
  const searched = { parameter: 'search', fields: fields.search } as const;
  return [
    ...(prefix === undefined ? [] : [compileFilter(fields.beginning(prefix), searched, into)]),
    ...(search === undefined ? [] : [compileFilter(search, searched, into)]),
    ...(filter === undefined ? [] : [compileFilter(filter, { parameter: 'filter', fields: fields.filter }, into)]),
  ];
}
