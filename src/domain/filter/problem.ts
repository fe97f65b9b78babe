import { UsherError } from '../../lib/errors.ts';

/** Which of the two languages a text is in: they share a grammar, and a fault names the parameter it came in. */
export type FilterParameter = 'search' | 'filter';

/** `offset` counts UTF-16 code units from the start of the text; the message counts characters from 1. */
export function invalidFilter(parameter: FilterParameter, offset: number, reason: string): UsherError {
  const place = `at character ${offset + 1}`;
  return new UsherError('invalid_input', `The ${parameter} is not valid ${place}: ${reason}.`, {
    causes: [{ field: parameter, reason: `${place}: ${reason}` }],
  });
}
