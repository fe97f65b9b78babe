import type { Run } from '../../store/runs.ts';
import type { RunProblem } from '../../store/run-problems.ts';

/** A run as it is shown: its place kept to ourselves, what is left and how long that takes worked out. */
export function presentRun({ request, cursor: _cursor, pace: _pace, ...run }: Run) {
  const rate = itemsPerSecond({ pace: _pace, ...run });
  const items = run.done + run.failed + run.skipped;
  const waiting = run.total === null ? null : Math.max(0, run.total - items);
  const going = run.status === 'RUNNING' && rate !== null && rate > 0 && waiting !== null;
  return { ...run, request, waiting, rate, secondsLeft: going ? Math.ceil(waiting / rate) : null };
}

/** With the first problems, so that a small run needs one request. */
export function presentRunWith(run: Run, problems: readonly RunProblem[]) {
  return { ...presentRun(run), problems: problems.map(presentProblem) };
}

/** What a problem says besides stands beside its reason. */
export function presentProblem({ seq: _seq, detail, ...problem }: RunProblem) {
  return { ...detail, ...problem };
}

/** Of the last minute while it runs; of all of it when it has ended. */
function itemsPerSecond(run: Pick<Run, 'pace' | 'status' | 'started' | 'finished' | 'done' | 'failed' | 'skipped'>) {
  const items = run.done + run.failed + run.skipped;
  if (run.finished !== null) {
    return rateOf(items, run.finished.getTime() - run.started.getTime());
  }
  const [first] = run.pace;
  const last = run.pace.at(-1);
  if (run.status !== 'RUNNING' || first === undefined || last === undefined) return null;
  return first === last
    ? rateOf(last.items, last.at - run.started.getTime())
    : rateOf(last.items - first.items, last.at - first.at);
}

function rateOf(items: number, ms: number): number | null {
  return ms <= 0 ? null : Math.round((items * 10_000) / ms) / 10;
}
