import type { Connection } from '../connectors/contract.ts';
import type { Account } from '../domain/account.ts';
import { deprovisionPolicy } from '../domain/app.ts';
import type { Clock } from '../lib/clock.ts';
import { asUsherError, UsherError } from '../lib/errors.ts';
import type { ExternalId, UserId } from '../lib/ids.ts';
import { uniqueAttributeOf, uniqueValue } from './unique-value.ts';
import { randomPassword } from '../lib/random-text.ts';
import type { AccountOwner, PlannedAction } from '../planner/action.ts';
import { planAction, type DesiredState, type FoundAccount, type RecordedState } from '../planner/plan.ts';
import type { ClaimedRow } from '../store/app-user-queue.ts';
import type { Person } from '../store/people.ts';
import { applyAction, foundState, noAccount, type Applied, type EffectiveAction } from './apply.ts';
import type { AppSetup } from './app-setup.ts';
import { buildDesired, describeAccount, isEntitled } from './desired.ts';
import type { PersonContext } from './mapped-values.ts';

/** One app user and everything the decision rests on, read after the row was claimed. */
export interface Subject {
  readonly row: ClaimedRow;
  readonly person: Person | undefined;
  readonly context: PersonContext;
  /** The person's account according to the listing of the app, where there is one. */
  readonly known: FoundAccount | undefined;
  /** The password that waits to be pushed: as it is kept, and in clear. */
  readonly password?: { readonly kept: string; readonly clear: string };
  /** What the app said of the last password, which it has not taken, nor one since. */
  readonly passwordRefused?: string;
}

export interface ReconcileTools {
  readonly setup: AppSetup;
  /** Undefined while nothing may be sent. */
  readonly connection: Connection | undefined;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  linkedUser(externalId: ExternalId): Promise<UserId | undefined>;
  owner(externalId: ExternalId): Promise<AccountOwner | undefined>;
  /** Forgets that the app was seen to have this account. */
  forgetAccount(externalId: ExternalId): Promise<void>;
}

/** What was wanted, planned and done. `error` is set when it failed, `applied` when the app or our knowledge changed. */
export interface Reconciled {
  readonly subject: Subject;
  readonly entitled: boolean;
  /** The account is to be taken away or switched off. */
  readonly removal: boolean;
  readonly action: PlannedAction;
  /** The state the action started from: recorded, observed, or of the account found. */
  readonly before: RecordedState;
  /** The account as just read from the app, where what was recorded could not be trusted. */
  readonly observed: RecordedState | undefined;
  /** False while a write may have arrived unrecorded and nobody has been able to look. */
  readonly certain: boolean;
  readonly applied: Applied | undefined;
  readonly error: UsherError | undefined;
  /** The write was for the password alone. */
  readonly passwordOnly: boolean;
  readonly durationMs: number;
}

/**
 * Brings one person in one app to the desired state, or says why not. Never throws: a failure is a result. Looks in
 * the app before it writes whenever an earlier write may have arrived unrecorded or an account may be there already.
 */
export async function reconcileRow(subject: Subject, tools: ReconcileTools): Promise<Reconciled> {
  const started = tools.clock.monotonicMs();
  const { row, person } = subject;
  const entitled = isEntitled(person, row);
  let removal = !entitled;
  let step: Step = {
    action: { kind: 'none', reason: 'not_assigned' },
    before: recordedState(row),
    observed: undefined,
    certain: !row.lookFirst,
  };
  const done = (rest: { applied?: Applied; error?: UsherError }): Reconciled => ({
    subject,
    entitled,
    removal,
    action: step.action,
    before: step.before,
    observed: step.observed,
    certain: step.certain || rest.applied !== undefined,
    applied: rest.applied,
    error: rest.error,
    passwordOnly: step.passwordOnly === true,
    durationMs: tools.clock.monotonicMs() - started,
  });
  try {
    const desired = buildDesired(tools.setup, person, row, subject.context);
    removal = desired.kind === 'no_account' || desired.kind === 'suspended';
    step = withPassword(await firstStep(subject, desired, tools), subject, tools);
    for (;;) {
      if (step.action.kind === 'none' || step.action.kind === 'task') return done(standingRefusal(step, subject));
      if (step.action.kind === 'ask') return done({ error: question(step.action, tools.setup) });
      const outcome = await tryStep({ ...step, action: step.action }, desired, subject, tools);
      if ('applied' in outcome) return done(outcome);
      const next = await nextStep(step, outcome.error, subject, desired, tools);
      if (next === undefined) return done(outcome);
      step = next;
    }
  } catch (error) {
    return done({ error: asUsherError(error) });
  }
}

