import { describe, expect, test } from 'vitest';
import { checkAddress, isAllowedAddress, parseEgressRules } from './egress.ts';

describe('without rules', () => {
  const rules = parseEgressRules([]);
  test.each([
    ['127.0.0.1', false],
    ['127.1.2.3', false],
    ['::1', false],
    ['0.0.0.0', false],
    ['0.1.2.3', false],
    ['::', false],
    ['169.254.169.254', false],
    ['fe80::1', false],
    ['fd00:ec2::254', false],
    ['10.0.0.5', false],
    ['172.16.0.1', false],
    ['172.32.0.1', true],
    ['192.168.1.1', false],
    ['100.64.0.1', false],
    ['224.0.0.1', false],
    ['ff02::1', false],
    ['255.255.255.255', false],
    ['240.0.0.1', false],
    ['2001:db8::1', false],
    ['::ffff:127.0.0.1', false],
    ['::ffff:8.8.8.8', true],
    ['64:ff9b::127.0.0.1', false],
    ['64:ff9b::8.8.8.8', true],
    ['64:ff9b:1::8.8.8.8', false],
    ['2002:7f00:1::', false],
    ['2002:808:808::1', true],
    ['::127.0.0.1', false],
    ['2001:0:7f00:1::', false],
    ['8.8.8.8', true],
    ['2606:4700::1111', true],
    ['app.example.com', false],
  ])('%s allowed: %s', (address, allowed) => expect(isAllowedAddress(rules, address, 443)).toBe(allowed));
});

describe('with rules', () => {
  const rules = parseEgressRules(['10.20.0.0/16', ' 127.0.0.1 ', 'fd00:1::/64']);
  test.each([
    ['10.20.3.4', true],
    ['10.21.0.1', false],
    ['127.0.0.1', true],
    ['127.0.0.2', false],
    ['::ffff:127.0.0.1', true],
    ['fd00:1::9', true],
    ['fd00:2::9', false],
  ])('%s allowed: %s', (address, allowed) => expect(isAllowedAddress(rules, address, 443)).toBe(allowed));

  test('the message names the address, the name, and the way to open it', () => {
    expect(() => checkAddress(rules, '10.9.9.9', 443, 'app.internal')).toThrow(
      /10\.9\.9\.9, which app\.internal stands for, because it is in a private network.*add 10\.9\.9\.9\/32.*USHER_EGRESS_ALLOW/,
    );
  });
});

describe('our own listener', () => {
  test('the message does not advise what cannot help', () => {
    const rules = parseEgressRules(['127.0.0.1/32'], { address: '127.0.0.1', port: 8080 });
    expect(() => checkAddress(rules, '127.0.0.1', 8080, 'localhost')).toThrow(
      /Usher itself listens\. Correct the URL\.$/,
    );
  });

  test.each([
    ['0.0.0.0', '127.0.0.1', 8080, false],
    ['::', '::1', 8080, false],
    ['127.0.0.1', '127.0.0.1', 8080, false],
    ['127.0.0.1', '::ffff:127.0.0.1', 8080, false],
    ['127.0.0.1', '127.0.0.1', 8081, true],
    ['203.0.113.7', '203.0.113.7', 8080, false],
  ])('bound to %s, asked for %s port %i, allowed: %s', (address, asked, port, allowed) => {
    const rules = parseEgressRules(['127.0.0.0/8', '::1/128'], { address, port: 8080 });
    expect(isAllowedAddress(rules, asked, port)).toBe(allowed);
  });
});

test.each(['10.0.0.0/33', 'localhost', '10', ''])('"%s" is not a network', (text) => {
  expect(() => parseEgressRules([text])).toThrow(/USHER_EGRESS_ALLOW/);
});
