import { fail, type Evaluation } from '../evaluation.ts';
import { describe, type ExpressionValue } from '../values.ts';
import { argument, type FunctionTable } from './definition.ts';

export const convertFunctions: FunctionTable = {
  'Convert.toInt': {
    ...{ signature: '(value)', least: 1, most: 1, inConditions: false, returns: 'any' },
    run: (args, evaluation) => {
      const number = numberOf(evaluation, argument(args, 0));
      if (number === null) return null;
      const rounded = Math.round(number);
      if (!Number.isSafeInteger(rounded)) return fail(evaluation, 'the number is too large to be an integer');
      return rounded === 0 ? 0 : rounded;
    },
  },
  'Convert.toNum': {
    ...{ signature: '(value)', least: 1, most: 1, inConditions: false, returns: 'any' },
    run: (args, evaluation) => numberOf(evaluation, argument(args, 0)),
  },
};

const decimalNumber = /^[+-]?\d+(\.\d+)?([eE][+-]?\d{1,3})?$/;

function numberOf(evaluation: Evaluation, value: ExpressionValue): number | null {
  if (value === null || typeof value === 'number') return value;
  const text = typeof value === 'string' && value.length <= 400 ? value.trim() : '';
  const number = decimalNumber.test(text) ? Number(text) : NaN;
  if (Number.isFinite(number)) return number;
  return fail(evaluation, `expected a number such as 1234 or 3.14, found ${describe(value)}`);
}
