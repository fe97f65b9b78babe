import { pace } from './pace';

const everyMs = 3_000;

/**
 * How soon to look again, for `refetchInterval`. What is waiting may come to rest without an event that says so: it was
 * looked at, and nothing had to be done.
 */
export function whileWaiting(query: object, waiting: number): number | false {
  return waiting > 0 && pace(query, everyMs);
}

/** Whether a row of a list is still being worked on. */
export function isWaiting(row: unknown): boolean {
  if (typeof row !== 'object' || row === null) return false;
  return 'syncState' in row && (row.syncState === 'OUT_OF_SYNC' || row.syncState === 'SYNCING');
}
