import type { Node } from '../ast.ts';
import type { DependencyCollector } from '../dependency-collector.ts';
import type { Evaluation } from '../evaluation.ts';
import type { ExpressionValue, StaticType } from '../values.ts';

/** The arguments of a call; there are as many as the definition's arity allows. */
export type Arguments = readonly ExpressionValue[];

/** One function of the language. Its name is its key in the table. */
export interface FunctionDefinition {
  /** For people: `(text, search)`. */
  readonly signature: string;
  readonly least: number;
  readonly most: number;
  /** True when the arguments from `least` on come in pairs. */
  readonly pairs?: boolean;
  /** Whether group rules may use it. */
  readonly inConditions: boolean;
  readonly returns: StaticType;
  /** Says what is wrong with an argument that is literally in the source; `index` counts from 0. */
  readonly checkLiteral?: (value: string | number | boolean | null, index: number) => string | undefined;
  /** The app type whose profile it returns, so that `.x` on the result counts as a reference to that profile. */
  readonly profileOf?: string;
  readonly dependsOn?: (args: readonly Node[], collector: DependencyCollector) => void;
  readonly run: (args: Arguments, evaluation: Evaluation) => ExpressionValue;
}

export type FunctionTable = { readonly [name: string]: FunctionDefinition };

/** An argument that the arity guarantees, or null for one left out. */
export function argument(args: Arguments, index: number): ExpressionValue {
  return args[index] ?? null;
}
