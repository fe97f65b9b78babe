import type { ErrorCode } from '../lib/errors.ts';
import { derivedId, type AppId, type TaskId, type UserId } from '../lib/ids.ts';

/** FAILURE: what could not be done for some people; GROUP_PUSH: groups that could not be pushed. The others: what only a person can do, in an app without an API. */
export const taskKinds = ['FAILURE', 'GROUP_PUSH', 'PROVISION', 'DEPROVISION'] as const;
export type TaskKind = (typeof taskKinds)[number];

/** Accounts a person has to make or take away. */
export type ManualVerb = Exclude<TaskKind, 'FAILURE' | 'GROUP_PUSH'>;

export type TaskStatus = 'OPEN' | 'IGNORED';

/** One cause in one app, and how many people it concerns. It closes by itself when it concerns nobody any more. */
export interface Task {
  readonly id: TaskId;
  readonly kind: TaskKind;
  readonly appId: AppId;
  readonly appLabel: string;
  readonly status: TaskStatus;
  readonly people: number;
  /** Groups that cannot be pushed: such a task has no people. */
  readonly groups: number;
  /** Those of them who may still get in and should not. */
  readonly leavers: number;
  /** Those who are tried again without anybody's doing. */
  readonly retrying: number;
  readonly firstSeen: Date;
  readonly lastSeen: Date;
  readonly nextAttempt: Date | null;
  /** Of one of the people, as an example; null for what is no failure. */
  readonly errorCode: ErrorCode | null;
  readonly error: string | null;
  readonly assigneeId: UserId | null;
  readonly ignored: Date | null;
  readonly reason: string | null;
}

/** The task of everybody with this failure in this app; `own` are words of this person's alone. */
export function failureTaskId(
  appId: AppId,
  error: { readonly code: ErrorCode; readonly message: string },
  own: readonly string[],
): TaskId {
  return derivedId('task', appId, error.code, causeWords(error.message, own));
}

/** The task of every group whose push fails like this in this app. */
export function pushTaskId(
  appId: AppId,
  error: { readonly code: ErrorCode; readonly message: string },
  own: readonly string[],
): TaskId {
  return derivedId('task', appId, 'GROUP_PUSH', error.code, causeWords(error.message, own));
}

export function manualTaskId(appId: AppId, verb: ManualVerb): TaskId {
  return derivedId('task', appId, verb);
}

const wordsMax = 300;

/**
 * What a failure has in common with others of its cause: without the person's own words, and without anything that
 * looks like a name, an id, an address or a number.
 */
export function causeWords(message: string, own: readonly string[] = []): string {
  const known = own.filter((word) => word.length > 2).sort((left, right) => right.length - left.length);
  const general = known.reduce((text, word) => text.replaceAll(word, '…'), message.slice(0, 2_000));
  return general
    .replace(/"[^"]*"|“[^”]*”|«[^»]*»|`[^`]*`/g, '…')
    .replace(/[^\s,;()]+@[^\s,;()]+/g, '…')
    .replace(/[\p{L}\p{N}_-]*\p{N}[\p{L}\p{N}_-]*/gu, '#')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, wordsMax);
}
