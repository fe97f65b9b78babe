import type { ErrorCode, UsherError } from '../lib/errors.ts';
import type { HealthState } from '../store/app-health.ts';

/** One app's circuit. Closed while OK; otherwise nothing is sent until the pause ends, then one request tries it. */
export interface Circuit {
  readonly state: HealthState;
  /** How often it opened since the last success. */
  readonly openedTimes: number;
  /** Failures in a row that speak against the app, and the rows that met them. */
  readonly failures: number;
  readonly failedRows: ReadonlySet<string>;
}

/** The circuit after an answer; `pauseMs` is set when it has just opened. */
export interface CircuitChange {
  readonly circuit: Circuit;
  readonly pauseMs: number | undefined;
}

export const closedCircuit: Circuit = { state: 'OK', openedTimes: 0, failures: 0, failedRows: new Set() };

/** Refused credentials rarely heal by themselves, so few are enough, and retries are rare. */
const refusalsMax = 3;
const quarantineMs = { first: 5 * 60_000, most: 60 * 60_000 };
/** Other trouble opens after this many failures in a row of at least so many rows: one bad row is not a bad app. */
const failuresMax = 5;
const failedRowsMin = 3;
const brokenMs = { first: 5_000, most: 5 * 60_000 };
const rateLimitMs = { usual: 30_000, most: 60 * 60_000 };

const unusable: ReadonlySet<ErrorCode> = new Set([
  'app_unreachable',
  'app_timeout',
  'app_failed',
  'app_address_refused',
]);

/** What an answer, or its failure, means for the app. Anything the app answers for itself counts as working. */
export function afterAnswer(circuit: Circuit, rowId: string, error: UsherError | undefined): CircuitChange {
  if (error?.code === 'app_rate_limited') {
    const pauseMs = Math.min((error.retryAfterSeconds ?? rateLimitMs.usual / 1_000) * 1_000, rateLimitMs.most);
    return { circuit: { ...circuit, state: 'PAUSED' }, pauseMs };
  }
  if (error?.code === 'app_credentials_refused') return failed(circuit, rowId, 'QUARANTINED', refusalsMax, 1);
  if (error !== undefined && unusable.has(error.code)) {
    return failed(circuit, rowId, 'BROKEN', failuresMax, error.code === 'app_failed' ? failedRowsMin : 1);
  }
  return { circuit: closedCircuit, pauseMs: undefined };
}

function failed(
  circuit: Circuit,
  rowId: string,
  state: 'QUARANTINED' | 'BROKEN',
  failuresAllowed: number,
  rowsNeeded: number,
): CircuitChange {
  const failures = circuit.failures + 1;
  const failedRows = new Set([...circuit.failedRows, rowId]);
  const halfOpen = circuit.state === 'BROKEN' || circuit.state === 'QUARANTINED';
  const opens = halfOpen || (failures >= failuresAllowed && failedRows.size >= rowsNeeded);
  if (!opens) return { circuit: { ...circuit, failures, failedRows }, pauseMs: undefined };
  const { first, most } = state === 'QUARANTINED' ? quarantineMs : brokenMs;
  const pauseMs = Math.min(first * 2 ** circuit.openedTimes, most);
  return { circuit: { state, openedTimes: circuit.openedTimes + 1, failures: 0, failedRows: new Set() }, pauseMs };
}
