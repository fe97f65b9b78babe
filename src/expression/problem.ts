import { UsherError } from '../lib/errors.ts';

/** `offset` counts UTF-16 code units from the start of `source`; the message gives line and column from 1. */
export function invalidExpression(source: string, offset: number, reason: string): UsherError {
  const place = lineAndColumn(source, offset);
  return new UsherError('invalid_expression', `The expression is not valid at ${place}: ${reason}.`, {
    causes: [{ field: 'expression', reason: `${place}: ${reason}` }],
  });
}

/** @see {@link invalidExpression} for what `offset` counts. */
export function evaluationFailed(source: string, offset: number, reason: string, cause?: unknown): UsherError {
  const place = lineAndColumn(source, offset);
  return new UsherError('evaluation_failed', `The expression could not be evaluated at ${place}: ${reason}.`, {
    causes: [{ field: 'expression', reason: `${place}: ${reason}` }],
    cause,
  });
}

function lineAndColumn(source: string, offset: number): string {
  const lineStart = source.lastIndexOf('\n', offset - 1) + 1;
  const line = source.slice(0, lineStart).split('\n').length;
  return `line ${line}, column ${offset - lineStart + 1}`;
}
