import type { GroupOperations, MemberResult } from '../connectors/contract.ts';
import { chunksOf } from '../lib/chunks.ts';
import { asUsherError } from '../lib/errors.ts';
import type { ExternalId, UserId } from '../lib/ids.ts';
import {
  countWanted,
  intendMembers,
  intendRemoval,
  lookAtAccounts,
  membersToAdd,
  membersToRemove,
  recordMemberWrite,
  recordWanted,
  type MemberWrite,
  type PushedMember,
} from '../store/app-group-push-members.ts';
import type { ClaimedPush } from '../store/app-group-push-queue.ts';
import type { PushTools } from './push-group.ts';

/** How far the members of a group have come. */
export interface MemberProgress {
  added: number;
  removed: number;
  /** Whom the app would not take, and why. */
  readonly refused: MemberResult['refused'][number][];
}

/** `interrupted`: told to stop, with more to do. `lost`: another worker has the push. */
export type MembersEnd = 'converged' | 'interrupted' | 'lost';

/** Members read from the database at once. */
const batchSize = 10_000;

/**
 * Makes the members of the group in the app those who should be in it: leavers first, then newcomers, request by
 * request, each written down before the next.
 */
export async function pushMembers(
  push: ClaimedPush,
  groupId: ExternalId,
  groups: GroupOperations,
  progress: MemberProgress,
  tools: PushTools,
): Promise<MembersEnd> {
  if (push.concerned === undefined) await recordWanted(tools.db, push, await countWanted(tools.db, push));
  const way: Way = { push, groupId, groups, progress, tools };
  const end = await eachChunk(way, membersToRemove, (members) => remove(way, members));
  return end === 'converged' ? eachChunk(way, membersToAdd, (members) => add(way, members)) : end;
}

interface Way {
  readonly push: ClaimedPush;
  readonly groupId: ExternalId;
  readonly groups: GroupOperations;
  readonly progress: MemberProgress;
  readonly tools: PushTools;
}

/** `send` resolves to false when the lease is lost. */
async function eachChunk(
  { push, groups, tools }: Way,
  read: typeof membersToAdd,
  send: (members: readonly PushedMember[]) => Promise<boolean>,
): Promise<MembersEnd> {
  let after: UserId | undefined;
  for (;;) {
    const batch = await read(tools.db, push, after, batchSize);
    for (const members of chunksOf(batch, groups.membersMax)) {
      if (tools.isStopping()) return 'interrupted';
      if (!(await send(members))) return 'lost';
    }
    if (batch.length < batchSize) return 'converged';
    after = batch.at(-1)?.userId;
  }
}

async function remove(way: Way, members: readonly PushedMember[]): Promise<boolean> {
  if (!(await intendRemoval(way.tools.db, way.push, members, way.tools.leaseSeconds))) return false;
  const change = { add: [], remove: members.map((member) => member.externalId) };
  const { held } = await write(way, change, () => ({ added: [], removed: members }));
  way.progress.removed += members.length;
  return held;
}

async function add(way: Way, members: readonly PushedMember[]): Promise<boolean> {
  const { push, progress, tools } = way;
  if (!(await intendMembers(tools.db, push, members, tools.leaseSeconds))) return false;
  const change = { add: members.map((member) => member.externalId), remove: [] };
  const { held, refused } = await write(way, change, ({ refused: left }) => {
    const ids = new Set(left.map((one) => one.id));
    return { added: members.filter((member) => !ids.has(member.externalId)), removed: [] };
  });
  progress.added += members.length - refused.length;
  progress.refused.push(...refused);
  // An account the app does not know as a member may be gone from it: whoever looks after accounts should look.
  const ids = refused.map((one) => one.id);
  if (ids.length > 0 && push.attempts === 1) await lookAtAccounts(tools.db, push, ids);
  return held;
}

interface Change {
  readonly add: readonly ExternalId[];
  readonly remove: readonly ExternalId[];
}

async function write(
  { push, groupId, groups, tools }: Way,
  change: Change,
  outcome: (result: MemberResult) => Pick<MemberWrite, 'added' | 'removed'>,
): Promise<MemberResult & { readonly held: boolean }> {
  const started = tools.clock.monotonicMs();
  const record = (what: Omit<MemberWrite, 'durationMs'>) => {
    const durationMs = tools.clock.monotonicMs() - started;
    return recordMemberWrite(tools.db, push, groupId, { ...what, durationMs }, tools.leaseSeconds);
  };
  try {
    const result = await groups.changeMembers(groupId, { ...change, trusted: true }, tools.signal);
    return { ...result, held: await record(outcome(result)) };
  } catch (caught) {
    const error = asUsherError(caught);
    await record({ ...outcome({ refused: [] }), error });
    throw error;
  }
}
