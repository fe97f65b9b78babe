import { childrenOf, literalText, type Node } from './ast.ts';
import type { DependencyCollector } from './dependency-collector.ts';
import { functionNamed } from './functions/table.ts';
import { canonicalAttribute, canonicalRoot } from './references.ts';

/** Adds everything the tree looks at, in source order. */
export function collectDependencies(node: Node, collector: DependencyCollector): void {
  const reference = referenceOf(node);
  if (reference !== undefined) {
    collector.references.add(reference);
    return;
  }
  const call = callOf(node);
  if (call === undefined) {
    for (const child of childrenOf(node)) collectDependencies(child, collector);
    return;
  }
  functionNamed(call.name)?.dependsOn?.(call.args, collector);
  for (const arg of call.args) collectDependencies(arg, collector);
}

/** The name and arguments of a function call; a function of a namespace is called with its full name. */
export function callOf(node: Node): { readonly name: string; readonly args: readonly Node[] } | undefined {
  if (node.kind === 'call') return node;
  if (node.kind !== 'method' || node.target.kind !== 'name') return undefined;
  return { name: `${node.target.name}.${node.name}`, args: node.args };
}

/** `root.attribute`, or the root alone where no single attribute can be told. */
function referenceOf(node: Node): string | undefined {
  const root = rootOf(node);
  if (root !== undefined) return root;
  if (node.kind !== 'member' && node.kind !== 'index') return undefined;
  const base = rootOf(node.target);
  const attribute = node.kind === 'member' ? node.name : literalText(node.index);
  return base === undefined || attribute === undefined ? undefined : `${base}.${canonicalAttribute(base, attribute)}`;
}

function rootOf(node: Node): string | undefined {
  if (node.kind === 'name') return canonicalRoot(node.name);
  return node.kind === 'call' ? functionNamed(node.name)?.profileOf : undefined;
}
