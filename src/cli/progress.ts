import { SingleBar } from 'cli-progress';
import type { Clock } from '../lib/clock.ts';
import type { Output } from './output.ts';

export interface Progress {
  /** How far the work is. */
  update(done: number, total: number): void;
  /** Removes the bar; the caller then says how it ended. */
  end(): void;
}

/** Milliseconds between two lines where there is no terminal to draw a bar in. */
const lineEveryMs = 10_000;

/** A bar on a terminal; else a line now and then, with exact counts, rate and time left. Nothing when quiet. */
export function startProgress(output: Output, clock: Clock, title: string, unit: string): Progress {
  if (output.quiet) return { update: () => undefined, end: () => undefined };
  const started = clock.monotonicMs();
  const secondsSince = () => (clock.monotonicMs() - started) / 1_000;
  if (output.terminal.stderr) return drawBar(output, title, unit, secondsSince);
  let lastLine = started;
  return {
    update: (done, total) => {
      if (clock.monotonicMs() - lastLine < lineEveryMs) return;
      lastLine = clock.monotonicMs();
      output.note(`${title}: ${describePace(done, total, secondsSince(), unit)}`);
    },
    end: () => undefined,
  };
}

/** `1,204 of 5,000 accounts, 88/s, 43 s left`. */
export function describePace(done: number, total: number, seconds: number, unit: string): string {
  const rate = seconds > 0 ? done / seconds : 0;
  const counts = `${done.toLocaleString('en-US')} of ${total.toLocaleString('en-US')} ${unit}`;
  if (rate === 0) return counts;
  const left = done < total ? `, ${duration((total - done) / rate)} left` : '';
  return `${counts}, ${Math.round(rate).toLocaleString('en-US')}/s${left}`;
}

/** `43 s`, `12 min`, `3 h`. */
export function duration(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 5_400) return `${Math.round(seconds / 60)} min`;
  return `${Math.round(seconds / 3_600)} h`;
}

function drawBar(output: Output, title: string, unit: string, secondsSince: () => number): Progress {
  const { cyan, dim } = output.noteStyle;
  const bar = new SingleBar({
    stream: output.stderr,
    format: `${title} ${cyan('{bar}')} {percentage}%  ${dim('{pace}')}`,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 24,
    hideCursor: true,
    clearOnComplete: true,
    gracefulExit: false,
    fps: 20,
  });
  let started = false;
  return {
    update: (done, total) => {
      if (total <= 0) return;
      const pace = { pace: describePace(done, total, secondsSince(), unit) };
      if (!started) bar.start(total, done, pace);
      else {
        bar.setTotal(total);
        bar.update(done, pace);
      }
      started = true;
    },
    end: () => {
      if (started) bar.stop();
    },
  };
}
