import type { CallNode, MethodNode, Node } from './ast.ts';
import type { CompileContext, Compiled } from './compile-context.ts';
import { callOf } from './dependencies.ts';
import { computed, spend } from './evaluation.ts';
import type { FunctionDefinition } from './functions/definition.ts';
import { closestFunction, functionNamed } from './functions/table.ts';
import { invalidExpression } from './problem.ts';
import { isObject, type ExpressionValue } from './values.ts';

/** Finds the function, checks the call against its definition and compiles the arguments. */
export function compileCall(node: CallNode | MethodNode, context: CompileContext): Compiled {
  const call = callOf(node);
  const definition = call === undefined ? undefined : functionNamed(call.name);
  if (call === undefined || definition === undefined) throw unknownFunction(node, context);
  checkCall(call.name, call.args, definition, node.at, context);
  const { run, returns } = definition;
  const { at } = node;
  const evaluators = call.args.map((arg) => context.compile(arg).evaluate);
  return {
    type: returns,
    evaluate: (evaluation) => {
      const args: ExpressionValue[] = [];
      for (const evaluate of evaluators) args.push(evaluate(evaluation));
      evaluation.at = at;
      spend(evaluation, 1);
      const value = run(args, evaluation);
      // Functions build texts and arrays; an object is a stored profile that only passes through.
      return isObject(value) ? value : computed(evaluation, value);
    },
  };
}

function checkCall(
  name: string,
  args: readonly Node[],
  definition: FunctionDefinition,
  at: number,
  { source, dialect }: CompileContext,
): void {
  const { least, most, pairs, signature, inConditions, checkLiteral } = definition;
  if (dialect === 'condition' && !inConditions) {
    const allowed = 'String.*, Arrays.*, user.* and isMemberOf…';
    throw invalidExpression(source, at, `${name} is not available in group rules; they have ${allowed}`);
  }
  if (args.length < least || args.length > most || (pairs === true && (args.length - least) % 2 !== 0)) {
    const wanted = `${name} is called as ${name}${signature}`;
    throw invalidExpression(source, at, `${wanted}; found ${args.length} argument${args.length === 1 ? '' : 's'}`);
  }
  for (const [index, arg] of args.entries()) {
    const problem = arg.kind === 'literal' ? checkLiteral?.(arg.value, index) : undefined;
    if (problem !== undefined) throw invalidExpression(source, arg.at, problem);
  }
}

function unknownFunction(node: CallNode | MethodNode, { source }: CompileContext): Error {
  const call = callOf(node);
  const name = (call?.name ?? node.name).slice(0, 60);
  const closest = closestFunction(name);
  if (call === undefined) {
    const instead = closest === undefined ? 'use the functions of String and Arrays' : `write ${closest}(…)`;
    return invalidExpression(source, node.at, `values have no methods such as ${name}; ${instead}`);
  }
  const hint = closest === undefined ? 'see the list of functions' : `did you mean ${closest}?`;
  return invalidExpression(source, node.at, `there is no function ${name}; ${hint}`);
}
