import { UsherError, type ErrorCode } from '../lib/errors.ts';

/** What a script can rely on. Adding one is a minor release, changing one a major. */
export const exitCodes = {
  ok: 0,
  failed: 1,
  usage: 2,
  notFound: 3,
  denied: 4,
  conflict: 5,
  /** Some of the items asked for failed; they are listed on stdout. */
  partial: 6,
  /** A safeguard stopped the work for a person to look at. */
  held: 7,
  /** No Usher server could be reached. */
  unreachable: 8,
  timeout: 124,
  interrupted: 130,
} as const;

export type Exit = keyof typeof exitCodes;

/** A command's failure: the sentence to print, lines below it, and what to exit with. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly exit: Exit;
  readonly details: readonly string[];

  constructor(exit: Exit, message: string, options: { cause?: unknown; details?: readonly string[] } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.exit = exit;
    this.details = options.details ?? [];
  }
}

/** Any error as a command's failure: our own codes by the table below, everything else as `failed`. */
export function asCommandError(error: unknown): CommandError {
  if (error instanceof CommandError) return error;
  if (error instanceof UsherError) {
    const details = error.causes.map((cause) => `${cause.field}: ${cause.reason}`);
    return new CommandError(exitOfCode[error.code], error.message, { cause: error, details });
  }
  return new CommandError('failed', error instanceof Error ? error.message : String(error), { cause: error });
}

/** What an API answer of 400 and above means; `errorCode` is Okta's. */
export function exitOfAnswer(status: number, errorCode: string): Exit {
  // Okta answers 403 both for "you may not" and for "not in this state".
  if (status === 403) return errorCode === 'E0000006' ? 'denied' : 'conflict';
  return exitOfStatus[status] ?? 'failed';
}

const exitOfStatus: { readonly [status: number]: Exit } = { 401: 'denied', 404: 'notFound', 409: 'conflict' };

const exitOfCode: Record<ErrorCode, Exit> = {
  invalid_input: 'failed',
  invalid_expression: 'failed',
  unauthenticated: 'denied',
  forbidden: 'denied',
  not_found: 'notFound',
  conflict: 'conflict',
  wrong_state: 'conflict',
  credentials_refused: 'denied',
  proof_required: 'denied',
  changed_meanwhile: 'conflict',
  stale: 'conflict',
  busy: 'conflict',
  not_acceptable: 'failed',
  unsupported: 'failed',
  rate_limited: 'failed',
  app_unreachable: 'failed',
  app_timeout: 'failed',
  app_rate_limited: 'failed',
  app_failed: 'failed',
  app_rejected: 'failed',
  app_password_refused: 'failed',
  app_credentials_refused: 'failed',
  app_account_exists: 'failed',
  app_account_gone: 'failed',
  app_bad_answer: 'failed',
  app_ignored_write: 'failed',
  app_ambiguous: 'failed',
  app_address_refused: 'failed',
  evaluation_failed: 'failed',
  data_folder_locked: 'failed',
  database_unavailable: 'failed',
  secret_unreadable: 'failed',
  internal: 'failed',
};
