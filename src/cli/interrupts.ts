import type { Clock } from '../lib/clock.ts';
import { CommandError, exitCodes } from './exit-codes.ts';

export interface Interrupts {
  /** Aborts on the first Ctrl-C, SIGTERM or SIGHUP. */
  readonly signal: AbortSignal;
  close(): void;
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Milliseconds: npm passes on a Ctrl-C that the terminal has sent us already, and that is one press. */
const onePressMs = 300;

/** The first signal asks the command to end, the second ends the process at once. */
export function listenForInterrupts(clock: Clock): Interrupts {
  const controller = new AbortController();
  let firstAt = 0;
  const onSignal = () => {
    if (!controller.signal.aborted) {
      firstAt = clock.monotonicMs();
      controller.abort(new CommandError('interrupted', 'Interrupted.'));
    } else if (clock.monotonicMs() - firstAt > onePressMs) {
      process.exit(exitCodes.interrupted);
    }
  };
  for (const signal of signals) process.on(signal, onSignal);
  return {
    signal: controller.signal,
    close: () => {
      for (const signal of signals) process.off(signal, onSignal);
    },
  };
}
