import { UsherError, type ErrorCode } from '../../lib/errors.ts';
import type { HttpRequest, HttpResponse } from '../../lib/http-client.ts';
import { isJsonObject } from '../../lib/json.ts';
import { parseJson } from './json.ts';

export interface FailureContext {
  readonly method: HttpRequest['method'];
  /** Host of the app, for the message. */
  readonly host: string;
  /** Whether the request named one account or group, so that 404 speaks of that. */
  readonly onResource: boolean;
  readonly now: Date;
  /** Takes our own credentials out of what the app said. */
  redact(text: string): string;
}

const detailLengthMax = 500;
const retryAfterSecondsMax = 3600;
/** Used where an app limits us without a readable hint. */
const retryAfterSecondsDefault = 30;
const retryFailedSeconds = 10;

/** Turns any answer that is not 2xx into the error it means, with the app's own words. */
export function failureOf(response: HttpResponse, context: FailureContext): UsherError {
  const { status } = response;
  const { detail, scimType } = wordsOf(response, context);
  const said = detail === '' ? `It gave no reason (status ${status}).` : `It said (${status}): ${detail}`;
  const fail = (code: ErrorCode, sentence: string, retryAfterSeconds?: number): UsherError =>
    new UsherError(code, `${context.host} ${sentence} ${said}`, {
      ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
      appAnswer: { status, detail },
      outcomeUnknown: context.method !== 'GET' && (status >= 500 || status === 408),
    });
  if (status < 400) {
    const where = context.redact(response.headers['location'] ?? 'another address').slice(0, detailLengthMax);
    return fail('app_bad_answer', `redirects to ${where}, which Usher does not follow. Correct the base URL.`);
  }
  if (status === 401 || status === 403) {
    return fail(
      'app_credentials_refused',
      'does not accept our credential or does not allow it this. Check the connection.',
    );
  }
  if (status === 404 || status === 410) {
    if (context.onResource) return fail('app_account_gone', 'does not have this account or group any more.');
    return fail('app_rejected', 'does not know this address. Check the base URL.');
  }
  if (status === 409 || scimType === 'uniqueness') return fail('app_account_exists', 'has this name already.');
  if (status === 429 || status === 503) {
    return fail('app_rate_limited', 'asks us to wait.', retryAfterSeconds(response.headers, context.now));
  }
  if (status === 408 || status >= 500) return fail('app_failed', 'failed on its side.', retryFailedSeconds);
  return fail('app_rejected', 'did not accept the request.');
}

/** An answer that says success but cannot be read as what was asked for. */
export function badAnswer(
  host: string,
  sentence: string,
  method: HttpRequest['method'],
  status = 200,
  detail = '',
): UsherError {
  return new UsherError('app_bad_answer', `${host} ${sentence}`, {
    appAnswer: { status, detail: detail.slice(0, detailLengthMax) },
    outcomeUnknown: method !== 'GET',
  });
}

export function isGone(error: unknown): boolean {
  return error instanceof UsherError && error.code === 'app_account_gone';
}

/** The status the app answered with, if the failure is an answer. */
export function statusOf(error: unknown): number | undefined {
  return error instanceof UsherError ? error.appAnswer?.status : undefined;
}

/**
 * Seconds to wait: `Retry-After` in seconds or as an HTTP date, else `X-RateLimit-Reset` as seconds or as a Unix
 * time; between 1 s and an hour, and 30 s where nothing readable is given.
 */
function retryAfterSeconds(headers: HttpResponse['headers'], now: Date): number {
  const seconds = readRetryAfter(headers['retry-after'], now) ?? readReset(headers['x-ratelimit-reset'], now);
  if (seconds === undefined) return retryAfterSecondsDefault;
  return Math.min(Math.max(Math.ceil(seconds), 1), retryAfterSecondsMax);
}

function readRetryAfter(text: string | undefined, now: Date): number | undefined {
  if (text === undefined) return undefined;
  if (/^\s*\d+(\.\d+)?\s*$/.test(text)) return Number(text);
  const at = /[A-Za-z]{3}/.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(at) ? undefined : (at - now.getTime()) / 1000;
}

function readReset(text: string | undefined, now: Date): number | undefined {
  if (text === undefined || !/^\s*\d+(\.\d+)?\s*$/.test(text)) return undefined;
  const value = Number(text);
  if (value < 1e8) return value;
  return (value > 1e11 ? value / 1000 : value) - now.getTime() / 1000;
}

/** The text an app gives as its reason, from SCIM JSON, other JSON, an HTML title or plain text. */
function wordsOf(
  { body, headers }: HttpResponse,
  context: FailureContext,
): { detail: string; scimType: string | undefined } {
  const tidy = (text: string): string => context.redact(text.replace(/\s+/g, ' ').trim()).slice(0, detailLengthMax);
  const json = /^\s*[{[]/.test(body) ? parseJson(body) : undefined;
  if (isJsonObject(json)) {
    const scimType = json['scimType'];
    return { detail: tidy(reasonIn(json) ?? body), scimType: typeof scimType === 'string' ? scimType : undefined };
  }
  if (/^\s*</.test(body) || headers['content-type']?.includes('html')) {
    const title = /<title[^>]*>([^<]{1,1000})/i.exec(body.slice(0, 20_000))?.[1];
    return { detail: tidy(title ?? 'an HTML page without a title'), scimType: undefined };
  }
  return { detail: tidy(body.slice(0, 5_000)), scimType: undefined };
}

const reasonKeys = ['detail', 'message', 'error_description', 'description', 'title', 'error', 'errors', 'Errors'];

function reasonIn(value: unknown): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value;
  if (Array.isArray(value)) return reasonIn(value[0]);
  if (!isJsonObject(value)) return undefined;
  for (const key of reasonKeys) {
    const reason = Object.hasOwn(value, key) ? reasonIn(value[key]) : undefined;
    if (reason !== undefined) return reason;
  }
  return undefined;
}
