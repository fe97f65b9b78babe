import { expect, test } from 'vitest';
import { connectFailure } from './http-failures.ts';

const origin = 'https://app.example.com';

test.each([
  ['CERT_HAS_EXPIRED', /certificate of app\.example\.com has expired/],
  ['ERR_TLS_CERT_ALTNAME_INVALID', /another host name/],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', /self-signed.*NODE_EXTRA_CA_CERTS/],
  ['SELF_SIGNED_CERT_IN_CHAIN', /unknown authority/],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', /whole chain/],
  ['ERR_SSL_WRONG_VERSION_NUMBER', /does not speak TLS/],
  ['EAI_AGAIN', /DNS server did not answer/],
  ['ENOTFOUND', /not a name DNS knows/],
  ['EHOSTUNREACH', /no route/],
  ['ESOMETHING', /could not be reached \(ESOMETHING\)/],
])('%s before anything was sent', (code, message) => {
  const failure = connectFailure(Object.assign(new Error('x'), { code }), origin, { sent: false, answering: false });
  expect(failure).toMatchObject({ code: 'app_unreachable', outcomeUnknown: false });
  expect(failure.retryAfterSeconds).toBeGreaterThan(0);
  expect(failure.message).toMatch(message);
});

test.each([
  ['UND_ERR_CONNECT_TIMEOUT', { sent: false, answering: false }, 'app_timeout', false],
  ['UND_ERR_HEADERS_TIMEOUT', { sent: true, answering: false }, 'app_timeout', true],
  ['UND_ERR_SOCKET', { sent: true, answering: false }, 'app_unreachable', true],
  ['UND_ERR_SOCKET', { sent: true, answering: true }, 'app_bad_answer', true],
  ['UND_ERR_HEADERS_OVERFLOW', { sent: true, answering: false }, 'app_bad_answer', true],
])('%s at %o', (code, progress, expected, outcomeUnknown) => {
  const failure = connectFailure(Object.assign(new Error('x'), { code }), origin, progress);
  expect(failure).toMatchObject({ code: expected, outcomeUnknown });
});
