import { UsherError } from '../lib/errors.ts';
import { linearRegex, type LinearRegex } from '../lib/linear-regex.ts';
import {
  literalText,
  type ArithmeticNode,
  type ChoiceNode,
  type ComparisonNode,
  type LogicNode,
  type Node,
  type NotNode,
  type SignNode,
} from './ast.ts';
import type { CompileContext, Compiled } from './compile-context.ts';
import { fail, matchesPattern, matchesRegex, textOf, truthOf, type Evaluate, type Evaluation } from './evaluation.ts';
import { calculate, compare } from './operators.ts';
import { invalidExpression } from './problem.ts';
import { describe, type StaticType } from './values.ts';

/** A Boolean, or null for "not known", which is neither true nor false. */
export type EvaluateTruth = (evaluation: Evaluation) => boolean | null;

/** @throws {UsherError} `invalid_expression` when the node can be seen not to be a Boolean. */
export function compileTruth(node: Node, context: CompileContext): EvaluateTruth {
  const { type, evaluate } = context.compile(node);
  if (type !== 'boolean' && type !== 'any' && type !== 'null') {
    throw invalidExpression(context.source, node.at, `expected true or false here, found ${typeNames[type]}`);
  }
  return (evaluation) => truthOf(evaluation, evaluate(evaluation), node.at);
}

const typeNames: { readonly [Type in Exclude<StaticType, 'boolean' | 'any' | 'null'>]: string } = {
  ...{ number: 'a number', string: 'a text', array: 'an array', object: 'an object' },
};

export function compileNot({ operand }: NotNode, context: CompileContext): Compiled {
  const truth = compileTruth(operand, context);
  return {
    type: 'boolean',
    evaluate: (evaluation) => {
      const value = truth(evaluation);
      return value === null ? null : !value;
    },
  };
}

/** Stops at the first operand that decides; null decides nothing. */
export function compileLogic({ operator, operands }: LogicNode, context: CompileContext): Compiled {
  const truths = operands.map((operand) => compileTruth(operand, context));
  const deciding = operator === 'OR';
  return {
    type: 'boolean',
    evaluate: (evaluation) => {
      let undecided: boolean | null = !deciding;
      for (const truth of truths) {
        const value = truth(evaluation);
        if (value === deciding) return value;
        if (value === null) undecided = null;
      }
      return undecided;
    },
  };
}

export function compileSign({ operator, operand, at }: SignNode, context: CompileContext): Compiled {
  const { evaluate } = context.compile(operand);
  return {
    type: 'number',
    evaluate: (evaluation) => {
      const value = evaluate(evaluation);
      evaluation.at = at;
      if (typeof value !== 'number') return fail(evaluation, `${operator} needs a number, found ${describe(value)}`);
      return operator === '-' ? -value : value;
    },
  };
}

export function compileArithmetic({ first, rest }: ArithmeticNode, context: CompileContext): Compiled {
  const start = context.compile(first);
  const steps = rest.map(({ operator, operand, at }) => ({ operator, at, operand: context.compile(operand) }));
  return {
    type: arithmeticType(start.type, steps),
    evaluate: (evaluation) => {
      let value = start.evaluate(evaluation);
      for (const { operator, operand, at } of steps) {
        const right = operand.evaluate(evaluation);
        evaluation.at = at;
        value = calculate(evaluation, operator, value, right);
      }
      return value;
    },
  };
}

function arithmeticType(
  start: StaticType,
  steps: readonly { readonly operator: string; readonly operand: Compiled }[],
): StaticType {
  return steps.reduce<StaticType>((type, { operator, operand }) => {
    if (operator !== '+') return 'number';
    if (type === 'string' || operand.type === 'string') return 'string';
    return type === 'number' && operand.type === 'number' ? 'number' : 'any';
  }, start);
}

export function compileComparison(node: ComparisonNode, context: CompileContext): Compiled {
  const { operator, at } = node;
  const left = context.compile(node.left).evaluate;
  const right = context.compile(node.right).evaluate;
  if (operator === 'matches') return compileMatch(node, left, right, context);
  return {
    type: 'boolean',
    evaluate: (evaluation) => {
      const leftValue = left(evaluation);
      const rightValue = right(evaluation);
      evaluation.at = at;
      return compare(evaluation, operator, leftValue, rightValue);
    },
  };
}

/** A pattern that stands in the source is compiled once and reported at its place. */
function compileMatch(node: ComparisonNode, left: Evaluate, right: Evaluate, context: CompileContext): Compiled {
  const literal = literalText(node.right);
  const regex = literal === undefined ? undefined : regexAt(literal, node.right.at, context);
  return {
    type: 'boolean',
    evaluate: (evaluation) => {
      const value = left(evaluation);
      const pattern = right(evaluation);
      evaluation.at = node.at;
      const text = textOf(evaluation, value);
      if (text === null || pattern === null) return false;
      if (regex !== undefined) return matchesRegex(evaluation, text, regex);
      return typeof pattern === 'string'
        ? matchesPattern(evaluation, text, pattern)
        : fail(evaluation, `matches needs a regular expression as text, found ${describe(pattern)}`);
    },
  };
}

function regexAt(pattern: string, at: number, { source }: CompileContext): LinearRegex {
  try {
    return linearRegex(pattern);
  } catch (error) {
    throw error instanceof UsherError ? invalidExpression(source, at, error.message) : error;
  }
}

export function compileChoice({ cases, otherwise }: ChoiceNode, context: CompileContext): Compiled {
  const last = context.compile(otherwise);
  const steps = cases.map(({ test, then }) => {
    if (then === undefined) return { kind: 'elvis', value: context.compile(test) } as const;
    return { kind: 'test', truth: compileTruth(test, context), value: context.compile(then) } as const;
  });
  return {
    type: steps.every(({ value }) => value.type === last.type) ? last.type : 'any',
    evaluate: (evaluation) => {
      for (const step of steps) {
        if (step.kind === 'test') {
          if (step.truth(evaluation) === true) return step.value.evaluate(evaluation);
        } else {
          const value = step.value.evaluate(evaluation);
          if (value !== null && value !== '') return value;
        }
      }
      return last.evaluate(evaluation);
    },
  };
}
