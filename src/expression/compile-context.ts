import type { Node } from './ast.ts';
import type { Evaluate } from './evaluation.ts';
import type { StaticType } from './values.ts';

/** mapping: any value, every function. condition: a group rule, Boolean, a subset of the functions. */
export type ExpressionDialect = 'mapping' | 'condition';

/** A node as a function of the evaluation, and what is known of its value beforehand. */
export interface Compiled {
  readonly type: StaticType;
  readonly evaluate: Evaluate;
}

/** What compiling one node needs; `compile` compiles the nodes below it. */
export interface CompileContext {
  readonly source: string;
  readonly dialect: ExpressionDialect;
  /** @throws {UsherError} `invalid_expression` for unknown functions, wrong arguments and what the dialect forbids. */
  readonly compile: (node: Node) => Compiled;
}
