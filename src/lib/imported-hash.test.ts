import { describe, expect, test } from 'vitest';
import { importedHashProblem, verifyImportedHash, type ImportedHash } from './imported-hash.ts';

const password = 'correct horse';
/** base64 of `pepper`. */
const salt = 'cGVwcGVy';

/** Made with Python's hashlib and libcrypt. */
const vectors: readonly (readonly [string, ImportedHash])[] = [
  [
    'bcrypt',
    { algorithm: 'BCRYPT', workFactor: 5, salt: 'abcdefghijklmnopqrstuu', value: 'HNbAKRhpaujgo33bRWs.NLUTJO3lOy2' },
  ],
  [
    'SHA-512, salt before',
    {
      algorithm: 'SHA-512',
      salt,
      saltOrder: 'PREFIX',
      value: '+VkZ76DO/i1TdDytmbdbAfRSM5YxApBTUpA1cECinSh/onR+DHQs8h/VNZCAJfj4yGmwyanaSsnSQxSknO7j3w==',
    },
  ],
  [
    'SHA-256, salt before',
    { algorithm: 'SHA-256', salt, saltOrder: 'PREFIX', value: 'hpofoGCaHRWlw+uJFCi3psg5Wy7hDEdi6X/8oOvowLU=' },
  ],
  [
    'SHA-256, salt behind',
    { algorithm: 'SHA-256', salt, saltOrder: 'POSTFIX', value: 'iiBneCY1H83bKojQwRhnuXkXl3mOZIuJrAljDBgCy5A=' },
  ],
  ['SHA-1, salt behind', { algorithm: 'SHA-1', salt, saltOrder: 'POSTFIX', value: 'YjOxnlnw8lITpqjG3t+XV9jV7os=' }],
  ['MD5, salt before', { algorithm: 'MD5', salt, saltOrder: 'PREFIX', value: 'UvNnaMEYRHceX3/1duLbog==' }],
  [
    'PBKDF2 with SHA-256',
    {
      algorithm: 'PBKDF2',
      salt,
      iterationCount: 1_000,
      keySize: 32,
      digestAlgorithm: 'SHA256_HMAC',
      value: 'gQV4o8bSAk9lLV90oJ74VRcTZ9w9mWIZJC4kEwODp3Y=',
    },
  ],
  [
    'PBKDF2 with SHA-512',
    {
      algorithm: 'PBKDF2',
      salt,
      iterationCount: 1_000,
      keySize: 64,
      digestAlgorithm: 'SHA512_HMAC',
      value: 'oRcSOsevcKLO/o4pFERL6GelSbgZwgpggBrQ8e7IbahHHeYZIzer2kSXuyHK6ubCxTrvzgXhiA0QNeWiVRvePA==',
    },
  ],
];

describe('imported hashes', () => {
  test.each(vectors)('%s fits its password and no other', async (_name, hash) => {
    expect(importedHashProblem(hash)).toBeUndefined();
    expect(await verifyImportedHash(hash, password)).toBe(true);
    expect(await verifyImportedHash(hash, `${password} `)).toBe(false);
    expect(await verifyImportedHash(hash, '')).toBe(false);
  });

  test('bcrypt looks at 72 bytes, so a longer password fits nothing', async () => {
    const { hash: bcrypt } = await import('@node-rs/bcrypt');
    const [, , , rest = ''] = (await bcrypt('x'.repeat(72), 4)).split('$');
    const hash = { algorithm: 'BCRYPT', workFactor: 4, salt: rest.slice(0, 22), value: rest.slice(22) } as const;
    expect(await verifyImportedHash(hash, 'x'.repeat(72))).toBe(true);
    expect(await verifyImportedHash(hash, 'x'.repeat(73))).toBe(false);
  });

  const md5 = { algorithm: 'MD5', value: 'UvNnaMEYRHceX3/1duLbog==' } as const;
  const bcrypt = { algorithm: 'BCRYPT', workFactor: 10, salt: 'a'.repeat(22), value: 'b'.repeat(31) } as const;
  const pbkdf2 = {
    algorithm: 'PBKDF2',
    salt,
    iterationCount: 1_000,
    keySize: 16,
    digestAlgorithm: 'SHA256_HMAC',
    value: 'UvNnaMEYRHceX3/1duLbog==',
  } as const;
  test.each<readonly [ImportedHash, string | undefined]>([
    [md5, undefined],
    [{ ...md5, value: 'UvNn' }, 'value'],
    [{ ...md5, value: '52f3 6768 c118' }, 'value'],
    [{ ...md5, salt }, 'saltOrder'],
    [{ ...md5, salt: '%', saltOrder: 'PREFIX' }, 'salt'],
    [bcrypt, undefined],
    [{ ...bcrypt, workFactor: 3 }, 'workFactor'],
    [{ ...bcrypt, workFactor: 17 }, 'workFactor'],
    [{ ...bcrypt, salt: 'a'.repeat(21) }, 'salt'],
    [{ ...bcrypt, value: `${'b'.repeat(30)}$` }, 'value'],
    [pbkdf2, undefined],
    [{ ...pbkdf2, iterationCount: 0 }, 'iterationCount'],
    [{ ...pbkdf2, iterationCount: 2_000_001 }, 'iterationCount'],
    [{ ...pbkdf2, keySize: 17 }, 'value'],
    [{ ...pbkdf2, keySize: 1_000_000 }, 'keySize'],
  ])('%j: %s', (hash, field) => {
    expect(importedHashProblem(hash)?.field).toBe(field);
  });
});