/** What would be done for this person by what is recorded and known, and why not. Asks nothing of the app. */
export function decideRow(
  subject: Subject,
  tools: PlanTools,
): Pick<Reconciled, 'action' | 'before'> & { readonly error: UsherError | undefined } {
  try {
    const desired = buildDesired(tools.setup, subject.person, subject.row, subject.context);
    const decided = plan(recordedState(subject.row), subject.known, subject, desired, tools);
    return { ...decided, error: decided.action.kind === 'ask' ? question(decided.action, tools.setup) : undefined };
  } catch (error) {
    const action = { kind: 'none', reason: 'not_assigned' } as const;
    return { action, before: recordedState(subject.row), error: asUsherError(error) };
  }
}

type PlanTools = Pick<ReconcileTools, 'setup' | 'connection'>;

type EffectiveStep = Step & { readonly action: EffectiveAction };

interface Step extends Pick<Reconciled, 'action' | 'before' | 'observed' | 'certain'> {
  readonly passwordOnly?: boolean;
}

/** Where all is well but for a password that waits, that one is written alone. */
function withPassword(step: Step, { password }: Subject, { connection }: ReconcileTools): Step {
  const { action, before } = step;
  if (password === undefined || action.kind !== 'none' || action.reason !== 'in_sync') return step;
  if (before.externalId === undefined || connection?.update === undefined) return step;
  const change = { profile: {} };
  return { ...step, action: { kind: 'update', externalId: before.externalId, change }, passwordOnly: true };
}

/** All else being well, an account without the password the app refused is not in sync. */
function standingRefusal({ action }: Step, { passwordRefused }: Subject): { error?: UsherError } {
  if (passwordRefused === undefined || action.kind !== 'none' || action.reason !== 'in_sync') return {};
  return { error: new UsherError('app_password_refused', passwordRefused) };
}

async function firstStep(subject: Subject, desired: DesiredState, tools: ReconcileTools): Promise<Step> {
  const { row } = subject;
  const observed = await observeIfUncertain(subject, desired, tools);
  const recorded = observed ?? recordedState(row);
  if (recorded.externalId !== undefined) {
    const certain = !row.lookFirst || observed !== undefined;
    return { ...plan(recorded, undefined, subject, desired, tools), observed, certain };
  }
  const canLook = tools.connection !== undefined && accountName(subject, desired, tools) !== undefined;
  const found = await findIfNeeded(subject, desired, tools);
  return { ...plan(recorded, found, subject, desired, tools), observed, certain: !row.lookFirst || canLook };
}

/**
 * What the app holds now, where a write of ours may have arrived without being recorded: then the record says
 * nothing, whatever it says. Undefined where the record can be trusted or nothing may be sent.
 */
async function observeIfUncertain(
  { row }: Subject,
  desired: DesiredState,
  { connection, signal }: ReconcileTools,
): Promise<RecordedState | undefined> {
  if (!row.lookFirst || row.externalId === undefined || connection === undefined) return undefined;
  if (connection.read === undefined) {
    // Nobody can look, so the state is taken to be whatever makes the whole account be written again.
    return { externalId: row.externalId, active: desired.kind !== 'account', userName: undefined, profile: {} };
  }
  const account = await connection.read(row.externalId, signal);
  return account === undefined ? noAccount : foundState(account);
}

function plan(
  recorded: RecordedState,
  found: FoundAccount | undefined,
  subject: Subject,
  desired: DesiredState,
  tools: PlanTools,
): Pick<Step, 'action' | 'before'> {
  const action = planAction(desired, recorded, found, {
    settings: tools.setup.provisioning,
    connected: tools.connection !== undefined,
    unprovisioned: subject.row.unprovisioned,
    canUpdate: tools.connection?.update !== undefined,
    canDeactivate: tools.connection?.deactivate !== undefined,
    canRemove: tools.connection?.remove !== undefined,
    entitlements: tools.setup.entitlements,
    removalWaitSeconds: removalWaitSeconds(subject, tools.setup),
  });
  const fromFound = found !== undefined && recorded.externalId === undefined;
  return { action, before: fromFound ? foundState(found.account) : recorded };
}

