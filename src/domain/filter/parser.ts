import { filterOperators, type Filter, type FilterOperator, type FilterValue } from './ast.ts';
import { tokenize, type Token } from './lexer.ts';
import { invalidFilter, type FilterParameter } from './problem.ts';

/** Far beyond what people write; what a machine writes without bound is refused. */
export const filterLimits = { lengthMax: 8_192, depthMax: 32, comparisonsMax: 128 } as const;

/**
 * Reads `attribute operator value` comparisons joined by and, or, not and parentheses. Operators are in any letter
 * case; `not` binds tighter than `and`, `and` tighter than `or`. Whether there is such an attribute, and what it may
 * be compared with, is for whoever uses the filter to say.
 *
 * @throws {UsherError} `invalid_input` with the place of the fault
 */
export function parseFilter(source: string, parameter: FilterParameter): Filter {
  const { lengthMax } = filterLimits;
  if (source.length > lengthMax) throw invalidFilter(parameter, lengthMax, `it has more than ${lengthMax} characters`);
  const parser: Parser = { parameter, tokens: tokenize(source, parameter), next: 0, comparisons: 0 };
  const filter = parseOr(parser, 0);
  if (peek(parser).kind !== 'end') throw unexpected(parser, peek(parser), 'and, or, or the end');
  return filter;
}

interface Parser {
  readonly parameter: FilterParameter;
  readonly tokens: readonly Token[];
  /** Index of the token to read next. */
  next: number;
  comparisons: number;
}

function parseOr(parser: Parser, depth: number): Filter {
  return parseJunction(parser, 'or', () => parseJunction(parser, 'and', () => parseTerm(parser, depth)));
}

function parseJunction(parser: Parser, kind: 'and' | 'or', parseOperand: () => Filter): Filter {
  const first = parseOperand();
  const terms = [first];
  while (accept(parser, kind)) terms.push(parseOperand());
  return terms.length === 1 ? first : { kind, terms };
}

function parseTerm(parser: Parser, depth: number): Filter {
  const isNot = accept(parser, 'not');
  const token = advance(parser);
  if (isNot && token.kind !== '(') throw unexpected(parser, token, '( after not');
  if (token.kind === 'word') return parseComparison(parser, token);
  if (token.kind !== '(') throw unexpected(parser, token, 'an attribute, not or (');
  if (depth >= filterLimits.depthMax) {
    throw invalidFilter(parser.parameter, token.at, `it is nested deeper than ${filterLimits.depthMax} levels`);
  }
  const term = parseOr(parser, depth + 1);
  const closing = advance(parser);
  if (closing.kind !== ')') {
    throw unexpected(parser, closing, `and, or, or the ) for the ( at character ${token.at + 1}`);
  }
  return isNot ? { kind: 'not', term } : term;
}

function parseComparison(parser: Parser, { text: attribute, at }: Token): Filter {
  parser.comparisons += 1;
  if (parser.comparisons > filterLimits.comparisonsMax) {
    throw invalidFilter(parser.parameter, at, `it has more than ${filterLimits.comparisonsMax} comparisons`);
  }
  if (accept(parser, 'pr')) return { kind: 'present', attribute, at };
  const token = advance(parser);
  const operator = token.kind === 'word' ? operatorOf(token.text) : undefined;
  if (operator === undefined) throw unexpected(parser, token, `an operator after ${attribute} (${operatorList})`);
  return { kind: 'compare', attribute, operator, value: parseValue(parser), at };
}

const operatorList = [...filterOperators, 'pr'].join(', ');

function operatorOf(text: string): FilterOperator | undefined {
  return filterOperators.find((operator) => operator === text.toLowerCase());
}

function parseValue(parser: Parser): FilterValue {
  const token = advance(parser);
  if (token.kind === 'string') return token.text;
  const number = token.kind === 'number' ? Number(token.text) : Number.NaN;
  if (Number.isFinite(number)) return number;
  const word = token.kind === 'word' ? words.get(token.text.toLowerCase()) : undefined;
  if (word !== undefined) return word;
  throw unexpected(parser, token, 'a value (text in double quotes, a number, true, false or null)');
}

const words: ReadonlyMap<string, FilterValue> = new Map([
  ['true', true],
  ['false', false],
  ['null', null],
]);

function peek({ tokens, next }: Parser): Token {
  return tokens[next] ?? { kind: 'end', text: '', at: 0 };
}

/** The end is never passed. */
function advance(parser: Parser): Token {
  const token = peek(parser);
  if (token.kind !== 'end') parser.next += 1;
  return token;
}

/** Passes the next token if it is this word, in any letter case. */
function accept(parser: Parser, word: string): boolean {
  const { kind, text } = peek(parser);
  if (kind !== 'word' || text.toLowerCase() !== word) return false;
  parser.next += 1;
  return true;
}

function unexpected({ parameter }: Parser, { kind, text, at }: Token, expected: string) {
  const shown = text.length > 50 ? `${text.slice(0, 50)}…` : text;
  const found = kind === 'end' ? 'it ends here' : kind === 'string' ? `found "${shown}"` : `found ${shown}`;
  return invalidFilter(parameter, at, `expected ${expected}, ${found}`);
}
