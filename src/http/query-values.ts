import { canonicalDateTime } from '../domain/attribute-format.ts';
import { UsherError } from '../lib/errors.ts';
import type { Sorting } from '../store/filter/order.ts';

/**
 * The `limit` of a list: the fallback when it is not given, the most there is when it asks for more.
 *
 * @throws {UsherError} `invalid_input` unless it is a whole number from 1.
 */
export function pageLimit(
  text: string | undefined,
  size: { readonly fallback: number; readonly most: number },
): number {
  if (text === undefined || text === '') return size.fallback;
  const limit = /^\d{1,15}$/.test(text) ? Number(text) : 0;
  if (limit < 1) throw invalidValue('limit', 'must be a whole number of at least 1');
  return Math.min(limit, size.most);
}

/**
 * `sortBy` and `sortOrder`; without the first the second says nothing.
 *
 * @throws {UsherError} `invalid_input` for an order that is neither `asc` nor `desc`.
 */
export function sorting(attribute: string | undefined, order: string | undefined): Sorting | undefined {
  const direction = (order ?? '').toLowerCase();
  if (!['', 'asc', 'desc'].includes(direction)) throw invalidValue('sortOrder', 'must be asc or desc');
  return attribute === undefined || attribute === '' ? undefined : { attribute, descending: direction === 'desc' };
}

/** A parameter that is there but empty asks for nothing. */
export function given(text: string | undefined): string | undefined {
  return text === undefined || text.trim() === '' ? undefined : text;
}

/** @throws {UsherError} `invalid_input` unless it is `true` or `false`. */
export function flag(name: string, text: string | undefined, fallback: boolean): boolean {
  if (text === undefined || text === '') return fallback;
  if (text === 'true' || text === 'false') return text === 'true';
  throw invalidValue(name, 'must be true or false');
}

/** @throws {UsherError} `invalid_input` unless it is a moment with its zone, such as 2026-02-28T09:00:00Z. */
export function moment(name: string, text: string | undefined): Date | undefined {
  if (text === undefined || text === '') return undefined;
  const canonical = canonicalDateTime(text);
  if (canonical !== undefined) return new Date(canonical);
  throw invalidValue(name, 'must be a date and time with its zone, such as 2026-02-28T09:00:00Z');
}

export function invalidValue(field: string, reason: string): UsherError {
  return new UsherError('invalid_input', `The request cannot be taken: ${field} ${reason}.`, {
    causes: [{ field, reason }],
  });
}

/** The values that are there, for options whose absence means something else than undefined. */
export function defined<Values extends object>(
  values: Values,
): { [Name in keyof Values]?: Exclude<Values[Name], undefined> };
export function defined(values: object): object {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
