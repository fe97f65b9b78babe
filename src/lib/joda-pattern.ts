import { UsherError } from './errors.ts';

/** A run of one pattern letter (`yyyy` is `y` four times) or a piece of text that stands for itself. */
export type JodaPart =
  | { readonly kind: 'field'; readonly letter: string; readonly count: number }
  | { readonly kind: 'text'; readonly text: string };

const patternLetters = 'GCYxweEyDMdaKhHkmsSzZ';
const maxPatternLength = 200;

/**
 * Takes a Joda time pattern apart: letters are fields, `'…'` is text, `''` a quote, anything else itself.
 *
 * @throws {UsherError} `invalid_input` when the pattern uses a letter without a meaning or is too long.
 */
export function jodaParts(pattern: string): readonly JodaPart[] {
  if (pattern.length > maxPatternLength) throw patternError(`is longer than ${maxPatternLength} characters`);
  const parts: JodaPart[] = [];
  let at = 0;
  while (at < pattern.length) {
    const letter = pattern.charAt(at);
    let end = at + 1;
    if (letter === "'") {
      end = quoteEnd(pattern, at);
      const text = pattern.slice(at + 1, end - 1).replaceAll("''", "'");
      parts.push({ kind: 'text', text: text === '' ? "'" : text });
    } else if (/[A-Za-z]/.test(letter)) {
      if (!patternLetters.includes(letter)) throw patternError(`uses the letter ${letter}, which has no meaning`);
      while (pattern.charAt(end) === letter) end += 1;
      parts.push({ kind: 'field', letter, count: end - at });
    } else {
      parts.push({ kind: 'text', text: letter });
    }
    at = end;
  }
  return parts;
}

/** The offset after the quoted text that opens at `at`; a doubled quote does not close it. */
function quoteEnd(pattern: string, at: number): number {
  let close = pattern.indexOf("'", at + 1);
  while (close > at + 1 && pattern.charAt(close + 1) === "'") close = pattern.indexOf("'", close + 2);
  if (close === -1) throw patternError('has a quote that is not closed');
  return close + 1;
}

function patternError(reason: string): UsherError {
  return new UsherError('invalid_input', `The time pattern ${reason}; use Joda's letters, such as yyyy-MM-dd HH:mm:ss`);
}
