import { jsonEqual } from '../lib/json.ts';
import type { ArithmeticOperator, ComparisonOperator } from './ast.ts';
import { computed, fail, payFor, textOf, type Evaluation } from './evaluation.ts';
import { describe, isArray, isObject, typeOfValue, type ExpressionValue } from './values.ts';

/** What null turns into next to a text, as in the Spring Expression Language. */
const nullText = 'null';

/** `+` joins when one side is a text and adds numbers; `/` between whole numbers gives a whole number. */
export function calculate(
  evaluation: Evaluation,
  operator: ArithmeticOperator,
  left: ExpressionValue,
  right: ExpressionValue,
): ExpressionValue {
  if (typeof left === 'number' && typeof right === 'number') return calculateNumbers(evaluation, operator, left, right);
  if (operator === '+' && (typeof left === 'string' || typeof right === 'string')) {
    return computed(evaluation, (textOf(evaluation, left) ?? nullText) + (textOf(evaluation, right) ?? nullText));
  }
  const hint = operator === '+' && (isArray(left) || isArray(right)) ? '; use Arrays.flatten to join arrays' : '';
  return fail(evaluation, `${operator} does not work between ${describe(left)} and ${describe(right)}${hint}`);
}

/** Any two values can be equal; only values of one type have an order, and null comes before everything. */
export function compare(
  evaluation: Evaluation,
  operator: Exclude<ComparisonOperator, 'matches'>,
  left: ExpressionValue,
  right: ExpressionValue,
): boolean {
  if (operator === '==' || operator === '!=') return equal(evaluation, left, right) === (operator === '==');
  const order = orderOf(evaluation, left, right);
  switch (operator) {
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
  }
}

function equal(evaluation: Evaluation, left: ExpressionValue, right: ExpressionValue): boolean {
  payFor(evaluation, left);
  return jsonEqual(left, right);
}

function orderOf(evaluation: Evaluation, left: ExpressionValue, right: ExpressionValue): number {
  if (left === null || right === null) return Number(left !== null) - Number(right !== null);
  if (typeOfValue(left) !== typeOfValue(right) || isArray(left) || isObject(left)) {
    return fail(evaluation, `${describe(left)} and ${describe(right)} have no order; compare values of one type`);
  }
  payFor(evaluation, left);
  return left < right ? -1 : Number(left > right);
}

function calculateNumbers(evaluation: Evaluation, operator: ArithmeticOperator, left: number, right: number): number {
  if (right === 0 && (operator === '/' || operator === '%')) return fail(evaluation, 'this divides by zero');
  const result = resultOf(operator, left, right);
  return Number.isFinite(result) ? result : fail(evaluation, 'the result is too large for a number');
}

function resultOf(operator: ArithmeticOperator, left: number, right: number): number {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '%':
      return left % right;
    case '/':
      return Number.isInteger(left) && Number.isInteger(right) ? Math.trunc(left / right) : left / right;
  }
}