/** Until the account of somebody without the app is deleted. Nobody's is before the policy has been in force so long. */
export function removalWaitSeconds({ row, context }: Subject, { provisioning }: AppSetup): number | undefined {
  if (deprovisionPolicy(provisioning) !== 'DELETE') return undefined;
  const { deleteAfterDays = 0, deleteSince } = provisioning;
  const inForce = deleteSince === undefined ? Infinity : (context.now.getTime() - Date.parse(deleteSince)) / 1_000;
  return Math.max(0, deleteAfterDays * daySeconds - Math.min(row.deprovisionedSeconds, inForce));
}

const daySeconds = 24 * 3_600;

async function tryStep(
  { action, before, passwordOnly }: EffectiveStep,
  desired: DesiredState,
  subject: Subject,
  tools: ReconcileTools,
): Promise<{ applied: Applied } | { error: UsherError }> {
  if (tools.connection === undefined) throw new UsherError('internal', 'An action was planned without a connection.');
  const account = desired.kind === 'account' ? desired.account : undefined;
  const password = passwordFor(action, subject, tools.setup);
  try {
    const start = action.kind === 'create' ? noAccount : before;
    // Nobody may be linked to what is about to be gone; if it stays after all, the row still has it.
    if (action.kind === 'remove') await tools.forgetAccount(action.externalId);
    return { applied: await applyAction(action, account, start, tools.connection, tools.signal, password) };
  } catch (error) {
    const failure = withoutPassword(asUsherError(error), password);
    const refused = subject.password !== undefined && (passwordOnly === true || speaksOfPassword(failure));
    return { error: refused && failure.code === 'app_rejected' ? passwordRefusal(failure) : failure };
  }
}

/** Beside other values, it is the app's own words that tell what it refuses. */
function speaksOfPassword({ appAnswer }: UsherError): boolean {
  return /passwor[dt]|passphrase|kennwort/i.test(appAnswer?.detail ?? '');
}

function passwordRefusal({ message, appAnswer }: UsherError): UsherError {
  return new UsherError(
    'app_password_refused',
    `${message} The password is not kept: it is sent again when the person signs in or gets a new one.`,
    appAnswer === undefined ? {} : { appAnswer },
  );
}

/** What an account that is made or changed gets: the password that waits, else a new account one nobody knows. */
function passwordFor(action: EffectiveAction, { password }: Subject, { provisioning }: AppSetup): string | undefined {
  if (provisioning.password?.status !== 'ENABLED') return undefined;
  if (password !== undefined) return password.clear;
  return action.kind === 'create' && provisioning.password.seed === 'RANDOM' ? randomPassword(16) : undefined;
}

/** Some apps say in their answer what was wrong with a password, and which it was. */
function withoutPassword(error: UsherError, password: string | undefined): UsherError {
  if (password === undefined) return error;
  const clean = (text: string) => text.replaceAll(password, '•••');
  const { code, appAnswer, causes, outcomeUnknown, retryAfterSeconds } = error;
  return new UsherError(code, clean(error.message), {
    causes: causes.map(({ field, reason }) => ({ field, reason: clean(reason) })),
    outcomeUnknown,
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    ...(appAnswer === undefined ? {} : { appAnswer: { ...appAnswer, detail: clean(appAnswer.detail) } }),
  });
}

/**
 * Two answers of an app are not failures but news, once: the name is taken (so look who has it), and the account is
 * gone (so look for it, and make it again).
 */
async function nextStep(
  step: Step,
  error: UsherError,
  subject: Subject,
  desired: DesiredState,
  tools: ReconcileTools,
): Promise<Step | undefined> {
  const taken = error.code === 'app_account_exists' && step.action.kind === 'create';
  const gone =
    error.code === 'app_account_gone' &&
    ['update', 'reactivate', 'link', 'remove_entitlements'].includes(step.action.kind);
  if (!taken && !gone) return undefined;
  const found = await lookUp(subject, desired, tools);
  if (taken && found === undefined) return undefined;
  return { ...plan(noAccount, found, subject, desired, tools), observed: step.observed, certain: true };
}

