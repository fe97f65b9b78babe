import type { ErrorCode, UsherError } from '../lib/errors.ts';
import type { Retry } from '../provisioning/record.ts';

/** Seconds before attempt 2, 3, … of a row: soon at first, because most trouble is short. */
const backoffSeconds = [5, 30, 120, 600, 1_800, 3_600, 21_600];
const lastBackoffSeconds = 21_600;
/** Who has left may still get in: so long at most, since one request per account is little for an app that refuses. */
const removalBackoffSecondsMax = 600;
/** After a week of failing, a person has to look; taking access away is never given up. */
const giveUpSeconds = 7 * 24 * 3_600;

/** Failures of the app or the way to it: they say nothing about the row that happened to meet them. */
const appTrouble: ReadonlySet<ErrorCode> = new Set([
  'app_unreachable',
  'app_rate_limited',
  'app_credentials_refused',
  'app_address_refused',
  'secret_unreadable',
  'database_unavailable',
]);

/** Failures that the same request may well survive. */
const passing: ReadonlySet<ErrorCode> = new Set(['app_failed', 'app_timeout', 'app_bad_answer', 'internal']);

/** When a row is tried again: one that has not failed, never. `removal` says that the row takes access away. */
export function retryAfter(
  error: UsherError | undefined,
  row: { readonly attempts: number; readonly failingSeconds: number },
  removal: boolean,
  random: () => number,
): Retry {
  if (error === undefined) return { afterSeconds: undefined, rowFailed: true };
  if (appTrouble.has(error.code)) return { afterSeconds: error.retryAfterSeconds ?? 5, rowFailed: false };
  const mayPass = passing.has(error.code) || error.outcomeUnknown;
  if (!removal && (!mayPass || row.failingSeconds > giveUpSeconds)) return { afterSeconds: undefined, rowFailed: true };
  const usual = backoffSeconds[Math.max(0, row.attempts - 1)] ?? lastBackoffSeconds;
  const full = removal ? Math.min(usual, removalBackoffSecondsMax) : usual;
  // Up to a fifth is taken off, so that a thousand failures do not return together.
  return { afterSeconds: full * (1 - random() * 0.2), rowFailed: true };
}
