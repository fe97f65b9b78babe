import { many, number } from './plurals';

/** Words by names that are only known at run time; what is not there is shown as it is called. */
type Names = Readonly<Record<string, string>>;

const runKinds: Names = {
  people_import: 'Load of people',
  rule_evaluation: 'Evaluation of a group rule',
  plan: 'Working out a plan',
  app_assignment: 'Assignment of people',
  provisioning: 'Provisioning of people',
  synchronization: 'Synchronization of accounts',
  account_matching: 'Matching of accounts',
};
const runStatuses: Names = {
  RUNNING: 'Running',
  PAUSED: 'Paused',
  SUCCEEDED: 'Done',
  FAILED: 'Failed',
  REFUSED: 'Refused',
  CANCELLED: 'Cancelled',
};
const runCounts: Names = {
  failed: 'Failed',
  skipped: 'Skipped',
  waiting: 'Waiting',
  lines: 'Lines',
  created: 'New people',
  new: 'New',
  updated: 'Changed',
  unchanged: 'Unchanged',
  deactivated: 'Deactivated',
  problems: 'Problems',
};

/** Bulk work: what kinds there are, how far it is, and what can be done about it. */
export const runs = {
  title: 'Runs',
  empty: 'No bulk work yet. Loads of people and changes to many show up here.',
  kind: 'Work',
  kinds: runKinds,
  status: 'Status',
  statuses: runStatuses,
  startedBy: 'Started by',
  started: 'Started',
  progress: (done: number, total: number | null) =>
    total === null ? `${number.format(done)} so far` : `${number.format(done)} of ${number.format(total)}`,
  secondsLeft: (seconds: number) =>
    seconds < 120
      ? `about ${many(Math.ceil(seconds), 'second', 'seconds')} left`
      : `about ${many(Math.ceil(seconds / 60), 'minute', 'minutes')} left`,
  speed: 'Speed',
  ended: 'Ended',
  rate: 'Throughput',
  perSecond: (items: number) => `${number.format(items)} per second`,
  left: 'Time left',
  half: 'Half of the writes in the app took at most',
  most: '95 of 100 took at most',
  writes: 'Writes that were timed',
  milliseconds: (ms: number) => (ms < 1_000 ? `${number.format(ms)} ms` : `${number.format(ms / 1_000)} s`),
  progressLabel: 'Progress',
  counts: runCounts,
  problems: 'Problems',
  noProblems: 'Nothing went wrong.',
  item: 'Item',
  reason: 'Reason',
  pause: 'Pause',
  resume: 'Resume',
  cancel: 'Cancel run',
  cancelTitle: 'Cancel this run?',
  cancelWhat: 'It stops before the next item. What is done stays done; nothing is left half done.',
};
