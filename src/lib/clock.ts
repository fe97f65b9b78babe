/** Where time comes from, so that tests can hold it. `now` is wall-clock time, `monotonicMs` never goes back. */
export interface Clock {
  now(): Date;
  monotonicMs(): number;
}

/** At least 0, less than 1. For spreading retries, never for secrets. */
export const systemRandom = (): number => Math.random();

export const systemClock: Clock = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
};
