import { RE2JS } from 're2js';
import { UsherError } from './errors.ts';

/** A compiled regular expression whose time grows with the length of the text, never faster. */
export interface LinearRegex {
  /** Work units of one match over `length` characters: about a nanosecond each. */
  workOn(length: number): number;
  /** Whether the whole text matches, from its first to its last character. */
  matchesWhole(text: string): boolean;
}

const maxPatternLength = 1_000;
const maxCached = 500;
const cache = new Map<string, LinearRegex>();

/**
 * Compiles Java-like syntax, inline flags such as `(?i)` included; look-around and back references do not exist.
 * Recently used patterns are kept.
 *
 * @throws {UsherError} `invalid_input` when the pattern is malformed, too long or too large.
 */
export function linearRegex(pattern: string): LinearRegex {
  const known = cache.get(pattern);
  if (known !== undefined) return known;
  const compiled = compile(pattern);
  const oldest = cache.keys().next();
  if (cache.size >= maxCached && oldest.done !== true) cache.delete(oldest.value);
  cache.set(pattern, compiled);
  return compiled;
}

function compile(pattern: string): LinearRegex {
  if (pattern.length > maxPatternLength) {
    throw new UsherError(
      'invalid_input',
      `The regular expression has ${pattern.length} characters, the most is ${maxPatternLength}; shorten it`,
    );
  }
  try {
    const regex = RE2JS.compile(pattern);
    const size = regex.programSize();
    return { workOn: (length) => size * length, matchesWhole: (text) => regex.testExact(text) };
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace('error parsing regexp: ', '') : String(error);
    throw new UsherError('invalid_input', `The regular expression cannot be used: ${reason}`, { cause: error });
  }
}
