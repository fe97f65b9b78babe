import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { UsherError } from './errors.ts';

const keyBytes = 32;

/**
 * The master key: the one given (base64 or hex), else the file `usher.key` in `folder`, which is
 * made on first use, readable by its owner only.
 */
export async function loadSecretKey(given: string | undefined, folder: string): Promise<Buffer> {
  if (given !== undefined) return readSecretKey(given, 'USHER_KEY');
  const file = join(folder, 'usher.key');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await createOnce(file);
  return readSecretKey((await readFile(file, 'utf8')).trim(), file);
}

/** 32 bytes, written as base64 or hex. @throws {UsherError} `invalid_input` that names `where` it was found. */
export function readSecretKey(text: string, where: string): Buffer {
  const key = /^[0-9a-f]{64}$/i.test(text) ? Buffer.from(text, 'hex') : Buffer.from(text, 'base64');
  if (key.length === keyBytes) return key;
  throw new UsherError(
    'invalid_input',
    `The secret key in ${where} is not 32 bytes as base64 or hex. Restore the key the secrets were sealed with.`,
  );
}

/** Linking a finished file: another process sees the whole key or none. */
async function createOnce(file: string): Promise<void> {
  const draft = `${file}.${process.pid}`;
  await rm(draft, { force: true });
  const handle = await open(draft, 'wx', 0o600);
  await handle.writeFile(`${randomBytes(keyBytes).toString('base64')}\n`);
  await handle.sync();
  await handle.close();
  try {
    await link(draft, file);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    await rm(draft);
  }
}
