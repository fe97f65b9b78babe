import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, describe, expect, test } from 'vitest';
import { defaultServer, readSecret, readServerAddress, readToken } from './client-settings.ts';
import { readServerSettings } from './settings.ts';

const folder = mkdtempSync(join(tmpdir(), 'usher-settings-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = join(folder, 'token');
writeFileSync(file, 'from-file\n');

function stdin(text: string): PassThrough {
  const stream = new PassThrough();
  stream.end(text);
  return stream;
}

describe('server settings', () => {
  test('have defaults that need nothing set', () => {
    expect(readServerSettings({})).toMatchObject({
      host: '127.0.0.1',
      port: 8686,
      dataFolder: resolve('data'),
      egressAllow: [],
    });
  });

  test('flags win over the environment', () => {
    expect(readServerSettings({ USHER_PORT: '1', USHER_HOST: '0.0.0.0' }, { port: 2 })).toMatchObject({
      port: 2,
      host: '0.0.0.0',
    });
  });

  test('a secret may come from a file', () => {
    expect(readServerSettings({ USHER_BOOTSTRAP_TOKEN_FILE: file }).bootstrapToken).toBe('from-file');
  });

  test.each([
    [{ USHER_PORT: 'http' }, 'USHER_PORT'],
    [{ USHER_EGRES_ALLOW: '10.0.0.0/8' }, 'USHER_EGRES_ALLOW'],
    [{ USHER_KEY_FILE: '/nowhere' }, 'USHER_KEY_FILE'],
  ])('%j is refused by name', (environment, name) => {
    expect(() => readServerSettings(environment)).toThrow(name);
  });
});

describe('client settings', () => {
  test('the flag wins over the environment, which wins over the default', () => {
    expect(readServerAddress({}, {})).toBe(defaultServer);
    expect(readServerAddress({ USHER_SERVER: 'https://a' }, {})).toBe('https://a');
    expect(readServerAddress({ USHER_SERVER: 'https://a' }, { server: 'http://b' })).toBe('http://b');
    expect(() => readServerAddress({}, { server: 'usher.example.com' })).toThrow('not the address of a server');
  });

  test.each([
    ['the environment', { USHER_TOKEN: 'from-env' }, {}, 'from-env'],
    ['a file the environment names', { USHER_TOKEN_FILE: file }, {}, 'from-file'],
    ['--token-file, before the environment', { USHER_TOKEN: 'from-env' }, { tokenFile: file }, 'from-file'],
    ['stdin', { USHER_TOKEN: 'from-env' }, { tokenFile: '-' }, 'from-stdin'],
    ['nowhere', {}, {}, undefined],
  ])('the token comes from %s', async (_name, environment, flags, token) => {
    expect(await readToken(environment, flags, stdin('from-stdin\n'))).toBe(token);
  });

  test('an empty secret is refused', async () => {
    await expect(readSecret('-', stdin('\n'), 'a credential')).rejects.toMatchObject({ exit: 'usage' });
    await expect(readSecret(join(folder, 'none'), stdin(''), 'a credential')).rejects.toThrow('cannot be read');
  });
});
