import { UsherError } from '../../lib/errors.ts';
import type { FieldTable } from './field.ts';
import type { ListOrder } from './page.ts';

export interface Sorting {
  readonly attribute: string;
  readonly descending: boolean;
}

/** @throws {UsherError} `invalid_input` where there is no order by this attribute. */
export function orderBy(sort: Sorting | undefined, { named }: FieldTable): ListOrder | undefined {
  if (sort === undefined) return undefined;
  const { attribute, descending } = sort;
  const key = named.get(attribute)?.sort;
  if (key !== undefined) return { name: `${attribute} ${descending ? 'desc' : 'asc'}`, key, descending };
  const reason = `cannot be ${attribute}: there is no order by it`;
  throw new UsherError('invalid_input', `The request cannot be taken: sortBy ${reason}.`, {
    causes: [{ field: 'sortBy', reason }],
  });
}
