import { invalidFilter, type FilterParameter } from './problem.ts';

export interface Token {
  readonly kind: 'word' | 'string' | 'number' | '(' | ')' | 'end';
  /** A word or a number as written, a string without its quotes and escapes. */
  readonly text: string;
  /** Offset of the token's first character. */
  readonly at: number;
}

/**
 * Cuts a filter into tokens; the last one is `end`.
 *
 * @throws {UsherError} `invalid_input`
 */
export function tokenize(source: string, parameter: FilterParameter): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < source.length) {
    const [space = ''] = matchAt(/\s+/y, source, at);
    at += space.length;
    if (at === source.length) break;
    const { token, end } = nextToken(source, at, parameter);
    tokens.push(token);
    at = end;
  }
  tokens.push({ kind: 'end', text: '', at: source.length });
  return tokens;
}

function nextToken(
  source: string,
  at: number,
  parameter: FilterParameter,
): { readonly token: Token; readonly end: number } {
  const character = source.charAt(at);
  if (character === '(' || character === ')') return { token: { kind: character, text: character, at }, end: at + 1 };
  if (character === '"') return stringToken(source, at, parameter);
  const [number = ''] = matchAt(/-?\d+(\.\d+)?([eE][+-]?\d+)?(?![\w.$-])/y, source, at);
  if (number !== '') return { token: { kind: 'number', text: number, at }, end: at + number.length };
  const [word = ''] = matchAt(/[A-Za-z_$][\w.$-]*/y, source, at);
  if (word !== '') return { token: { kind: 'word', text: word, at }, end: at + word.length };
  throw invalidFilter(parameter, at, strangeCharacter(source, at));
}

/** The escapes are JSON's. */
function stringToken(source: string, at: number, parameter: FilterParameter) {
  const [written = ''] = matchAt(/"(?:[^"\\]|\\.)*"/sy, source, at);
  if (written === '') throw invalidFilter(parameter, at, 'the text that opens here has no closing "');
  const text = written
    .slice(1, -1)
    .replace(/\\(?:u([\da-fA-F]{4})|(.))/gs, (escape, code?: string, letter?: string) => {
      const meant = code === undefined ? escapes[letter ?? ''] : String.fromCharCode(parseInt(code, 16));
      if (meant !== undefined) return meant;
      throw invalidFilter(
        parameter,
        at,
        `the text that opens here has the escape ${escape}; write \\\\ for a backslash`,
      );
    });
  if (/[\p{Cs}\0]/u.test(text)) {
    throw invalidFilter(parameter, at, 'the text that opens here has a character that cannot be stored');
  }
  return { token: { kind: 'string', text, at } as const, end: at + written.length };
}

const escapes: Readonly<Record<string, string>> = {
  ...{ '"': '"', '\\': '\\', '/': '/' },
  ...{ b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' },
};

function matchAt(pattern: RegExp, source: string, at: number): readonly string[] {
  pattern.lastIndex = at;
  return pattern.exec(source) ?? [];
}

function strangeCharacter(source: string, at: number): string {
  const character = String.fromCodePoint(source.codePointAt(at) ?? 0);
  if (character === "'" || '‘’“”„«»'.includes(character)) return `a value stands in double quotes, not in ${character}`;
  if (character === '=' || character === '!') return `"${character}" has no meaning here; compare with eq or ne`;
  return `"${character}" has no meaning here`;
}