/**
 * Without a listing of the app, everybody's account is unknown, so a create looks first. It does, too, where accounts
 * are recognised by an attribute: in a listing two may have the same value, and the app is asked which is whose.
 */
async function findIfNeeded(
  subject: Subject,
  desired: DesiredState,
  tools: ReconcileTools,
): Promise<FoundAccount | undefined> {
  if (subject.known !== undefined || tools.connection === undefined) return subject.known;
  const { accountsListed, provisioning } = tools.setup;
  const { create, update, deactivate } = provisioning;
  const managed = (create || update || deactivate) && !subject.row.unprovisioned;
  const unknown =
    desired.kind === 'account' && managed && (!accountsListed || uniqueAttributeOf(tools.setup) !== undefined);
  return subject.row.lookFirst || unknown ? lookUp(subject, desired, tools) : undefined;
}

async function lookUp(
  subject: Subject,
  desired: DesiredState,
  tools: ReconcileTools,
): Promise<FoundAccount | undefined> {
  const { row } = subject;
  const name = accountName(subject, desired, tools);
  if (tools.connection === undefined || name === undefined) return undefined;
  const email = subject.person?.profile['email'];
  const account = await tools.connection.find(
    {
      ...{ userName: name, correlationId: row.userId },
      ...(typeof email === 'string' ? { email } : {}),
      ...uniqueOf(subject, desired, tools),
    },
    tools.signal,
  );
  if (account === undefined) return undefined;
  const linkedTo = await tools.linkedUser(account.externalId);
  const owner = await tools.owner(account.externalId);
  return {
    account,
    ours: isOurs(account, row),
    linkedToOther: linkedTo !== undefined && linkedTo !== row.userId,
    ...(owner === undefined ? {} : { owner }),
  };
}

/** As it is to be; of somebody without an account to be, as it was sent last. */
function uniqueOf({ row }: Subject, desired: DesiredState, { setup }: ReconcileTools): { readonly unique?: string } {
  const profile = desired.kind === 'account' ? desired.account.profile : row.recorded;
  const unique = uniqueValue(setup, profile);
  return unique === undefined ? {} : { unique };
}

/** It carries our key, or it carries none and answers a create of ours whose outcome was lost. */
export function isOurs(account: Account, row: ClaimedRow): boolean {
  return account.correlationId === row.userId || (row.lookFirst && account.correlationId === undefined);
}

function accountName(subject: Subject, desired: DesiredState, tools: ReconcileTools): string | undefined {
  if (desired.kind === 'account') return desired.account.userName;
  const { row, person, context } = subject;
  if (row.userName !== undefined || person === undefined) return row.userName;
  return describeAccount(tools.setup, person, row, context).userName;
}

function recordedState(row: ClaimedRow): RecordedState {
  return { externalId: row.externalId, active: row.recordedActive, userName: row.userName, profile: row.recorded };
}

function question(action: Extract<PlannedAction, { kind: 'ask' }>, setup: AppSetup): UsherError {
  switch (action.question) {
    case 'link_existing':
      return new UsherError(
        'app_account_exists',
        `${setup.label} already has an account with this user name (id ${action.externalId}), and the app is set to ask before linking. Link it, or change the user name.`,
      );
    case 'linked_to_other':
      return new UsherError(
        'conflict',
        `The account with this user name in ${setup.label} (id ${action.externalId}) already belongs to another person here. Change one of the two user names.`,
      );
    case 'owned_by_other_app':
      return new UsherError(
        'conflict',
        `${action.owner.label} provisions the account with this user name (id ${action.externalId}) and writes ${action.owner.attributes.join(', ')} as ${setup.label} would. Take the attributes out of one of the two apps, or turn updates or deactivation off there.`,
      );
    case 'no_match':
      return new UsherError(
        'not_found',
        `Matching user not found in ${setup.label}, and creating users is switched off. Create the account there, or switch "Create users" on.`,
      );
  }
}
