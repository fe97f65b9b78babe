import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { startScimmyApp } from '../apps/scimmy-app.ts';
import { startUsherProcess } from '../usher-process.ts';
import { describeWithHomes } from './sdk-context.ts';

const script = join(import.meta.dirname, '../../examples/okta-sdk/main.mjs');

describeWithHomes("the example with Okta's SDK", (makeHome) => {
  test('ends well: the account is there, and inactive, within two seconds each', { timeout: 180_000 }, async () => {
    const home = await makeHome();
    const usher = await startUsherProcess(home);
    const app = await startScimmyApp({ token: 'sesame' });
    try {
      const environment = { OKTA_CLIENT_ORGURL: `${usher.url}/`, OKTA_CLIENT_TOKEN: usher.token };
      const { stdout } = await promisify(execFile)(process.execPath, [script], {
        env: { ...environment, SCIM_URL: app.url, SCIM_TOKEN: 'sesame' },
      });
      expect(stdout).toMatch(/account {6}there after \d+ ms\n/);
      expect(stdout).toMatch(/account {6}inactive after \d+ ms\n/);
    } finally {
      await app.close();
      await usher.stop();
      await home.remove();
    }
  });
});
