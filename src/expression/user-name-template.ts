import { checkSourceLength, compiledExpression, type CompiledExpression } from './compile.ts';
import { createCompileContext } from './compile-node.ts';
import { collectDependencies } from './dependencies.ts';
import { collectedDependencies, createDependencyCollector, type DependencyCollector } from './dependency-collector.ts';
import { computed, textOf, type Evaluate } from './evaluation.ts';
import { stringEnd } from './lexer.ts';
import { parseExpression } from './parser.ts';
import { invalidExpression } from './problem.ts';

const opening = '${';

/**
 * Compiles a user-name template: text with `${…}` parts, or, when it has none, a bare expression. Inside a part
 * functions may carry the prefix `fn:`. It always evaluates to a text; null becomes the empty text.
 *
 * @throws {UsherError} `invalid_expression` with line, column and what was expected.
 */
export function compileUserNameTemplate(template: string): CompiledExpression {
  checkSourceLength(template);
  const collector = createDependencyCollector();
  const parts = template.includes(opening)
    ? compileParts(template, collector)
    : [compilePart(template, 0, template.length, collector)];
  return compiledExpression(template, collectedDependencies(collector), (evaluation) => {
    let name = '';
    for (const part of parts) {
      name += typeof part === 'string' ? part : (textOf(evaluation, part(evaluation)) ?? '');
    }
    return computed(evaluation, name);
  });
}

function compileParts(template: string, collector: DependencyCollector): readonly (string | Evaluate)[] {
  const parts: (string | Evaluate)[] = [];
  let at = 0;
  for (let open = template.indexOf(opening); open !== -1; open = template.indexOf(opening, at)) {
    if (open > at) parts.push(template.slice(at, open));
    const close = closingBrace(template, open);
    parts.push(compilePart(template, open + opening.length, close, collector));
    at = close + 1;
  }
  if (at < template.length) parts.push(template.slice(at));
  return parts;
}

function compilePart(template: string, start: number, end: number, collector: DependencyCollector): Evaluate {
  const node = parseExpression(template, { start, end, prefixes: true });
  collectDependencies(node, collector);
  return createCompileContext(template, 'mapping').compile(node).evaluate;
}

/** Offset of the brace that closes the part opened at `open`; braces in texts and of lists do not count. */
function closingBrace(template: string, open: number): number {
  let depth = 1;
  let at = open + opening.length;
  while (at < template.length) {
    const character = template.charAt(at);
    if (character === '"' || character === "'") {
      at = stringEnd(template, at, template.length);
      continue;
    }
    if (character === '{') depth += 1;
    if (character === '}') depth -= 1;
    if (depth === 0) return at;
    at += 1;
  }
  throw invalidExpression(template, open, 'the ${ that opens here has no closing }');
}
