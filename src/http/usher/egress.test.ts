import { expect, test } from 'vitest';
import { describeOnDatabases } from '../../../test/database.ts';
import { openHttpTest } from '../../../test/http-context.ts';
import { parseEgressRules } from '../../lib/egress.ts';

describeOnDatabases('/usher/v1/egress/check', (database) => {
  test('says whether a connection would be let out, and why', async () => {
    const on = await openHttpTest(database, { egress: () => parseEgressRules(['10.20.0.0/16']) });
    const ask = async (url: string, token?: string) =>
      on.call('POST', '/usher/v1/egress/check', { url }, token === undefined ? {} : { token });
    expect((await ask('https://10.20.3.4/scim')).json()).toEqual({
      host: '10.20.3.4',
      port: 443,
      allowed: true,
      addresses: [{ address: '10.20.3.4', allowed: true, reason: 'opened', network: '10.20.0.0/16' }],
    });
    expect((await ask('10.21.0.1')).json()).toMatchObject({ allowed: false, addresses: [{ reason: 'private' }] });
    const wrong = await ask('ftp://10.20.3.4');
    expect([wrong.statusCode, wrong.json()]).toMatchObject([400, { errorCauses: [{ errorSummary: /url/ }] }]);
    expect((await ask('8.8.8.8', await on.addToken('APP_ADMIN'))).statusCode).toBe(200);
    expect((await ask('8.8.8.8', await on.addToken('READ_ONLY_ADMIN'))).statusCode).toBe(403);
  });
});
