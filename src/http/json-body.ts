import { errorCodes } from 'fastify';
import { UsherError } from '../lib/errors.ts';

/** Deeper than any document of ours, shallow enough for every recursion behind it. */
const depthMax = 64;

/**
 * A JSON body, or undefined where there is none. What PostgreSQL cannot store and what would reach for an object's
 * prototype is refused here, for all routes.
 *
 * @throws {UsherError} `invalid_input` for such content; Fastify's own error for what is not JSON in UTF-8.
 */
export function parseJsonBody(bytes: Buffer): unknown {
  if (bytes.length === 0) return undefined;
  const text = decode(bytes);
  assertShallow(text);
  const value = parse(text);
  assertNamedOnce(text);
  assertStorable(value, '');
  return value;
}

/** What keeps a text from being stored, as the end of a sentence; undefined when nothing does. */
export function textProblem(text: string): string | undefined {
  if (text.includes('\0')) return 'contains a NUL character';
  return /\p{Surrogate}/u.test(text) ? 'contains half a character (a lone surrogate)' : undefined;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function decode(bytes: Buffer): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new errorCodes.FST_ERR_CTP_INVALID_JSON_BODY();
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new errorCodes.FST_ERR_CTP_INVALID_JSON_BODY();
  }
}

/**
 * Looks at brackets outside of strings, so that a body of brackets is refused before anything is built of it. A
 * string that is never closed counts to the end: looking for a string again after each of its quotes takes minutes.
 */
function assertShallow(text: string): void {
  let depth = 0;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"?|[[\]{}]/gs)) {
    if (token === '[' || token === '{') depth += 1;
    else if (token === ']' || token === '}') depth -= 1;
    if (depth > depthMax) throw refused('body', `is nested deeper than ${depthMax} levels`);
  }
}

/**
 * Refuses an object that has a property twice: what stands before this server, or behind it, may go by the first where
 * `JSON.parse` goes by the last. The text is known to be JSON.
 */
function assertNamedOnce(text: string): void {
  const namesOfOpen: Set<string>[] = [];
  for (const [token, name] of text.matchAll(/("(?:[^"\\]|\\.)*")\s*:|"(?:[^"\\]|\\.)*"|[[\]{}]/gs)) {
    if (token === '[' || token === '{') namesOfOpen.push(new Set());
    else if (token === ']' || token === '}') namesOfOpen.pop();
    if (name === undefined) continue;
    const names = namesOfOpen.at(-1);
    const plain: unknown = JSON.parse(name);
    if (names?.has(String(plain))) throw refused('body', `has the property ${name} twice in one object`);
    names?.add(String(plain));
  }
}

function assertStorable(value: unknown, path: string): void {
  if (typeof value === 'string') {
    const problem = textProblem(value);
    if (problem !== undefined) throw refused(path, problem);
  }
  if (typeof value === 'number' && !Number.isFinite(value)) throw refused(path, 'is a number too large to keep');
  if (typeof value !== 'object' || value === null) return;
  for (const [name, inner] of Object.entries(value)) {
    const place = path === '' ? name : `${path}.${name}`;
    if (name === '__proto__' || (name === 'constructor' && hasPrototype(inner))) {
      throw refused('body', `has a property named ${name}, which is not allowed`);
    }
    if (textProblem(name) !== undefined) throw refused('body', 'has a property whose name cannot be stored');
    assertStorable(inner, place);
  }
}

function hasPrototype(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, 'prototype');
}

function refused(field: string, reason: string): UsherError {
  return new UsherError('invalid_input', `The request cannot be taken: ${field || 'the body'} ${reason}.`, {
    causes: [{ field: field || 'body', reason }],
  });
}
