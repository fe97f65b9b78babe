import { describe, expect, test } from 'vitest';
import { UsherError, errorCodes } from '../../lib/errors.ts';
import { answerError, type ErrorPlace } from './errors.ts';

const inOkta: ErrorPlace = { requestId: 'r1', inOktaWords: true };
const inUsher: ErrorPlace = { requestId: 'r1', inOktaWords: false };

describe('error answers', () => {
  test.each(errorCodes)('%s has all five keys and a status that says whose fault it is', (code) => {
    const { status, body } = answerError(new UsherError(code, 'What, why, what to do.'), inOkta);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(body).toEqual({
      errorCode: expect.stringMatching(/^[EU]\d{7}$/),
      errorSummary: expect.any(String),
      errorLink: body.errorCode,
      errorId: 'r1',
      errorCauses: expect.any(Array),
    });
  });

  const taken = { field: 'login', reason: 'An object with this field already exists' };
  test.each([
    ['a conflict over a field is invalid, as in Okta', 'conflict', [taken], 400, 'E0000001'],
    ['any other conflict is one', 'conflict', [], 409, 'E0000195'],
    ['a missing thing', 'not_found', [], 404, 'E0000007'],
  ] as const)('%s', (_name, code, causes, status, errorCode) => {
    const answer = answerError(new UsherError(code, 'There is none.', { causes }), inOkta);
    expect([answer.status, answer.body.errorCode]).toEqual([status, errorCode]);
  });

  test('under /api Okta says what failed, and our sentence is a cause where it says more', () => {
    const error = new UsherError('invalid_input', 'It is off. Turn it on first.', {
      causes: [{ field: 'connection', reason: 'is not enabled' }],
    });
    expect(answerError(error, inOkta).body).toMatchObject({
      errorSummary: 'Api validation failed: connection',
      errorCauses: [{ errorSummary: 'connection: is not enabled' }, { errorSummary: 'It is off. Turn it on first.' }],
    });
    expect(answerError(error, inUsher).body).toMatchObject({
      errorSummary: 'It is off. Turn it on first.',
      errorCauses: [{ errorSummary: 'connection: is not enabled' }],
    });
  });

  test.each([inOkta, inUsher])('fifty thousand causes make a short answer, and soon', (place) => {
    const causes = Array.from({ length: 50_000 }, (_, index) => ({ field: `a${index}`, reason: `is wrong ${index}` }));
    const error = new UsherError('invalid_input', causes.map(({ reason }) => reason).join('; '), { causes });
    const began = performance.now();
    const { body } = answerError(error, place);
    expect(performance.now() - began).toBeLessThan(500);
    expect(body.errorCauses).toHaveLength(101);
    expect(body.errorCauses.at(-1)).toEqual({ errorSummary: 'and 49900 more' });
    expect(JSON.stringify(body).length).toBeLessThan(20_000);
  });

  test('a cause that the sentence repeats comes once', () => {
    const error = new UsherError('invalid_input', 'Refused: label is empty.', {
      causes: [{ field: 'label', reason: 'is empty' }],
    });
    expect(answerError(error, inOkta).body.errorCauses).toEqual([{ errorSummary: 'label: is empty' }]);
  });

  test.each([new Error('secret'), new UsherError('internal', 'secret'), 'secret', undefined])(
    'nothing of %s reaches the caller',
    (error) => {
      const answer = answerError(error, inUsher);
      expect([answer.status, answer.ours, JSON.stringify(answer.body).includes('secret')]).toEqual([500, true, false]);
    },
  );

  test.each(['08006', '57P01', '53300', 'ECONNREFUSED', 'ECONNRESET'])('503 with Retry-After for %s', (code) => {
    const answer = answerError(Object.assign(new Error('x'), { code }), inOkta);
    expect([answer.status, answer.retryAfterSeconds, answer.ours]).toEqual([503, 5, true]);
  });
});
