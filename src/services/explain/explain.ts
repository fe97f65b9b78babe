import type { User } from '../../domain/user.ts';
import { UsherError } from '../../lib/errors.ts';
import type { AppId, ExternalId, GroupId, UserId } from '../../lib/ids.ts';
import type { PlannedAction } from '../../planner/action.ts';
import { setUpApp, type AppSetup } from '../../provisioning/app-setup.ts';
import { isEntitled } from '../../provisioning/desired.ts';
import { loadSubjects } from '../../provisioning/load-subjects.ts';
import { expressionScope } from '../../provisioning/mapped-values.ts';
import { openAppConnection } from '../../provisioning/open-connection.ts';
import { decideRow, type Subject } from '../../provisioning/reconcile.ts';
import { loadAppConfig } from '../../store/app-config.ts';
import { loadAppHealth, type HealthState } from '../../store/app-health.ts';
import { findAppUser } from '../../store/app-users.ts';
import { findCurrentRow } from '../../store/current-row.ts';
import { listOperations, type Operation } from '../../store/operations.ts';
import { loadPeopleOfApp } from '../../store/people.ts';
import { findUser } from '../../store/users.ts';
import { authorize } from '../authorize.ts';
import type { AppContext } from '../context.ts';
import { reasonSentences } from './reasons.ts';
import { explainGroups, type ExplainedGroup } from './sources.ts';
import { explainValues, type ExplainedValue } from './values.ts';

/** What Usher would do about the person in the app now, or why nothing, in one sentence. */
export interface ExplainedDecision {
  readonly kind: PlannedAction['kind'] | 'error';
  readonly reason: string | null;
  readonly sentence: string;
}

/** The account as the app last confirmed it. */
export interface ExplainedAccount {
  readonly externalId: ExternalId;
  readonly userName: string | null;
  readonly active: boolean;
}

/** What is in the way although something should be done. */
export interface ExplainedTrouble {
  readonly error: string | null;
  readonly nextAttemptAt: Date | null;
  readonly health: HealthState;
}

/** Why somebody has an account with these values, or why not: from the source to the request. */
export interface Explanation {
  readonly person: { readonly id: UserId; readonly login: string; readonly status: User['status'] };
  readonly app: { readonly id: AppId; readonly label: string };
  /** Something gives the app to this person. */
  readonly entitled: boolean;
  readonly direct: boolean;
  readonly groups: readonly ExplainedGroup[];
  readonly account: ExplainedAccount | null;
  readonly decision: ExplainedDecision;
  readonly trouble: ExplainedTrouble | null;
  readonly values: readonly ExplainedValue[];
  /** The last write to the app for this person. */
  readonly lastOperation: Operation | null;
}

/**
 * Everything that decides about one person in one app, as the engine sees it now. Nothing is asked of the app.
 *
 * @throws {UsherError} `not_found` (app or person)
 */
export async function explainAccess(context: AppContext, appId: AppId, userId: UserId): Promise<Explanation> {
  const { db } = context;
  await authorize(context, db, 'users.read', { users: [userId] });
  const config = await loadAppConfig(db, appId);
  if (config === undefined) throw new UsherError('not_found', `There is no app with the id ${appId}.`);
  const user = await findUser(db, userId);
  if (user === undefined) throw new UsherError('not_found', `There is no user with the id ${userId}.`);
  const setup = setUpApp(config);
  const now = context.clock.now();
  const subject = await loadSubject(context, setup, userId, now);
  const { row, person } = subject;
  const [operation] = await listOperations(db, appId, { userId, limit: 1 });
  const scope = expressionScope(setup, { userId, status: user.status, profile: user.profile }, subject.context);
  return {
    person: { id: userId, login: String(user.profile['login']), status: user.status },
    app: { id: appId, label: setup.label },
    entitled: isEntitled(person, row),
    direct: row.direct,
    groups: await explainGroups(db, setup, user, now),
    account: accountOf(subject),
    decision: await decisionOf(context, setup, subject),
    trouble: await troubleOf(context, appId, userId),
    values: explainValues(setup, row, person?.assignedGroupIds ?? new Set<GroupId>(), scope),
    lastOperation: operation ?? null,
  };
}

async function loadSubject(context: AppContext, setup: AppSetup, userId: UserId, now: Date): Promise<Subject> {
  const row = await findCurrentRow(context.db, setup.appId, userId);
  const { people } = await loadPeopleOfApp(context.db, setup.appId, [userId]);
  const [subject] = await loadSubjects(context.db, setup, [row], people, now);
  return subject ?? { row, person: people.get(userId), context: { now }, known: undefined };
}

function accountOf({ row: { externalId, userName, recordedActive } }: Subject): ExplainedAccount | null {
  return externalId === undefined ? null : { externalId, userName: userName ?? null, active: recordedActive };
}

async function decisionOf(context: AppContext, setup: AppSetup, subject: Subject): Promise<ExplainedDecision> {
  const connection = setup.connected ? await openAppConnection(context.db, context, setup.appId) : undefined;
  try {
    const { action, error } = decideRow(subject, { setup, connection });
    if (error !== undefined) return { kind: 'error', reason: error.code, sentence: error.message };
    if (action.kind !== 'none') return { kind: action.kind, reason: null, sentence: actionSentence(action, setup) };
    return { kind: 'none', reason: action.reason, sentence: reasonSentences[action.reason] };
  } finally {
    await connection?.close();
  }
}

function actionSentence(action: Exclude<PlannedAction, { kind: 'none' }>, { label }: AppSetup): string {
  if (action.kind === 'create') return `An account is made in ${label}.`;
  if (action.kind === 'link') return `The account that is there already (id ${action.externalId}) is linked.`;
  if (action.kind === 'update') return `The account in ${label} gets values it does not have yet.`;
  return `Next in ${label}: ${action.kind}.`;
}

async function troubleOf({ db }: AppContext, appId: AppId, userId: UserId): Promise<ExplainedTrouble | null> {
  const [appUser, health] = await Promise.all([findAppUser(db, appId, userId), loadAppHealth(db, appId)]);
  const error = appUser?.lastError ?? null;
  if (error === null && health.state === 'OK') return null;
  return { error, nextAttemptAt: appUser?.nextAttemptAt ?? null, health: health.state };
}
