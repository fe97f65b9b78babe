import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../lib/clock.ts';
import { CommandError } from './exit-codes.ts';

export interface WaitOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Milliseconds between two looks. */
  readonly everyMs: number;
  /** Milliseconds after which `timeout` is thrown; undefined waits for ever. */
  readonly deadlineMs?: number;
  /** What is waited for, for the message. */
  readonly what: string;
}

/**
 * Looks again and again until there is an answer.
 *
 * @throws {CommandError} `timeout` after the deadline, and the signal's reason when it aborts.
 */
export async function until<Answer>(look: () => Promise<Answer | undefined>, options: WaitOptions): Promise<Answer> {
  const { clock, signal, everyMs, deadlineMs = Infinity, what } = options;
  const started = clock.monotonicMs();
  for (;;) {
    const answer = await look();
    if (answer !== undefined) return answer;
    if (clock.monotonicMs() - started > deadlineMs) {
      throw new CommandError('timeout', `Waited ${Math.round(deadlineMs / 1_000)} s for ${what}, in vain.`);
    }
    await pause(everyMs, signal);
  }
}

/** @throws the signal's reason when it aborts. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
  signal.throwIfAborted();
}

/** Resolves once the signal aborts. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
