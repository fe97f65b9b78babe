import type { AppGroup, Connection, GroupOperations } from '../connectors/contract.ts';
import type { Clock } from '../lib/clock.ts';
import { asUsherError, UsherError } from '../lib/errors.ts';
import type { ExternalId } from '../lib/ids.ts';
import type { JsonObject } from '../lib/json.ts';
import { countConfirmed, settleShownMembers } from '../store/app-group-push-members.ts';
import { intendName, recordPushedGroup, type ClaimedPush } from '../store/app-group-push-queue.ts';
import type { Db } from '../store/database.ts';
import { insertOperation } from '../store/operations.ts';
import type { AppSetup } from './app-setup.ts';
import { pushMembers, type MemberProgress } from './push-members.ts';

export interface PushTools {
  readonly db: Db;
  readonly setup: AppSetup;
  readonly connection: Connection;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly leaseSeconds: number;
  /** Asked between two requests: whether to leave the rest for another time. */
  isStopping(): boolean;
}

/** What was done about one pushed group. */
export interface PushResult {
  readonly push: ClaimedPush;
  /** `removed`: the group is out of the app. `lost`: another worker has the push, and nothing is to be recorded. */
  readonly end: 'converged' | 'interrupted' | 'lost' | 'removed' | 'failed';
  /** What stands in the way, or keeps being in the way although the rest was done. */
  readonly error: UsherError | undefined;
  /** Tried again however often it fails: somebody is still to be put in or taken out. */
  readonly persist: boolean;
  readonly made: 'created' | 'linked' | undefined;
  readonly renamedFrom: string | undefined;
  readonly members: MemberProgress;
  /** The app's own list of members was looked at. */
  readonly verified: boolean;
  readonly groupName: string;
  readonly durationMs: number;
}

/** The members an app shows are compared with the ledger so often, to find what others have changed there. */
export const verifyEverySeconds = 24 * 3_600;

/**
 * Brings one pushed group to the desired state: there, named as it should be, and with everybody in it who is in the
 * group here and has an active account. Never throws: a failure is a result. A group is made in an app here, and nowhere
 * else, and only after a look whether it is there.
 */
export async function pushGroup(claimed: ClaimedPush, tools: PushTools): Promise<PushResult> {
  const started = tools.clock.monotonicMs();
  const run: Run = {
    push: claimed,
    made: undefined,
    renamedFrom: undefined,
    renameError: undefined,
    verified: false,
    members: { added: 0, removed: 0, refused: [] },
  };
  const done = (end: PushResult['end'], error?: UsherError): PushResult => ({
    push: claimed,
    end,
    error,
    persist:
      claimed.removing || run.members.refused.length > 0 || (end === 'failed' && run.push.externalId !== undefined),
    made: run.made,
    renamedFrom: run.renamedFrom,
    members: run.members,
    verified: run.verified,
    groupName: nameOf(claimed),
    durationMs: tools.clock.monotonicMs() - started,
  });
  try {
    const { groups } = tools.connection;
    if (groups === undefined) throw noGroups(tools.setup.label);
    if (claimed.removing) return done(await removeGroup(run, groups, tools));
    const end = await converge(run, groups, tools);
    return done(end, end === 'converged' ? leftOver(run, tools.setup.label) : undefined);
  } catch (caught) {
    const error = asUsherError(caught);
    return error.code === 'changed_meanwhile' ? done('lost') : done('failed', error);
  }
}

/** What one run finds out; `push` changes when the group in the app turns out to be another. */
interface Run {
  push: ClaimedPush;
  made: PushResult['made'];
  renamedFrom: string | undefined;
  renameError: UsherError | undefined;
  verified: boolean;
  readonly members: MemberProgress;
}

async function converge(run: Run, groups: GroupOperations, tools: PushTools): Promise<'converged' | 'interrupted'> {
  let groupId = await ensureGroup(run, groups, tools);
  for (let again = true; ; again = false) {
    try {
      await rename(run, groupId, groups, tools);
      const end = await pushMembers(run.push, groupId, groups, run.members, tools);
      if (end === 'lost') throw leaseLost();
      return end;
    } catch (error) {
      if (!again || asUsherError(error).code !== 'app_account_gone') throw error;
      // Deleted in the app: it is looked for by its name, and made again.
      run.push = { ...run.push, externalId: undefined };
      groupId = await ensureGroup(run, groups, tools);
    }
  }
}

