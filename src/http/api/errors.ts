import type { FastifyError } from 'fastify';
import { UsherError, type ErrorCause, type ErrorCode } from '../../lib/errors.ts';
import { sqlState } from '../../store/database.ts';

/** How a route says a failure where Okta says it otherwise there than elsewhere. */
export interface OktaWords {
  /** For `wrong_state`. */
  readonly wrongState?: readonly [status: number, errorCode: string];
  /** For `conflict`. */
  readonly conflict?: readonly [status: number, errorCode: string];
  /** By the field that is not valid, where Okta has a code of its own for it. */
  readonly invalidField?: Readonly<Record<string, string>>;
  /** What Okta says has failed validation, where it is not the field. */
  readonly subject?: (cause: ErrorCause) => string;
}

/** Okta's sentence for each code that is about one field. */
const fieldSummaries: ReadonlyMap<string, string> = new Map([['E0000031', 'Invalid search criteria.']]);

/** For lists that can be searched. */
export const wordsOfSearch: OktaWords = { invalidField: { search: 'E0000031' } };

declare module 'fastify' {
  interface FastifyContextConfig {
    okta?: OktaWords;
  }
}

/** Okta's error body. Clients rely on all five being there. */
export interface ErrorBody {
  readonly errorCode: string;
  readonly errorSummary: string;
  readonly errorLink: string;
  readonly errorId: string;
  readonly errorCauses: readonly { readonly errorSummary: string }[];
}

export interface ErrorAnswer {
  readonly status: number;
  readonly body: ErrorBody;
  readonly retryAfterSeconds: number | undefined;
  /** True when it is our own fault: somebody must see the cause in the log. */
  readonly ours: boolean;
}

export interface ErrorPlace {
  /** The request's id; the answer carries it, so that the log can be searched for it. */
  readonly requestId: string;
  /** Okta's own sentences under `/api`; ours say what happened, why and what to do. */
  readonly inOktaWords: boolean;
  readonly okta?: OktaWords | undefined;
}

/** The answer to whatever was thrown. What is not meant for the caller is not in it. */
export function answerError(error: unknown, place: ErrorPlace): ErrorAnswer {
  if (error instanceof UsherError) return answerUsherError(error, place);
  if (isFastifyError(error)) return answerFastifyError(error, place);
  if (databaseGone(error)) {
    return answer(
      503,
      'E0000009',
      'The database cannot be reached at the moment. Try again shortly.',
      [],
      place,
      5,
      true,
    );
  }
  return answer(500, 'E0000009', 'Internal Server Error', [], place, undefined, true);
}

/** An answer to a path or a method that nothing is at. */
export function answerNoRoute(what: 'path' | 'method', named: string, place: ErrorPlace): ErrorAnswer {
  return what === 'method'
    ? answer(405, 'E0000022', 'The endpoint does not support the provided HTTP method', [], place)
    : answer(404, 'E0000007', `Not found: Resource not found: ${named.slice(0, 200)} (Endpoint)`, [], place);
}

const answers = {
  invalid_input: [400, 'E0000001'],
  invalid_expression: [400, 'E0000001'],
  unauthenticated: [401, 'E0000011'],
  forbidden: [403, 'E0000006'],
  not_found: [404, 'E0000007'],
  // With causes (a login that is taken) it is a matter of one field, and Okta calls that invalid.
  conflict: [409, 'E0000195'],
  wrong_state: [403, 'E0000038'],
  credentials_refused: [403, 'E0000014'],
  // Okta has no such answer; the console asks for the password and sends the request again.
  proof_required: [403, 'U0000001'],
  changed_meanwhile: [412, 'E0000024'],
  stale: [409, 'E0000195'],
  busy: [423, 'E0000239'],
  not_acceptable: [406, 'E0000021'],
  unsupported: [400, 'E0000060'],
  rate_limited: [429, 'E0000047'],
  // What an app does is no failure of ours: the caller has asked us to use it as it was set up.
  app_unreachable: [400, 'E0000001'],
  app_timeout: [400, 'E0000001'],
  app_rate_limited: [400, 'E0000001'],
  app_failed: [400, 'E0000001'],
  app_rejected: [400, 'E0000001'],
  app_password_refused: [400, 'E0000001'],
  app_credentials_refused: [400, 'E0000001'],
  app_account_exists: [400, 'E0000001'],
  app_account_gone: [400, 'E0000001'],
  app_bad_answer: [400, 'E0000001'],
  app_ignored_write: [400, 'E0000001'],
  app_ambiguous: [400, 'E0000001'],
  app_address_refused: [400, 'E0000001'],
  evaluation_failed: [400, 'E0000001'],
  data_folder_locked: [503, 'E0000009'],
  database_unavailable: [503, 'E0000009'],
  secret_unreadable: [500, 'E0000009'],
  internal: [500, 'E0000009'],
} as const satisfies Record<ErrorCode, readonly [status: number, errorCode: string]>;

