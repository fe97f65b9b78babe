import { timingSafeEqual } from 'node:crypto';
import { UsherError } from './errors.ts';
import type { Json } from './json.ts';
import type { KeyBox } from './key-box.ts';

type Signer = Pick<KeyBox, 'mac'>;

/** Where a page of a list ended, as a text that nobody else can make or change. `list` says which list it is of. */
export function sealCursor(signer: Signer, list: string, end: Json): string {
  const payload = Buffer.from(JSON.stringify(end)).toString('base64url');
  return `${payload}.${tagOf(signer, list, payload).toString('base64url')}`;
}

/** @throws {UsherError} `invalid_input` for anything but what `sealCursor` made for this list. */
export function openCursor(signer: Signer, list: string, cursor: string): Json {
  const [payload = '', tag = '', more] = cursor.split('.');
  const given = Buffer.from(tag, 'base64url');
  const expected = tagOf(signer, list, payload);
  if (more !== undefined || given.length !== tagBytes || !timingSafeEqual(given, expected)) throw invalidCursor();
  const end: Json = JSON.parse(Buffer.from(payload, 'base64url').toString());
  return end;
}

export function invalidCursor(): UsherError {
  const reason = 'is not a cursor from a "next" link of this list';
  return new UsherError('invalid_input', `The request cannot be taken: after ${reason}.`, {
    causes: [{ field: 'after', reason }],
  });
}

/** Half of SHA-256: cursors are in URLs, and 128 bits are not guessed. */
const tagBytes = 16;

function tagOf(signer: Signer, list: string, payload: string): Buffer {
  return signer.mac(`${list}\n${payload}`, 'cursor').subarray(0, tagBytes);
}