/** The group in the app: the one known, one of the name, or a new one. */
async function ensureGroup(run: Run, groups: GroupOperations, tools: PushTools): Promise<ExternalId> {
  const known = run.push.externalId;
  if (known !== undefined) {
    if (!isLookDue(run.push)) return known;
    const seen = await groups.read(known, tools.signal);
    if (seen !== undefined) {
      await settle(run, seen, tools);
      return known;
    }
  }
  if (run.push.sourceName === undefined) throw sourceGone(tools.setup.label);
  const found = await findByName(run.push, groups, tools);
  if (found !== undefined) return link(run, found, tools);
  return create(run, groups, tools);
}

function isLookDue({ lookFirst, verifiedSeconds }: ClaimedPush): boolean {
  return lookFirst || verifiedSeconds === undefined || verifiedSeconds > verifyEverySeconds;
}

async function findByName(push: ClaimedPush, groups: GroupOperations, tools: PushTools): Promise<AppGroup | undefined> {
  const names = new Set([...(push.sentName === undefined ? [] : [push.sentName]), nameOf(push)]);
  for (const name of names) {
    const found = await groups.find(name, tools.signal);
    if (found !== undefined) return found;
  }
  return undefined;
}

async function link(run: Run, found: AppGroup, tools: PushTools): Promise<ExternalId> {
  const { push } = run;
  // One that was made by a request of ours whose answer was lost is ours, whatever the app says about linking.
  if (!push.mayLink && push.sentName === undefined) throw nameTaken(found.name, tools.setup.label);
  await recordGroup(run, { externalId: found.externalId, name: found.name }, tools);
  run.made = push.sentName === undefined ? 'linked' : 'created';
  await note(run, 'group_link', found.externalId, { name: found.name }, 0, tools);
  await settle(run, found, tools);
  return found.externalId;
}

async function create(run: Run, groups: GroupOperations, tools: PushTools): Promise<ExternalId> {
  const name = nameOf(run.push);
  if (!(await intendName(tools.db, run.push, name))) throw leaseLost();
  const started = tools.clock.monotonicMs();
  const took = () => tools.clock.monotonicMs() - started;
  let made: AppGroup;
  try {
    made = await groups.create(name, tools.signal);
  } catch (caught) {
    const error = asUsherError(caught);
    await note(run, 'group_create', undefined, { name }, took(), tools, error);
    throw error;
  }
  await recordGroup(run, { externalId: made.externalId, name }, tools);
  run.made = 'created';
  run.verified = true;
  await note(run, 'group_create', made.externalId, { name }, took(), tools);
  return made.externalId;
}

async function recordGroup(
  run: Run,
  group: { readonly externalId: ExternalId; readonly name: string },
  tools: PushTools,
): Promise<void> {
  const recorded = await recordPushedGroup(tools.db, run.push, group);
  if (recorded === 'lost') throw leaseLost();
  if (recorded === 'taken') throw targetTaken(group.name, tools.setup.label);
  run.push = { ...run.push, externalId: group.externalId, recordedName: group.name, concerned: undefined };
}

/** Takes over what the app shows of the members, where it shows them all. */
async function settle(run: Run, seen: AppGroup, tools: PushTools): Promise<void> {
  run.verified = true;
  // A write may have arrived unrecorded, or somebody may have changed the list: everybody is compared.
  run.push = { ...run.push, concerned: undefined };
  if (seen.members === undefined || isCutShort(seen.members, await countConfirmed(tools.db, run.push))) return;
  await settleShownMembers(tools.db, run.push, seen.members);
}

const pageLeast = 100;

/** Apps exist that show the first hundred, or thousand, and say nothing of the others. */
function isCutShort(shown: readonly ExternalId[], known: number): boolean {
  return shown.length >= pageLeast && shown.length < known * 0.8;
}

