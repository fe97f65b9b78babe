import { randomInt } from 'node:crypto';

const alphanumeric = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** Without those that are taken for one another when read aloud or from paper. */
const legible = '23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz';

/** Secret letters and digits for machines: 32 are 190 bits. */
export function randomToken(length: number): string {
  return pick(alphanumeric, length);
}

/** The same for people to type: 16 are 92 bits. */
export function randomPassword(length: number): string {
  return pick(legible, length);
}

function pick(alphabet: string, length: number): string {
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('');
}
