import { many } from './plurals';

const kinds: Readonly<Record<string, string>> = {
  FAILURE: 'Failure',
  GROUP_PUSH: 'Group push',
  PROVISION: 'Make accounts by hand',
  DEPROVISION: 'Take accounts away by hand',
};

/** Causes by their codes; in English the server says them. */
const advice: Readonly<Record<string, { readonly cause: string; readonly fix: string }>> = {};

interface Together {
  readonly tasks: number;
  readonly people: number;
  readonly groups: number;
}

/** Texts of what waits for a person. */
export const tasks = {
  title: 'Tasks',
  waiting: (count: number) => many(count, 'open task', 'open tasks'),
  what: 'What Usher could not do by itself, by application and cause. A task closes by itself once it concerns nobody any more.',
  together: ({ tasks: open, people, groups }: Together) =>
    `${many(open, 'open task', 'open tasks')}: ${[
      ...(people > 0 || groups === 0 ? [many(people, 'person', 'people')] : []),
      ...(groups > 0 ? [many(groups, 'group', 'groups')] : []),
    ].join(', ')}`,
  titleOf: (kind: string, app: string) => `${kind}: ${app}`,
  assign: 'Give to a colleague',
  assignOne: 'Give',
  assigned: 'The task is theirs.',
  assignee: 'Given to',
  advice,
  task: 'What happened',
  app: 'Application',
  people: 'People',
  concerned: 'Concerns',
  groups: 'Groups',
  group: 'Group',
  groupCount: (count: number) => many(count, 'group', 'groups'),
  groupsRetrying: (count: number) => `${many(count, 'group is', 'groups are')} tried again without anybody’s doing`,
  peopleCount: (count: number) => many(count, 'person', 'people'),
  leavers: (count: number) => many(count, 'leaver may still get in', 'leavers may still get in'),
  retrying: (count: number) => `${many(count, 'person is', 'people are')} tried again without anybody’s doing`,
  kind: 'Kind',
  kinds,
  status: 'Show',
  statuses: { OPEN: 'Open', IGNORED: 'Ignored', ALL: 'All' },
  anyKind: 'Any',
  firstSeen: 'First seen',
  lastSeen: 'Last seen',
  nextAttempt: 'Next attempt',
  empty: 'Nothing needs you. Failures of provisioning and work to do by hand show up here.',
  emptyFiltered: 'No task is like this.',
  probableCause: 'Probable cause',
  fix: 'What to do',
  ignoredBecause: (reason: string) => `Ignored: ${reason}`,
  ignoredSince: 'Ignored since',
  retryAll: 'Retry all failures',
  retryAllTitle: 'Retry every failure?',
  retryAllWhat: 'Every account and every group that failed, in every application, is tried again now.',
  retry: 'Retry all of them',
  retryOne: 'Retry',
  retryNamed: (name: string) => `Retry ${name}`,
  retried: 'They are tried again now.',
  ignore: 'Ignore',
  ignoreTitle: 'Ignore this task',
  ignoreWhat: 'It leaves the list until somebody else meets the same cause. Retries go on.',
  reason: 'Reason',
  ignored: 'Ignored. It is kept under “Ignored”.',
  reopen: 'Take up again',
  reopened: 'The task is open again.',
  complete: 'Complete',
  completeAll: 'Complete for all',
  completeNamed: (name: string) => `Complete for ${name}`,
  completeTitle: 'What was done by hand?',
  completeWhat: (count: number) =>
    `The ${many(count, 'account counts', 'accounts count')} as done from now on. What you say is kept with the account.`,
  evidence: 'What was done',
  evidenceLink: 'Link to a ticket (optional)',
  completed: 'Completed.',
  person: 'Person',
  error: 'What the application said',
  attempts: 'Attempts',
  since: 'Since',
  gone: 'Deleted person',
  closed: 'This task has closed: it concerns nobody any more.',
  back: 'All tasks',
  toApp: 'Open application',
};