/** An app that cannot rename still gets the members. */
async function rename(run: Run, groupId: ExternalId, groups: GroupOperations, tools: PushTools): Promise<void> {
  const { namePolicy, sourceName, recordedName } = run.push;
  if (namePolicy === 'TARGET' || sourceName === undefined || sourceName === recordedName) return;
  const started = tools.clock.monotonicMs();
  const took = () => tools.clock.monotonicMs() - started;
  try {
    await groups.rename(groupId, sourceName, tools.signal);
  } catch (caught) {
    const error = asUsherError(caught);
    await note(run, 'group_rename', groupId, { name: sourceName }, took(), tools, error);
    if (error.code !== 'unsupported' && error.code !== 'app_ignored_write' && error.code !== 'app_account_exists') {
      throw error;
    }
    run.renameError = error;
    return;
  }
  await recordGroup(run, { externalId: groupId, name: sourceName }, tools);
  run.renamedFrom = recordedName ?? '';
  await note(run, 'group_rename', groupId, { name: sourceName }, took(), tools);
}

async function removeGroup(run: Run, groups: GroupOperations, tools: PushTools): Promise<'removed'> {
  const { push } = run;
  const made = push.sentName === undefined ? undefined : await groups.find(push.sentName, tools.signal);
  const groupId = push.externalId ?? made?.externalId;
  if (groupId === undefined) return 'removed';
  const started = tools.clock.monotonicMs();
  const took = () => tools.clock.monotonicMs() - started;
  try {
    await groups.remove(groupId, tools.signal);
  } catch (caught) {
    const error = asUsherError(caught);
    await note(run, 'group_delete', groupId, {}, took(), tools, error);
    throw error;
  }
  await note(run, 'group_delete', groupId, {}, took(), tools);
  return 'removed';
}

function note(
  { push }: Run,
  kind: 'group_create' | 'group_link' | 'group_rename' | 'group_delete',
  externalId: ExternalId | undefined,
  changes: JsonObject,
  durationMs: number,
  tools: PushTools,
  error?: UsherError,
): Promise<void> {
  const group = push.targetGroupId ?? null;
  return insertOperation(tools.db, push.appId, {
    kind,
    externalId,
    attempt: push.attempts,
    changes: { group, ...changes },
    error,
    durationMs,
  });
}

/** The name the group is to have in the app. */
function nameOf({ namePolicy, sourceName, targetName }: ClaimedPush): string {
  return namePolicy === 'SOURCE' && sourceName !== undefined ? sourceName : targetName;
}

/** What keeps the push from being right although everything else was done. */
function leftOver(run: Run, label: string): UsherError | undefined {
  const [first] = run.members.refused;
  if (first !== undefined) {
    const { length } = run.members.refused;
    return new UsherError(
      'app_rejected',
      `${label} did not take ${length === 1 ? 'one member' : `${length} members`} of the group ${nameOf(run.push)}; the first is account ${first.id}: ${first.error.message} It is tried again; look at the account there if that does not help.`,
    );
  }
  return run.renameError ?? (run.push.sourceName === undefined ? sourceGone(label) : undefined);
}

function sourceGone(label: string): UsherError {
  return new UsherError(
    'not_found',
    `The group was deleted here, so nobody is in its counterpart in ${label} any more. Delete the mapping, and with it the group there if nothing else needs it.`,
  );
}

function nameTaken(name: string, label: string): UsherError {
  return new UsherError(
    'app_account_exists',
    `${label} has a group named ${name} already, and its groups cannot be taken over. Rename one of the two, or push to another name.`,
  );
}

function targetTaken(name: string, label: string): UsherError {
  return new UsherError(
    'conflict',
    `The group ${name} of ${label} gets its members from another mapping already. Push to another name.`,
  );
}

function leaseLost(): UsherError {
  return new UsherError('changed_meanwhile', 'Another worker has the push by now.');
}

function noGroups(label: string): UsherError {
  return new UsherError(
    'unsupported',
    `${label} says that it has no groups. Switch them on there and test the connection, or delete the mapping.`,
  );
}
