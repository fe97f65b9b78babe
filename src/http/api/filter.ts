import { invalidValue } from '../query-values.ts';

/**
 * The comparisons of a filter such as `status eq "ACTIVE" and name eq "slack"`, by attribute. Operators are in any
 * letter case; so far there are `eq` and `and`.
 *
 * @throws {UsherError} `invalid_input` for anything else, and for an attribute that is not among `known`.
 */
export function equalities<Name extends string>(
  filter: string | undefined,
  known: readonly Name[],
): { readonly [Attribute in Name]?: string } {
  const found: { [Attribute in Name]?: string } = {};
  if (filter === undefined || filter.trim() === '') return found;
  let rest = filter.trim();
  for (;;) {
    const comparison = /^([\w.]+)\s+eq\s+("(?:[^"\\]|\\.)*")/i.exec(rest);
    const name = known.find((candidate) => candidate === comparison?.[1]);
    if (comparison === null || name === undefined || found[name] !== undefined) throw unsupported(known);
    found[name] = unquoted(comparison[2] ?? '');
    rest = rest.slice(comparison[0].length).trimStart();
    if (rest === '') return found;
    const and = /^and\s+/i.exec(rest);
    if (and === null) throw unsupported(known);
    rest = rest.slice(and[0].length);
  }
}

function unquoted(text: string): string {
  return text.slice(1, -1).replace(/\\(.)/gs, '$1');
}

function unsupported(known: readonly string[]) {
  return invalidValue(
    'filter',
    `must be of the form attribute eq "value", joined by and, with each of ${known.join(', ')} at most once`,
  );
}
