import fc from 'fast-check';
import { filterOperators, type Filter, type FilterValue } from '../src/domain/filter/ast.ts';

/** A filter as somebody might write it: operators in some letter case, junctions in parentheses. */
export function printFilter(filter: Filter): string {
  switch (filter.kind) {
    case 'compare':
      return `${filter.attribute} ${filter.operator.toUpperCase()} ${JSON.stringify(filter.value)}`;
    case 'present':
      return `${filter.attribute} pr`;
    case 'not':
      return `not (${printFilter(filter.term)})`;
    default:
      return filter.terms.map(printOperand).join(` ${filter.kind.toUpperCase()} `);
  }
}

function printOperand(filter: Filter): string {
  return filter.kind === 'and' || filter.kind === 'or' ? `(${printFilter(filter)})` : printFilter(filter);
}

/** The same without places in the text. */
export function withoutPlaces(filter: Filter): unknown {
  switch (filter.kind) {
    case 'compare':
    case 'present':
      return { ...filter, at: 0 };
    case 'not':
      return { kind: 'not', term: withoutPlaces(filter.term) };
    default:
      return { kind: filter.kind, terms: filter.terms.map(withoutPlaces) };
  }
}

/** Any filter over these comparisons. */
export function anyFilter(leaves: fc.Arbitrary<Filter>, maxDepth = 4): fc.Arbitrary<Filter> {
  const { filter } = fc.letrec<{ filter: Filter }>((tie) => ({
    filter: fc.oneof(
      { depthIdentifier: 'filter', maxDepth, withCrossShrink: true },
      leaves,
      fc.record({
        kind: fc.constantFrom('and' as const, 'or' as const),
        terms: fc.array(tie('filter'), { minLength: 2, maxLength: 3 }),
      }),
      fc.record({ kind: fc.constant('not' as const), term: tie('filter') }),
    ),
  }));
  return filter;
}

/** Comparisons of any of these attributes with any of these values. */
export function anyComparison(attributes: readonly string[], values: fc.Arbitrary<FilterValue>): fc.Arbitrary<Filter> {
  const attribute = fc.constantFrom(...attributes);
  const at = fc.constant(0);
  return fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('compare' as const),
        attribute,
        operator: fc.constantFrom(...filterOperators),
        value: values,
        at,
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('present' as const), attribute, at }) },
  );
}
