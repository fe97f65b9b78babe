import type { Filter } from './ast.ts';

/** True where everything the filter can find is after some moment: it asks what has happened since. */
export function asksAfter(filter: Filter, attribute: string): boolean {
  if (filter.kind === 'and') return filter.terms.some((term) => asksAfter(term, attribute));
  if (filter.kind !== 'compare' || filter.attribute !== attribute) return false;
  return filter.operator === 'gt' || filter.operator === 'ge';
}
