import { hash, verify } from '@node-rs/argon2';
import { UsherError } from './errors.ts';
import { foldName } from './text.ts';

const shortest = 8;
const longest = 128;

/** OWASP's argon2id figures: 19 MiB, two passes, one lane; about 25 ms of one core. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/**
 * An argon2id hash in PHC form. Every character counts: nothing is cut off.
 *
 * @throws {UsherError} `invalid_input` when the password is shorter than 8 or longer than 128 characters.
 */
export async function hashPassword(password: string): Promise<string> {
  const problem = passwordProblem(password);
  if (problem !== undefined) throw unusable(problem);
  return hashSecret(password);
}

/**
 * Refuses a password that gives itself away to whoever knows the name it stands beside.
 *
 * @throws {UsherError} `invalid_input` when it contains the login, or the part of it before the @, in any letter case.
 */
export function assertTellsNothing(password: string, login: string): void {
  const local = login.split('@')[0] ?? '';
  const told = [login, local].filter((part) => [...part].length >= namePartMin);
  const folded = foldName(password);
  if (told.some((part) => folded.includes(foldName(part)))) throw unusable('must not contain the username');
}

/** Shorter ones are in half of all words. */
const namePartMin = 4;

/** The same without rules for its length: for answers to recovery questions. */
export function hashSecret(secret: string): Promise<string> {
  return hash(canonical(secret), cost);
}

/** Takes as long as comparing a password, for who has none: the time of an answer must not tell who exists. */
export async function verifyNothing(password: string): Promise<undefined> {
  nothing ??= hashSecret('nobody has this password');
  await verify(await nothing, canonical(password));
}

let nothing: Promise<string> | undefined;

/** Takes the time of hashing whatever the answer. */
export function verifyPassword(passwordHash: string, password: string): Promise<boolean> {
  return verify(passwordHash, canonical(password));
}

function unusable(problem: string): UsherError {
  const reason = `Password requirements were not met: it ${problem}`;
  return new UsherError('invalid_input', `The password cannot be used. ${reason}.`, {
    causes: [{ field: 'password', reason }],
  });
}

function passwordProblem(password: string): string | undefined {
  const length = [...password].length;
  if (length < shortest) return `must have at least ${shortest} characters and has ${length}`;
  if (length > longest) return `must have at most ${longest} characters and has ${length}`;
  if (/\p{Surrogate}/u.test(password)) return 'contains half a character (a lone surrogate)';
  return undefined;
}

/** `é` typed on one machine as one character and on another as two is the same password. */
function canonical(secret: string): string {
  return secret.normalize('NFC');
}
