import { createHash, pbkdf2, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { verify as verifyBcrypt } from '@node-rs/bcrypt';

/** The hash of a password as another system made it. Values and salts are base64, those of bcrypt its own. */
export type ImportedHash =
  | { readonly algorithm: 'BCRYPT'; readonly workFactor: number; readonly salt: string; readonly value: string }
  | {
      readonly algorithm: 'SHA-512' | 'SHA-256' | 'SHA-1' | 'MD5';
      readonly value: string;
      readonly salt?: string;
      /** Where the salt stands: before the password, or behind it. */
      readonly saltOrder?: 'PREFIX' | 'POSTFIX';
    }
  | {
      readonly algorithm: 'PBKDF2';
      readonly value: string;
      readonly salt: string;
      readonly digestAlgorithm: 'SHA256_HMAC' | 'SHA512_HMAC';
      readonly iterationCount: number;
      /** Bytes. */
      readonly keySize: number;
    };

export interface HashProblem {
  readonly field: string;
  readonly reason: string;
}

/** What keeps a hash from ever fitting a password, or from being checked in bearable time. */
export function importedHashProblem(hash: ImportedHash): HashProblem | undefined {
  switch (hash.algorithm) {
    case 'BCRYPT':
      return bcryptProblem(hash);
    case 'PBKDF2':
      return pbkdf2Problem(hash);
    case 'SHA-512':
    case 'SHA-256':
    case 'SHA-1':
    case 'MD5':
      return digestProblem(hash);
  }
}

/** Whether the hash was made of this password. Call it with a hash that has no problem. */
export async function verifyImportedHash(hash: ImportedHash, password: string): Promise<boolean> {
  switch (hash.algorithm) {
    case 'BCRYPT':
      return verifyByBcrypt(hash, password);
    case 'PBKDF2':
      return equal(hash.value, await derive(hash, password));
    case 'SHA-512':
    case 'SHA-256':
    case 'SHA-1':
    case 'MD5':
      return equal(hash.value, digest(hash, password));
  }
}

/** 2^16 rounds take some four seconds of a core; whoever guesses at a sign-in page must not get more than that. */
const workFactorMax = 16;
/** About two seconds of a core with SHA-512. */
const iterationsMax = 2_000_000;
/** bcrypt looks at no more, and what it does not look at must not be let through. */
const bcryptBytesMax = 72;

const digestBytes = { 'SHA-512': 64, 'SHA-256': 32, 'SHA-1': 20, MD5: 16 } as const;
const digestNames = { 'SHA-512': 'sha512', 'SHA-256': 'sha256', 'SHA-1': 'sha1', MD5: 'md5' } as const;

type Of<Algorithm extends ImportedHash['algorithm']> = Extract<ImportedHash, { algorithm: Algorithm }>;
type DigestHash = Exclude<ImportedHash, Of<'BCRYPT'> | Of<'PBKDF2'>>;

function bcryptProblem({ workFactor, salt, value }: Of<'BCRYPT'>): HashProblem | undefined {
  if (workFactor < 4 || workFactor > workFactorMax)
    return { field: 'workFactor', reason: `must be 4 to ${workFactorMax}` };
  if (!/^[./A-Za-z0-9]{22}$/.test(salt)) return { field: 'salt', reason: 'must be the 22 characters of a bcrypt salt' };
  if (!/^[./A-Za-z0-9]{31}$/.test(value))
    return { field: 'value', reason: 'must be the 31 characters of a bcrypt hash' };
  return undefined;
}

function pbkdf2Problem({ value, salt, iterationCount, keySize }: Of<'PBKDF2'>): HashProblem | undefined {
  if (iterationCount < 1 || iterationCount > iterationsMax) {
    return { field: 'iterationCount', reason: `must be 1 to ${iterationsMax}` };
  }
  if (keySize < 8 || keySize > 512) return { field: 'keySize', reason: 'must be 8 to 512 bytes' };
  if (bytesOf(salt) === undefined) return { field: 'salt', reason: 'must be base64' };
  return bytesOf(value)?.length === keySize
    ? undefined
    : { field: 'value', reason: `must be base64 of ${keySize} bytes, the keySize` };
}

function digestProblem({ algorithm, value, salt, saltOrder }: DigestHash): HashProblem | undefined {
  if (bytesOf(value)?.length !== digestBytes[algorithm]) {
    return { field: 'value', reason: `must be base64 of ${digestBytes[algorithm]} bytes, which ${algorithm} has` };
  }
  if (salt !== undefined && bytesOf(salt) === undefined) return { field: 'salt', reason: 'must be base64' };
  if (salt !== undefined && saltOrder === undefined) {
    return { field: 'saltOrder', reason: 'must say whether the salt is a PREFIX or a POSTFIX' };
  }
  return undefined;
}

async function verifyByBcrypt({ workFactor, salt, value }: Of<'BCRYPT'>, password: string): Promise<boolean> {
  if (Buffer.byteLength(password) > bcryptBytesMax) return false;
  return verifyBcrypt(password, `$2b$${String(workFactor).padStart(2, '0')}$${salt}${value}`);
}

function digest({ algorithm, salt, saltOrder }: DigestHash, password: string): Buffer {
  const hasher = createHash(digestNames[algorithm]);
  const salted = bytesOf(salt ?? '') ?? Buffer.alloc(0);
  const parts = saltOrder === 'POSTFIX' ? [Buffer.from(password), salted] : [salted, Buffer.from(password)];
  for (const part of parts) hasher.update(part);
  return hasher.digest();
}

const deriveKey = promisify(pbkdf2);

function derive({ salt, iterationCount, keySize, digestAlgorithm }: Of<'PBKDF2'>, password: string): Promise<Buffer> {
  const name = digestAlgorithm === 'SHA512_HMAC' ? 'sha512' : 'sha256';
  return deriveKey(password, bytesOf(salt) ?? '', iterationCount, keySize, name);
}

function equal(expected: string, actual: Buffer): boolean {
  const bytes = bytesOf(expected);
  return bytes?.length === actual.length && timingSafeEqual(bytes, actual);
}

/** Undefined for what is not base64: Node would leave out what it does not know. */
function bytesOf(base64: string): Buffer | undefined {
  return /^[A-Za-z0-9+/]*={0,2}$/.test(base64) && base64.length < 2_000 ? Buffer.from(base64, 'base64') : undefined;
}
