import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createKeyBox } from './key-box.ts';
import { loadSecretKey } from './secret-key.ts';

describe('key box', () => {
  const key = randomBytes(32);
  const box = createKeyBox(key);

  test('opens what it sealed, and never twice the same', () => {
    const sealed = box.seal('pässwörd', 'app_connections/1');
    expect(box.open(sealed, 'app_connections/1')).toBe('pässwörd');
    expect(box.seal('pässwörd', 'app_connections/1')).not.toBe(sealed);
    expect(sealed).not.toContain('pässwörd');
  });

  test.each([
    ['in another place', (sealed: string) => box.open(sealed, 'app_connections/2')],
    ['with another key', (sealed: string) => createKeyBox(randomBytes(32)).open(sealed, 'app_connections/1')],
    ['changed', (sealed: string) => box.open(`${sealed.slice(0, -2)}AA`, 'app_connections/1')],
    ['cut', (sealed: string) => box.open(sealed.slice(0, 14), 'app_connections/1')],
  ])('does not open %s', (_case, open) => {
    expect(() => open(box.seal('secret', 'app_connections/1'))).toThrow(/cannot be read/);
  });

  test('makes of a text what nobody makes with another key, for another purpose or of another text', () => {
    const made = box.mac('text', 'purpose').toString('hex');
    expect(createKeyBox(key).mac('text', 'purpose').toString('hex')).toBe(made);
    const others = [
      createKeyBox(randomBytes(32)).mac('text', 'purpose'),
      box.mac('text', 'other'),
      box.mac('texts', 'purpose'),
    ];
    expect(others.map((other) => other.toString('hex'))).not.toContain(made);
  });
});

describe('secret key', () => {
  test('is made once, for its owner only, and refused when damaged', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'usher-key-'));
    const key = await loadSecretKey(undefined, folder);
    expect(await loadSecretKey(undefined, folder)).toEqual(key);
    expect((await stat(join(folder, 'usher.key'))).mode & 0o777).toBe(0o600);
    expect(await loadSecretKey((await readFile(join(folder, 'usher.key'), 'utf8')).trim(), '/nowhere')).toEqual(key);
    await writeFile(join(folder, 'usher.key'), 'short');
    await expect(loadSecretKey(undefined, folder)).rejects.toThrow(/Restore the key/);
    await rm(folder, { recursive: true });
  });
});