function answerUsherError(error: UsherError, place: ErrorPlace): ErrorAnswer {
  const [status, errorCode] = codesOf(error, place);
  if (status === 500 && error.code !== 'secret_unreadable') {
    return answer(500, errorCode, 'Internal Server Error', [], place, undefined, true);
  }
  const message = shortened(error.message);
  const listed = error.causes.slice(0, causesMax);
  const causes = listed.map(({ field, reason }) => shortened(`${field}: ${reason}`));
  const more = error.causes.length > listed.length ? [`and ${error.causes.length - listed.length} more`] : [];
  const summary = place.inOktaWords ? oktaSummary(error, message, errorCode, place) : message;
  const repeated = listed.length > 0 && listed.every(({ reason }) => message.includes(reason));
  const sentence = summary !== message && !repeated && more.length === 0 ? [message] : [];
  const all = [...causes, ...more, ...sentence];
  return answer(status, errorCode, summary, all, place, error.retryAfterSeconds, status >= 500);
}

function codesOf(error: UsherError, place: ErrorPlace): readonly [status: number, errorCode: string] {
  if (error.code === 'wrong_state' && place.okta?.wrongState !== undefined) return place.okta.wrongState;
  if (error.code === 'conflict' && place.okta?.conflict !== undefined) return place.okta.conflict;
  if (error.code === 'conflict' && error.causes.length > 0) return answers.invalid_input;
  const ownCode = place.okta?.invalidField?.[error.causes[0]?.field ?? ''];
  if (error.code === 'invalid_input' && ownCode !== undefined) return [400, ownCode];
  return answers[error.code];
}

function oktaSummary({ causes }: UsherError, message: string, errorCode: string, { okta }: ErrorPlace): string {
  if (errorCode === 'E0000007') return message.startsWith('Not found: ') ? message : `Not found: ${message}`;
  if (errorCode !== 'E0000001') return fieldSummaries.get(errorCode) ?? message;
  const cause = causes[0] ?? { field: 'request', reason: message };
  return shortened(`Api validation failed: ${okta?.subject?.(cause) ?? cause.field}`);
}

/** A caller who sends ten thousand faults, or one of a megabyte, gets no answer of that size. */
const causesMax = 100;
const lettersMax = 2_000;

function shortened(text: string): string {
  return text.length > lettersMax ? `${text.slice(0, lettersMax)}…` : text;
}

function answerFastifyError(error: FastifyError, place: ErrorPlace): ErrorAnswer {
  const status = error.statusCode ?? 500;
  if (error.validation !== undefined) return answerInvalid(error, place);
  if (error.code === 'FST_ERR_CTP_INVALID_JSON_BODY') return malformed(place);
  if (status === 415) {
    const summary = 'Bad request. Accept and/or Content-Type headers likely do not match supported values.';
    return answer(415, 'E0000021', summary, [], place);
  }
  if (status === 413)
    return answer(413, 'E0000024', 'Bad request. The body is larger than this endpoint takes.', [], place);
  if (status < 500) return answer(status, 'E0000024', 'Bad request. The request could not be understood.', [], place);
  return answer(500, 'E0000009', 'Internal Server Error', [], place, undefined, true);
}

function answerInvalid(error: FastifyError, place: ErrorPlace): ErrorAnswer {
  const faults = error.validation ?? [];
  // No body at all, or one that is no object.
  const [first] = faults;
  if (error.validationContext === 'body' && first?.instancePath === '' && first.keyword === 'type') {
    return malformed(place);
  }
  const reasonsByField = new Map<string, string>();
  for (const { instancePath, params, message } of faults) {
    const missing = params['missingProperty'] ?? params['additionalProperty'];
    const path = instancePath.split('/').slice(1);
    if (typeof missing === 'string') path.push(missing);
    const field = path.join('.') || 'request';
    // Where a value may have several forms the first complaint is about the one that was meant; the others follow.
    if (!reasonsByField.has(field)) reasonsByField.set(field, message ?? 'is not valid');
  }
  const [[field, reason] = ['request', 'is not valid']] = [...reasonsByField];
  const summary = place.inOktaWords
    ? `Api validation failed: ${field}`
    : `The request cannot be taken: ${field} ${reason}.`;
  const causes = [...reasonsByField].map(([name, why]) => `${name}: ${why}`);
  return answer(400, 'E0000001', summary, causes, place);
}

function malformed(place: ErrorPlace): ErrorAnswer {
  return answer(400, 'E0000003', 'The request body was not well-formed.', [], place);
}

function answer(
  status: number,
  errorCode: string,
  errorSummary: string,
  causes: readonly string[],
  place: ErrorPlace,
  retryAfterSeconds?: number,
  ours = false,
): ErrorAnswer {
  const body = {
    errorCode,
    errorSummary,
    errorLink: errorCode,
    errorId: place.requestId,
    errorCauses: causes.map((errorSummary) => ({ errorSummary })),
  };
  return { status, body, retryAfterSeconds, ours };
}

function isFastifyError(error: unknown): error is FastifyError {
  return error instanceof Error && 'code' in error && 'statusCode' in error && typeof error.statusCode === 'number';
}

/** The server cannot be spoken to, is starting or stopping (classes 08, 57P, 53), or answers no more. */
function databaseGone(error: unknown): boolean {
  const code = sqlState(error) ?? '';
  if (/^(08|53|57P)/.test(code) || ['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EPIPE', 'ENOTFOUND'].includes(code))
    return true;
  return (
    error instanceof Error && /^(Connection terminated|timeout exceeded when trying to connect)/.test(error.message)
  );
}
