export interface Usage {
  readonly seconds: number;
  /** Of this process alone. */
  readonly cpuMicroseconds: number;
  /** Largest resident set seen while it ran, in bytes. */
  readonly peakRss: number;
}

const sampleEveryMs = 250;

/** Runs `work` once and says what it took. */
export async function measure(work: () => Promise<unknown>): Promise<Usage> {
  let peakRss = 0;
  const sample = () => void (peakRss = Math.max(peakRss, process.memoryUsage.rss()));
  sample();
  const timer = setInterval(sample, sampleEveryMs);
  const cpuBefore = process.cpuUsage();
  const started = performance.now();
  await work();
  const seconds = (performance.now() - started) / 1_000;
  const { user, system } = process.cpuUsage(cpuBefore);
  clearInterval(timer);
  sample();
  return { seconds, cpuMicroseconds: user + system, peakRss };
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The smallest value that at least `share` of all do not exceed; for an even number the median is the mean of two. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((left, right) => left - right);
  const at = sorted.length * share;
  const value = sorted[Math.max(0, Math.ceil(at) - 1)] ?? Number.NaN;
  if (share !== 0.5 || sorted.length % 2 === 1) return value;
  return (value + (sorted[at] ?? value)) / 2;
}
