import { expect, test } from 'vitest';
import { parseEgressRules } from './egress.ts';
import { judgeReach } from './reach.ts';

const rules = parseEgressRules(['10.20.0.0/16', '127.0.0.1'], { address: '127.0.0.1', port: 8686 });
const closed = parseEgressRules([]);

test.each([
  ['https://8.8.8.8/scim', { host: '8.8.8.8', port: 443, allowed: true }, ['public', null]],
  ['http://10.20.3.4', { host: '10.20.3.4', port: 80, allowed: true }, ['opened', '10.20.0.0/16']],
  ['10.21.0.1:8443', { host: '10.21.0.1', port: 8443, allowed: false }, ['private', null]],
  ['http://127.0.0.1:8686', { host: '127.0.0.1', port: 8686, allowed: false }, ['ownListener', null]],
  ['http://127.0.0.1:8687', { host: '127.0.0.1', port: 8687, allowed: true }, ['opened', '127.0.0.1/32']],
  ['http://169.254.169.254/latest', { host: '169.254.169.254', port: 80, allowed: false }, ['linkLocal', null]],
  ['fd00::1', { host: 'fd00::1', port: 443, allowed: false }, ['uniqueLocal', null]],
  ['https://[::ffff:10.20.3.4]/', { host: '::ffff:a14:304', port: 443, allowed: true }, ['opened', '10.20.0.0/16']],
  ['240.0.0.1', { host: '240.0.0.1', port: 443, allowed: false }, ['reserved', null]],
])('%s', async (text, expected, [reason, network]) => {
  const reach = await judgeReach(rules, text);
  expect(reach).toMatchObject(expected);
  expect(reach.addresses).toEqual([{ address: expected.host, allowed: expected.allowed, reason, network }]);
});

test('a name is judged by what it stands for, and an unknown one is not open', async () => {
  expect(await judgeReach(closed, 'http://localhost:8080')).toMatchObject({
    host: 'localhost',
    port: 8080,
    allowed: false,
  });
  expect(await judgeReach(closed, 'https://no-such-host.invalid')).toEqual({
    host: 'no-such-host.invalid',
    port: 443,
    allowed: false,
    addresses: [],
  });
});

test.each(['ftp://8.8.8.8', 'https://user:secret@8.8.8.8', 'https://', 'a b'])('%s cannot be judged', async (text) => {
  await expect(judgeReach(closed, text)).rejects.toMatchObject({ code: 'app_address_refused' });
});
