/**
 * Every failure Usher can name. Adding a code is a minor release, renaming one a major.
 * `app_*` codes speak of the app on the other side, `connection_*` of the way there.
 */
export const errorCodes = [
  // What the caller asked for
  'invalid_input',
  'invalid_expression',
  'unauthenticated',
  'forbidden',
  'not_found',
  'conflict',
  'wrong_state',
  // A password, an answer or a one-time token that is not the right one
  'credentials_refused',
  // Something dangerous, by somebody who signed in a while ago
  'proof_required',
  // Somebody changed the thing since the caller looked at it
  'changed_meanwhile',
  // What was decided on rests on something that has changed since
  'stale',
  // Something long is at work on it
  'busy',
  'unsupported',
  // No form the caller takes is one we answer in
  'not_acceptable',
  'rate_limited',
  // What the app or the way to it did
  'app_unreachable',
  'app_timeout',
  'app_rate_limited',
  'app_failed',
  'app_rejected',
  'app_password_refused',
  'app_credentials_refused',
  'app_account_exists',
  'app_account_gone',
  'app_bad_answer',
  'app_ignored_write',
  'app_ambiguous',
  'app_address_refused',
  // Ourselves
  'evaluation_failed',
  'data_folder_locked',
  'database_unavailable',
  'secret_unreadable',
  'internal',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/** One field-level reason: `field` names what is wrong (`profile.login`, `line 12`), `reason` says why. */
export interface ErrorCause {
  readonly field: string;
  readonly reason: string;
}

export interface UsherErrorOptions {
  readonly cause?: unknown;
  /** Seconds until another attempt may help; 0 says at once. Leave out when none will until somebody acts. */
  readonly retryAfterSeconds?: number;
  readonly causes?: readonly ErrorCause[];
  /** True when a write was sent and its answer lost: it may have been carried out. */
  readonly outcomeUnknown?: boolean;
  /** What the app itself said: its status and its own words, already shortened and free of secrets. */
  readonly appAnswer?: AppAnswer;
}

export interface AppAnswer {
  readonly status: number;
  readonly detail: string;
}

/** The one error class. `message` is a sentence a person can act on: what happened, why, what to do. */
export class UsherError extends Error {
  override readonly name = 'UsherError';
  readonly code: ErrorCode;
  readonly retryAfterSeconds: number | undefined;
  readonly causes: readonly ErrorCause[];
  readonly outcomeUnknown: boolean;
  readonly appAnswer: AppAnswer | undefined;

  constructor(code: ErrorCode, message: string, options: UsherErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.causes = options.causes ?? [];
    this.outcomeUnknown = options.outcomeUnknown ?? false;
    this.appAnswer = options.appAnswer;
  }
}

/** Wraps anything thrown: our own errors pass unchanged, everything else becomes `internal`. */
export function asUsherError(error: unknown): UsherError {
  if (error instanceof UsherError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new UsherError('internal', message, { cause: error });
}
