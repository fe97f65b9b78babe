import { UsherError } from '../lib/errors.ts';
import { collectDependencies } from './dependencies.ts';
import type { ExpressionDialect } from './compile-context.ts';
import { createCompileContext } from './compile-node.ts';
import { compileTruth } from './compile-operator.ts';
import { collectedDependencies, createDependencyCollector } from './dependency-collector.ts';
import type { Evaluate } from './evaluation.ts';
import { parseExpression } from './parser.ts';
import { evaluationFailed, invalidExpression } from './problem.ts';
import type { ExpressionDependencies, ExpressionScope } from './scope.ts';
import type { ExpressionValue, StaticType } from './values.ts';

export type { ExpressionDialect } from './compile-context.ts';
export type { ExpressionValue } from './values.ts';

export interface CompiledExpression {
  readonly source: string;
  readonly dependencies: ExpressionDependencies;
  /** What kind of value it gives, as far as that is known beforehand; null may always come. */
  readonly type: StaticType;
  /** @throws {UsherError} `evaluation_failed` with the place in the source. */
  evaluate(scope: ExpressionScope): ExpressionValue;
}

/** Characters an expression may have. */
const maxSourceLength = 10_000;

/**
 * Compiles an expression of Okta's classic language, to be evaluated any number of times. A `condition` evaluates
 * to true or false; what is not known (null) counts as false there.
 *
 * @throws {UsherError} `invalid_expression` with line, column and what was expected.
 */
export function compileExpression(source: string, dialect: ExpressionDialect): CompiledExpression {
  checkSourceLength(source);
  const node = parseExpression(source, { start: 0, end: source.length, prefixes: false });
  const context = createCompileContext(source, dialect);
  const collector = createDependencyCollector();
  collectDependencies(node, collector);
  const dependencies = collectedDependencies(collector);
  if (dialect === 'mapping') {
    const { type, evaluate } = context.compile(node);
    return compiledExpression(source, dependencies, evaluate, type);
  }
  const truth = compileTruth(node, context);
  return compiledExpression(source, dependencies, (evaluation) => truth(evaluation) ?? false, 'boolean');
}

/** @throws {UsherError} `invalid_expression` */
export function checkSourceLength(source: string): void {
  if (source.length <= maxSourceLength) return;
  const reason = `it has ${source.length} characters, the most we take is ${maxSourceLength}; shorten it`;
  throw invalidExpression(source, maxSourceLength, reason);
}

export function compiledExpression(
  source: string,
  dependencies: ExpressionDependencies,
  evaluate: Evaluate,
  type: StaticType = 'any',
): CompiledExpression {
  return {
    source,
    dependencies,
    type,
    evaluate: (scope) => {
      const evaluation = { scope, source, at: 0, steps: 0, startedMs: undefined };
      try {
        return evaluate(evaluation);
      } catch (error) {
        if (error instanceof UsherError) throw error;
        throw evaluationFailed(source, evaluation.at, 'the data is nested too deeply to work with', error);
      }
    },
  };
}
