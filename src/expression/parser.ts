import type {
  ArithmeticNode,
  ArithmeticOperator,
  ChoiceCase,
  ComparisonOperator,
  LogicNode,
  MapNode,
  MethodNode,
  Node,
} from './ast.ts';
import { tokenize, type LexerRange, type Token } from './lexer.ts';
import { invalidExpression } from './problem.ts';

/** How deep parentheses, calls, lists, choices and member chains may nest. */
export const maxNesting = 64;

interface Parser {
  readonly source: string;
  readonly tokens: readonly Token[];
  next: number;
  nesting: number;
}

const sums: { readonly [symbol: string]: ArithmeticOperator } = { '+': '+', '-': '-' };
const products: { readonly [symbol: string]: ArithmeticOperator } = {
  '*': '*',
  '/': '/',
  '%': '%',
  DIV: '/',
  MOD: '%',
};
const comparisons: { readonly [symbol: string]: ComparisonOperator } = {
  ...{ '==': '==', '!=': '!=', '<': '<', '<=': '<=', '>': '>', '>=': '>=' },
  ...{ EQ: '==', NE: '!=', LT: '<', LE: '<=', GT: '>', GE: '>=', MATCHES: 'matches' },
};

/**
 * Reads one whole expression from the given part of the source. Precedence, loosest first: choice, OR, AND,
 * comparison (one, not chained), sum, product, sign and NOT, member access. Word operators ignore letter case.
 *
 * @throws {UsherError} `invalid_expression`
 */
export function parseExpression(source: string, range: LexerRange): Node {
  const parser: Parser = { source, tokens: tokenize(source, range), next: 0, nesting: 0 };
  if (peek(parser).kind === 'end') throw expected(parser, 'an expression');
  const node = parseChoice(parser);
  if (peek(parser).kind !== 'end') throw expected(parser, 'an operator or the end');
  return node;
}

function parseChoice(parser: Parser): Node {
  const { at } = peek(parser);
  nest(parser, at);
  const cases: ChoiceCase[] = [];
  let current = parseLogic(parser, 'OR');
  for (;;) {
    const operator = peek(parser);
    if (accept(parser, '?')) {
      const then = parseChoice(parser);
      expectSymbol(parser, ':', 'the : of this choice');
      cases.push({ test: current, then, at: operator.at });
    } else if (accept(parser, '?:')) {
      cases.push({ test: current, at: operator.at });
    } else {
      parser.nesting -= 1;
      return cases.length === 0 ? current : { kind: 'choice', cases, otherwise: current, at };
    }
    current = parseLogic(parser, 'OR');
  }
}

function parseLogic(parser: Parser, operator: LogicNode['operator']): Node {
  const { at } = peek(parser);
  const operand = () => (operator === 'OR' ? parseLogic(parser, 'AND') : parseComparison(parser));
  const operands = [operand()];
  while (accept(parser, operator === 'OR' ? '||' : '&&') || acceptWord(parser, operator)) operands.push(operand());
  const [only] = operands;
  return only !== undefined && operands.length === 1 ? only : { kind: 'logic', operator, operands, at };
}

function parseComparison(parser: Parser): Node {
  const left = parseSum(parser);
  const operator = operatorAt(parser, comparisons);
  if (operator === undefined) return left;
  const { at } = advance(parser);
  const right = parseSum(parser);
  if (operatorAt(parser, comparisons) !== undefined) throw expected(parser, 'AND or OR between comparisons');
  return { kind: 'comparison', operator, left, right, at };
}

function parseSum(parser: Parser): Node {
  return parseArithmetic(parser, sums, (inner) => parseArithmetic(inner, products, parseUnary));
}

function parseArithmetic(
  parser: Parser,
  operators: { readonly [symbol: string]: ArithmeticOperator },
  parseOperand: (parser: Parser) => Node,
): Node {
  const first = parseOperand(parser);
  const rest: ArithmeticNode['rest'][number][] = [];
  for (let operator = operatorAt(parser, operators); operator !== undefined; operator = operatorAt(parser, operators)) {
    const { at } = advance(parser);
    rest.push({ operator, operand: parseOperand(parser), at });
  }
  return rest.length === 0 ? first : { kind: 'arithmetic', first, rest, at: first.at };
}

function parseUnary(parser: Parser): Node {
  const token = peek(parser);
  const isNot = (token.kind === 'symbol' && token.text === '!') || (token.kind === 'name' && word(token) === 'NOT');
  const isSign = token.kind === 'symbol' && (token.text === '-' || token.text === '+');
  if (!isNot && !isSign) return parsePostfix(parser);
  advance(parser);
  nest(parser, token.at);
  const operand = parseUnary(parser);
  parser.nesting -= 1;
  if (isNot) return { kind: 'not', operand, at: token.at };
  return { kind: 'sign', operator: token.text === '-' ? '-' : '+', operand, at: token.at };
}

function parsePostfix(parser: Parser): Node {
  let node = parsePrimary(parser);
  let links = 0;
  for (;;) {
    const { at } = peek(parser);
    if (accept(parser, '.') || accept(parser, '?.')) node = parseMember(parser, node);
    else if (accept(parser, '[')) {
      const index = parseChoice(parser);
      expectSymbol(parser, ']', 'the ] that closes the index');
      node = { kind: 'index', target: node, index, at };
    } else return node;
    links += 1;
    if (links > maxNesting) throw tooDeep(parser, at);
  }
}

