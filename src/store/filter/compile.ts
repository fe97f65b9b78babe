import type { Comparison, Filter, Presence } from '../../domain/filter/ast.ts';
import { invalidFilter, type FilterParameter } from '../../domain/filter/problem.ts';
import type { FieldTable, FilterField } from './field.ts';
import type { SqlValues } from './sql-values.ts';

/** What a list can be asked, and in which parameter. */
export interface FilterLanguage {
  readonly parameter: FilterParameter;
  readonly fields: FieldTable;
}

/**
 * The filter as a condition in SQL. A comparison with something that has no value is false, and so its contrary is
 * true: negation is taken down to the comparisons, where SQL's third truth value can be told from false without
 * hiding the comparison from an index.
 *
 * @throws {UsherError} `invalid_input` for an attribute, an operator or a value the language does not have.
 */
export function compileFilter(filter: Filter, language: FilterLanguage, into: SqlValues): string {
  return compile(filter, false, language, into);
}

function compile(filter: Filter, negated: boolean, language: FilterLanguage, into: SqlValues): string {
  switch (filter.kind) {
    case 'not':
      return compile(filter.term, !negated, language, into);
    case 'and':
    case 'or': {
      const word = (filter.kind === 'and') === negated ? ' or ' : ' and ';
      return `(${filter.terms.map((term) => compile(term, negated, language, into)).join(word)})`;
    }
    default:
      return compileComparison(filter, negated, language, into);
  }
}

function compileComparison(
  comparison: Comparison | Presence,
  negated: boolean,
  language: FilterLanguage,
  into: SqlValues,
): string {
  const { attribute, at } = comparison;
  const refuse = (reason: string) =>
    invalidFilter(language.parameter, at, `${attribute} cannot be asked so: ${reason}`);
  const field = fieldOf(attribute, at, language);
  const operator = comparison.kind === 'present' ? 'pr' : comparison.operator;
  if (!field.operators.includes(operator)) {
    throw refuse(`here it takes ${field.operators.join(', ')}, not ${operator}`);
  }
  if (comparison.kind === 'present') return either(field.present(into), negated);
  const { value } = comparison;
  if (value === null) {
    if (operator !== 'eq' && operator !== 'ne') throw refuse('null is compared by eq or ne');
    return either(field.present(into), (operator === 'eq') !== negated);
  }
  return operator === 'ne'
    ? either(field.compare({ operator: 'eq', value, refuse }, into), !negated)
    : either(
        field.compare({ operator: comparison.operator as Exclude<Comparison['operator'], 'ne'>, value, refuse }, into),
        negated,
      );
}

function either(condition: string, negated: boolean): string {
  return negated ? `((${condition}) is not true)` : condition;
}

function fieldOf(attribute: string, at: number, { parameter, fields }: FilterLanguage): FilterField {
  const field = fields.named.get(attribute) ?? fields.others?.(attribute);
  if (field !== undefined) return field;
  const alike = [...fields.named.keys()].find((name) => name.toLowerCase() === attribute.toLowerCase());
  const hint = alike === undefined ? '' : `; names are case-sensitive, so it may be ${alike} that is meant`;
  throw invalidFilter(parameter, at, `there is no attribute ${attribute} to ${parameter} by${hint}`);
}
