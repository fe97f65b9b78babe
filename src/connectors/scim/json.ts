import type { Json } from '../../lib/json.ts';

const depthMax = 100;
/** Text in which such a key may occur; `\u005f` is an underscore in disguise. */
const prototypeKey = /__proto__|"(?:constructor|prototype)"|\\u005f/i;

/**
 * JSON from an app, or undefined when it is not JSON or nested deeper than 100 levels. Keys that could reach a
 * prototype (`__proto__`, `constructor`, `prototype`) are dropped.
 */
export function parseJson(text: string): Json | undefined {
  if (tooDeep(text)) return undefined;
  try {
    const value: Json = prototypeKey.test(text) ? JSON.parse(text, withoutPrototypeKeys) : JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}

function withoutPrototypeKeys(key: string, value: unknown): unknown {
  return key === '__proto__' || key === 'constructor' || key === 'prototype' ? undefined : value;
}

/** Counts brackets outside strings, before parsing: recursion over the parsed value is then bounded. */
function tooDeep(text: string): boolean {
  if (!hasManyBrackets(text)) return false;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case 0x22: {
        at = endOfString(text, at);
        break;
      }
      case 0x5b:
      case 0x7b:
        if (++depth > depthMax) return true;
        break;
      case 0x5d:
      case 0x7d:
        depth--;
        break;
      default:
    }
  }
  return false;
}

/** Nearly every answer has too few brackets to be deep, and to see that is cheap. */
function hasManyBrackets(text: string): boolean {
  let count = 0;
  for (const bracket of ['{', '[']) {
    for (let at = text.indexOf(bracket); at >= 0; at = text.indexOf(bracket, at + 1)) {
      if (++count > depthMax) return true;
    }
  }
  return false;
}

/** The place of the quote that ends the string begun at `start`. */
function endOfString(text: string, start: number): number {
  for (;;) {
    const end = text.indexOf('"', start + 1);
    if (end < 0) return text.length;
    let backslashes = 0;
    while (text.charCodeAt(end - 1 - backslashes) === 0x5c) backslashes++;
    if (backslashes % 2 === 0) return end;
    start = end;
  }
}