function parseMember(parser: Parser, target: Node): Node {
  const { at } = peek(parser);
  if (accept(parser, '!')) {
    expectSymbol(parser, '[', 'the [ of the projection .![name]');
    const path = [expectName(parser, 'the name of an attribute')];
    while (accept(parser, '.')) path.push(expectName(parser, 'the name of an attribute'));
    expectSymbol(parser, ']', 'the ] that closes the projection');
    return { kind: 'projection', target, path, at };
  }
  const name = expectName(parser, 'the name of an attribute or function');
  if (!accept(parser, '(')) return { kind: 'member', target, name, at: target.at };
  const method: MethodNode = { kind: 'method', target, name, args: parseItems(parser, ')'), at };
  return target.kind === 'name' ? { ...method, at: target.at } : method;
}

function parsePrimary(parser: Parser): Node {
  const token = advance(parser);
  const { at, text } = token;
  if (token.kind === 'string') return { kind: 'literal', value: text, at };
  if (token.kind === 'number') return { kind: 'literal', value: Number(text), at };
  if (token.kind === 'name') return parseName(parser, token);
  if (token.kind === 'symbol' && text === '(') {
    const inner = parseChoice(parser);
    expectSymbol(parser, ')', 'the ) that closes the parenthesis');
    return inner;
  }
  if (token.kind === 'symbol' && text === '{') return parseBraces(parser, at);
  parser.next -= 1;
  throw expected(parser, 'a value');
}

function parseName(parser: Parser, { at, text }: Token): Node {
  if (accept(parser, '(')) return { kind: 'call', name: text, args: parseItems(parser, ')'), at };
  switch (text.toUpperCase()) {
    case 'NULL':
      return { kind: 'literal', value: null, at };
    case 'TRUE':
      return { kind: 'literal', value: true, at };
    case 'FALSE':
      return { kind: 'literal', value: false, at };
    default:
      return { kind: 'name', name: text, at };
  }
}

function parseBraces(parser: Parser, at: number): Node {
  if (accept(parser, ':')) {
    expectSymbol(parser, '}', 'the } that closes the empty map');
    return { kind: 'map', entries: [], at };
  }
  const second = parser.tokens[parser.next + 1];
  if (second?.kind !== 'symbol' || second.text !== ':' || peek(parser).kind === 'symbol') {
    return { kind: 'list', items: parseItems(parser, '}'), at };
  }
  const entries: MapNode['entries'][number][] = [];
  do {
    const key = advance(parser);
    if (key.kind !== 'string' && key.kind !== 'name') {
      parser.next -= 1;
      throw expected(parser, 'the key of a map entry');
    }
    expectSymbol(parser, ':', 'the : after the key');
    entries.push({ key: key.text, value: parseChoice(parser), at: key.at });
  } while (accept(parser, ','));
  expectSymbol(parser, '}', 'a comma or the } that closes the map');
  return { kind: 'map', entries, at };
}

function parseItems(parser: Parser, close: ')' | '}'): readonly Node[] {
  const items: Node[] = [];
  if (accept(parser, close)) return items;
  do items.push(parseChoice(parser));
  while (accept(parser, ','));
  expectSymbol(parser, close, `a comma or the ${close} that closes the list`);
  return items;
}

function operatorAt<Operator>(
  parser: Parser,
  operators: { readonly [symbol: string]: Operator },
): Operator | undefined {
  const token = peek(parser);
  const symbol = token.kind === 'symbol' ? token.text : token.kind === 'name' ? word(token) : '';
  return Object.hasOwn(operators, symbol) ? operators[symbol] : undefined;
}

function word(token: Token): string {
  return token.text.length <= 'MATCHES'.length ? token.text.toUpperCase() : '';
}

function peek(parser: Parser): Token {
  return parser.tokens[parser.next] ?? { kind: 'end', text: '', at: parser.source.length };
}

function advance(parser: Parser): Token {
  const token = peek(parser);
  parser.next += 1;
  return token;
}

function accept(parser: Parser, symbol: string): boolean {
  const token = peek(parser);
  if (token.kind !== 'symbol' || token.text !== symbol) return false;
  parser.next += 1;
  return true;
}

function acceptWord(parser: Parser, expectedWord: string): boolean {
  const token = peek(parser);
  if (token.kind !== 'name' || word(token) !== expectedWord) return false;
  parser.next += 1;
  return true;
}

function expectSymbol(parser: Parser, symbol: string, what: string): void {
  if (!accept(parser, symbol)) throw expected(parser, what);
}

function expectName(parser: Parser, what: string): string {
  const token = peek(parser);
  if (token.kind !== 'name') throw expected(parser, what);
  parser.next += 1;
  return token.text;
}

function nest(parser: Parser, at: number): void {
  parser.nesting += 1;
  if (parser.nesting > maxNesting) throw tooDeep(parser, at);
}

function tooDeep(parser: Parser, at: number): Error {
  return invalidExpression(parser.source, at, `this nests deeper than ${maxNesting} levels; split the expression up`);
}

function expected(parser: Parser, what: string): Error {
  const { kind, text, at } = peek(parser);
  const shown = text.length > 40 ? `${text.slice(0, 40)}…` : text;
  const found = kind === 'end' ? 'it ends here' : kind === 'string' ? `found the text "${shown}"` : `found "${shown}"`;
  return invalidExpression(parser.source, at, `expected ${what}, ${found}`);
}
