import { invalidExpression } from './problem.ts';

export type TokenKind = 'name' | 'string' | 'number' | 'symbol' | 'end';

export interface Token {
  readonly kind: TokenKind;
  /** A name (its prefix, if any, as `fn:`), a symbol, the digits of a number, or the content of a string without its quotes. */
  readonly text: string;
  /** Offset of the token's first character in the source. */
  readonly at: number;
}

export interface LexerRange {
  readonly start: number;
  readonly end: number;
  /** Whether `fn:` and `f:` before a function name belong to the name, as in user-name templates. */
  readonly prefixes: boolean;
}

const symbols = [
  ...['?:', '?.', '!=', '==', '<=', '>=', '&&', '||'],
  ...['(', ')', '{', '}', '[', ']', ',', '.', ':', '?', '!', '<', '>', '+', '-', '*', '/', '%'],
];

/**
 * Cuts the part of the source between `start` and `end` into tokens; the last one is `end`.
 *
 * @throws {UsherError} `invalid_expression`
 */
export function tokenize(source: string, range: LexerRange): readonly Token[] {
  const tokens: Token[] = [];
  let at = range.start;
  while (at < range.end) {
    const character = source.charAt(at);
    if (isSpace(character)) {
      at += 1;
      continue;
    }
    const end = tokenEnd(source, at, range);
    tokens.push(tokenBetween(source, at, end));
    at = end;
  }
  tokens.push({ kind: 'end', text: '', at: range.end });
  return tokens;
}

/** The offset after the string literal that opens at `at`; a doubled quote inside stands for one. */
export function stringEnd(source: string, at: number, limit: number): number {
  const quote = source.charAt(at);
  let end = at + 1;
  while (end < limit) {
    if (source.charAt(end) !== quote) end += 1;
    else if (source.charAt(end + 1) === quote && end + 1 < limit) end += 2;
    else return end + 1;
  }
  throw invalidExpression(source, at, `the text that opens here has no closing ${quote}`);
}

function tokenEnd(source: string, at: number, { end, prefixes }: LexerRange): number {
  const character = source.charAt(at);
  if (character === '"' || character === "'") return stringEnd(source, at, end);
  if (isDigit(character)) return numberEnd(source, at, end);
  if (isNameStart(character)) {
    const nameEnd = runEnd(source, at, end, isNamePart);
    const isPrefix = prefixes && ['fn', 'f'].includes(source.slice(at, nameEnd)) && source.charAt(nameEnd) === ':';
    return isPrefix ? runEnd(source, nameEnd + 1, end, isNamePart) : nameEnd;
  }
  const symbol = symbols.find((candidate) => source.startsWith(candidate, at) && at + candidate.length <= end);
  if (symbol === undefined) throw invalidExpression(source, at, strangeCharacter(source, at));
  return at + symbol.length;
}

function tokenBetween(source: string, at: number, end: number): Token {
  const text = source.slice(at, end);
  const first = text.charAt(0);
  if (first === '"' || first === "'") {
    return { kind: 'string', text: text.slice(1, -1).replaceAll(first + first, first), at };
  }
  if (isDigit(first)) return { kind: 'number', text, at };
  if (!isNameStart(first)) return { kind: 'symbol', text, at };
  return { kind: 'name', text: text.startsWith('f:') ? `fn:${text.slice(2)}` : text, at };
}

function numberEnd(source: string, at: number, limit: number): number {
  let end = runEnd(source, at, limit, isDigit);
  if (source.charAt(end) === '.' && isDigit(source.charAt(end + 1))) end = runEnd(source, end + 1, limit, isDigit);
  if (source.charAt(end) === 'e' || source.charAt(end) === 'E') {
    const sign = source.charAt(end + 1);
    const digits = sign === '+' || sign === '-' ? end + 2 : end + 1;
    if (isDigit(source.charAt(digits))) end = runEnd(source, digits, limit, isDigit);
  }
  if (end < limit && isNamePart(source.charAt(end))) {
    throw invalidExpression(source, end, `expected the number to end, found "${source.charAt(end)}"`);
  }
  return end;
}

function strangeCharacter(source: string, at: number): string {
  const character = String.fromCodePoint(source.codePointAt(at) ?? 0);
  if (character === '=') return 'there is no assignment here; use == to compare';
  if (character === '&' || character === '|') return `"${character}" stands alone; write AND or OR`;
  if ('‘’“”„«»'.includes(character)) return `${character} is a typographic quote; use straight quotes, ' or "`;
  return `"${character}" has no meaning here`;
}

function runEnd(source: string, at: number, limit: number, belongs: (character: string) => boolean): number {
  let end = at;
  while (end < limit && belongs(source.charAt(end))) end += 1;
  return end;
}

function isSpace(character: string): boolean {
  return character === ' ' || character === '\n' || character === '\t' || character === '\r' || character === '\u00a0';
}

function isDigit(character: string): boolean {
  return character >= '0' && character <= '9';
}

function isNameStart(character: string): boolean {
  return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z') || character === '_';
}

function isNamePart(character: string): boolean {
  return isNameStart(character) || isDigit(character);
}
