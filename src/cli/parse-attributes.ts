import type { JsonObject } from '../lib/json.ts';
import { CommandError } from './exit-codes.ts';

/**
 * `name=value` words as a profile. An empty value is null, which clears; `name:=json` takes JSON, for numbers and
 * lists.
 *
 * @throws {CommandError} `usage` naming the word that is neither.
 */
export function parseAttributes(words: readonly string[]): JsonObject {
  return Object.fromEntries(
    words.map((word) => {
      const [, name, operator, value] = /^([A-Za-z][\w.]*)(:?=)(.*)$/s.exec(word) ?? [];
      if (name === undefined || value === undefined) {
        throw new CommandError('usage', `"${word}" is not an attribute. Write it like department=Sales.`);
      }
      if (operator === ':=') return [name, parseJson(word, value)];
      return [name, value === '' ? null : value];
    }),
  );
}

function parseJson(word: string, value: string) {
  try {
    return JSON.parse(value);
  } catch (cause) {
    throw new CommandError('usage', `The value of "${word}" is not JSON. Write it like roles:='["admin"]'.`, { cause });
  }
}
