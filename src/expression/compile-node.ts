import { literalText, type ListNode, type MapNode, type MemberNode, type Node } from './ast.ts';
import { compileCall } from './compile-call.ts';
import {
  compileArithmetic,
  compileChoice,
  compileComparison,
  compileLogic,
  compileNot,
  compileSign,
} from './compile-operator.ts';
import type { CompileContext, Compiled, ExpressionDialect } from './compile-context.ts';
import { computed, fail, integerOf, spend } from './evaluation.ts';
import { namespaces } from './functions/table.ts';
import { invalidExpression } from './problem.ts';
import { canonicalAttribute, canonicalRoot, isFixedRoot, misspeltRoot, rootReader } from './references.ts';
import { attributeOf, describe, isArray, isObject, typeOfValue, type ExpressionValue } from './values.ts';

/** Everything needed to compile the nodes of one source. */
export function createCompileContext(source: string, dialect: ExpressionDialect): CompileContext {
  const context: CompileContext = { source, dialect, compile: (node) => compileNode(node, context) };
  return context;
}

function compileNode(node: Node, context: CompileContext): Compiled {
  switch (node.kind) {
    case 'literal': {
      const { value } = node;
      return { type: typeOfValue(value), evaluate: () => value };
    }
    case 'list':
      return compileList(node, context);
    case 'map':
      return compileMap(node, context);
    case 'name':
      return compileRoot(node.name, node.at, context, false);
    case 'member':
      return compileMember(node, context);
    case 'index':
      return compileIndex(node.target, node.index, node.at, context);
    case 'projection':
      return compileProjection(node.target, node.path, node.at, context);
    case 'call':
    case 'method':
      return compileCall(node, context);
    case 'not':
      return compileNot(node, context);
    case 'sign':
      return compileSign(node, context);
    case 'arithmetic':
      return compileArithmetic(node, context);
    case 'comparison':
      return compileComparison(node, context);
    case 'logic':
      return compileLogic(node, context);
    case 'choice':
      return compileChoice(node, context);
  }
}

function compileList({ items, at }: ListNode, context: CompileContext): Compiled {
  const evaluators = items.map((item) => context.compile(item).evaluate);
  return {
    type: 'array',
    evaluate: (evaluation) => {
      const values = evaluators.map((evaluate) => evaluate(evaluation));
      evaluation.at = at;
      return computed(evaluation, values);
    },
  };
}

function compileMap({ entries, at }: MapNode, context: CompileContext): Compiled {
  const evaluators = entries.map(({ key, value }) => [key, context.compile(value).evaluate] as const);
  return {
    type: 'object',
    evaluate: (evaluation) => {
      const values = evaluators.map(([key, evaluate]) => [key, evaluate(evaluation)] as const);
      evaluation.at = at;
      return computed(evaluation, Object.fromEntries(values));
    },
  };
}

/** `isQualified` says that an attribute follows, without which an app name alone means nothing. */
function compileRoot(name: string, at: number, { source, dialect }: CompileContext, isQualified: boolean): Compiled {
  const root = canonicalRoot(name);
  const meant = misspeltRoot(root);
  if (meant !== undefined) throw invalidExpression(source, at, `there is no "${name}"; did you mean ${meant}?`);
  if (namespaces.has(root) && !isFixedRoot(root)) {
    throw invalidExpression(source, at, `${root} is not a value; call one of its functions, as in ${root}.name(…)`);
  }
  if (!isQualified && !isFixedRoot(root)) {
    throw invalidExpression(source, at, `"${shorten(name)}" alone means nothing; write user.${shorten(name)}`);
  }
  if (dialect === 'condition' && root !== 'user') {
    throw invalidExpression(
      source,
      at,
      `group rules read attributes of the user only; write user.…, not ${shorten(name)}`,
    );
  }
  const read = rootReader(root);
  return { type: 'any', evaluate: ({ scope }) => read(scope) ?? null };
}

function compileMember({ target, name }: MemberNode, context: CompileContext): Compiled {
  if (target.kind === 'name') {
    compileRoot(target.name, target.at, context, true);
    const root = canonicalRoot(target.name);
    const read = rootReader(root);
    const attribute = canonicalAttribute(root, name);
    return { type: 'any', evaluate: ({ scope }) => attributeOf(read(scope), attribute) };
  }
  const { evaluate } = context.compile(target);
  return { type: 'any', evaluate: (evaluation) => attributeOf(evaluate(evaluation), name) };
}

function compileIndex(target: Node, index: Node, at: number, context: CompileContext): Compiled {
  const isAttribute = target.kind === 'name' && literalText(index) !== undefined;
  const from = isAttribute
    ? compileRoot(target.name, target.at, context, true).evaluate
    : context.compile(target).evaluate;
  const position = context.compile(index).evaluate;
  return {
    type: 'any',
    evaluate: (evaluation) => {
      const value = from(evaluation);
      const key = position(evaluation);
      evaluation.at = at;
      if (value === null || key === null) return null;
      if (isArray(value)) return value[integerOf(evaluation, key) ?? -1] ?? null;
      if (isObject(value) && typeof key === 'string') return attributeOf(value, key);
      return fail(evaluation, `${describe(value)} cannot be indexed with ${describe(key)}`);
    },
  };
}

function compileProjection(target: Node, path: readonly string[], at: number, context: CompileContext): Compiled {
  const { evaluate } = context.compile(target);
  return {
    type: 'any',
    evaluate: (evaluation) => {
      const value = evaluate(evaluation);
      evaluation.at = at;
      if (value === null) return null;
      if (!isArray(value)) return fail(evaluation, `.![…] needs an array, found ${describe(value)}`);
      spend(evaluation, value.length * path.length);
      return computed(
        evaluation,
        value.map((item) => valueAt(item, path)),
      );
    },
  };
}

function valueAt(item: ExpressionValue, path: readonly string[]): ExpressionValue {
  return path.reduce<ExpressionValue>(attributeOf, item);
}

function shorten(name: string): string {
  return name.length > 40 ? `${name.slice(0, 40)}…` : name;
}
