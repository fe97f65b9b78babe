import type { AppGroup, MemberChange, MemberResult } from '../contract.ts';
import { asUsherError, UsherError } from '../../lib/errors.ts';
import { chunksOf } from '../../lib/chunks.ts';
import type { ExternalId } from '../../lib/ids.ts';
import { isJsonObject, type Json } from '../../lib/json.ts';
import { statusOf } from './errors.ts';
import type { ScimHttp } from './http.ts';
import type { Learned } from './learned.ts';
import { groupPath } from './paths.ts';
import type { ScimQuirks } from './quirks.ts';
import { readId } from './resource.ts';

/** What member changes need of the app they go to. */
export interface MembersWay {
  readonly http: ScimHttp;
  readonly learned: Learned;
  readonly quirks: ScimQuirks;
  read(id: ExternalId, signal: AbortSignal): Promise<AppGroup | undefined>;
}

/**
 * Adds and removes members in chunks. Never replaces the list and never removes by a value array: apps exist that
 * take the one for an addition and the other for "everybody". What is there already is not sent again, because apps
 * exist that then list a member twice.
 */
export async function changeMembers(
  way: MembersWay,
  id: ExternalId,
  change: MemberChange,
  signal: AbortSignal,
): Promise<MemberResult> {
  const before = change.trusted === true ? undefined : await shownMembers(way, id, signal);
  const toAdd = [...new Set(change.add)].filter((member) => !before?.has(member));
  const toRemove = [...new Set(change.remove)].filter((member) => before?.has(member) ?? true);
  const refused = await add(way, id, toAdd, signal);
  const removed = toRemove.length === 0 || (await removeByFilter(way, id, toRemove, signal));
  const unsure = change.trusted !== true || !removed || !isProven(way, toAdd, toRemove);
  if (unsure && toAdd.length + toRemove.length > 0) {
    const refusedIds = new Set(refused.map((member) => member.id));
    const added = toAdd.filter((member) => !refusedIds.has(member));
    await verify(way, id, { before, added, toRemove, removed }, signal);
  }
  return { refused };
}

/** Members of one request: what the app is declared to take, or has shown to take. */
export function membersMaxOf({ quirks, learned }: Pick<MembersWay, 'quirks' | 'learned'>): number {
  return Math.min(quirks.membersPerPatchMax ?? membersPerPatchDefault, learned.facts.membersPerPatch ?? Infinity);
}

/** Whether the app has shown, or cannot show, that it does what it says about members. */
function isProven({ learned, quirks }: MembersWay, toAdd: readonly unknown[], toRemove: readonly unknown[]): boolean {
  const { membersReadable, memberAddition, memberRemoval } = learned.facts;
  if (quirks.membersUnreadable === true || membersReadable === false) return true;
  return (toAdd.length === 0 || memberAddition !== undefined) && (toRemove.length === 0 || memberRemoval !== undefined);
}

interface Sent {
  /** Undefined where nobody looked. */
  readonly before: ReadonlySet<ExternalId> | undefined;
  readonly added: readonly ExternalId[];
  readonly toRemove: readonly ExternalId[];
  /** False where the app did not take the removals. */
  readonly removed: boolean;
}

/** @throws {UsherError} `app_ignored_write` where the list does not show what was sent. */
async function verify(way: MembersWay, id: ExternalId, sent: Sent, signal: AbortSignal): Promise<void> {
  const { before, added, toRemove, removed } = sent;
  const after = await shownMembers(way, id, signal);
  // A list that stays empty although members were added is one the app does not fill.
  if (after?.size === 0 && (before?.size ?? 0) === 0 && added.length > 0) {
    way.learned.set({ membersReadable: false });
    return;
  }
  if (!after) {
    if (removed) return;
    throw notKept(way.http.host, id);
  }
  if (added.some((member) => !after.has(member))) throw notKept(way.http.host, id);
  const { memberAddition, memberRemoval } = way.learned.facts;
  if (added.length > 0 && memberAddition === undefined) way.learned.set({ memberAddition: 'works' });
  const left = toRemove.filter((member) => after.has(member));
  if (left.length > 0) await removeByPut(way, id, left, signal);
  else if (toRemove.length > 0 && removed && memberRemoval === undefined) way.learned.set({ memberRemoval: 'filter' });
}

const membersPerPatchDefault = 100;
/** Beyond this many the list an app shows may be cut short, and putting it back would drop the others. */
const membersWholeMax = 500;

/** The members as the app shows them, undefined where it does not. */
async function shownMembers(
  way: MembersWay,
  id: ExternalId,
  signal: AbortSignal,
): Promise<ReadonlySet<ExternalId> | undefined> {
  const group = await way.read(id, signal);
  if (!group) throw new UsherError('app_account_gone', `${way.http.host} no longer has the group ${id}.`);
  return group.members && new Set(group.members);
}

async function patch(way: MembersWay, id: ExternalId, operations: readonly Json[], signal: AbortSignal): Promise<void> {
  const schemas = ['urn:ietf:params:scim:api:messages:2.0:PatchOp'];
  await way.http.send('PATCH', groupPath(id), signal, { schemas, Operations: operations });
}

/** So many refusals before the app has taken anybody are about the app, and not about the members. */
const refusalsMax = 5;
/** Answers that may be about one of the members of a chunk. */
const aboutMembers = [400, 404, 409, 413, 422, 500];

type Refused = MemberResult['refused'][number];

async function add(
  way: MembersWay,
  id: ExternalId,
  ids: readonly ExternalId[],
  signal: AbortSignal,
): Promise<readonly Refused[]> {
  const refused: Refused[] = [];
  let taken = 0;
  const addChunk = async (chunk: readonly ExternalId[]): Promise<void> => {
    try {
      await patch(way, id, [addition(chunk)], signal);
      taken += chunk.length;
    } catch (error) {
      if (!aboutMembers.includes(statusOf(error) ?? 0)) throw error;
      await addParts(chunk, asUsherError(error));
    }
  };
  /** One of them is a member already, or unknown, or they are too many; the rest was refused with it. */
  const addParts = async (chunk: readonly ExternalId[], error: UsherError): Promise<void> => {
    const [first, ...others] = chunk;
    if (first === undefined) return;
    if (others.length === 0) {
      if (statusOf(error) === 409) return;
      if (statusOf(error) === 404 && !(await way.read(id, signal))) throw error;
      refused.push({ id: first, error });
      if (taken === 0 && refused.length >= refusalsMax) throw error;
      return;
    }
    const before = refused.length;
    const half = Math.ceil(chunk.length / 2);
    for (const part of chunksOf(chunk, half)) await addChunk(part);
    if (statusOf(error) !== 409 && refused.length === before) way.learned.set({ membersPerPatch: half });
  };
  for (const chunk of chunksOf(ids, membersMaxOf(way))) await addChunk(chunk);
  return refused;
}

/** False when the app does not take removals in this form. */
async function removeByFilter(
  way: MembersWay,
  id: ExternalId,
  ids: readonly ExternalId[],
  signal: AbortSignal,
): Promise<boolean> {
  if (way.learned.facts.memberRemoval === 'put') return false;
  try {
    for (const chunk of chunksOf(ids, membersMaxOf(way))) {
      await patch(way, id, chunk.map(removal), signal);
    }
    return true;
  } catch (error) {
    if (![400, 405, 501].includes(statusOf(error) ?? 0)) throw error;
    return false;
  }
}

/** Last resort: the group as it stands, with fewer members. */
async function removeByPut(
  way: MembersWay,
  id: ExternalId,
  ids: readonly ExternalId[],
  signal: AbortSignal,
): Promise<void> {
  const { http, learned } = way;
  const { body } = await http.send('GET', groupPath(id), signal);
  const shown = body?.['members'];
  if (!body || !Array.isArray(shown) || shown.length > membersWholeMax) throw notKept(http.host, id);
  const dropped = new Set<string>(ids);
  const { meta: _meta, ...group } = body;
  const members = shown.filter((member: Json) => !dropped.has(memberId(member) ?? ''));
  await http.send('PUT', groupPath(id), signal, { ...group, members });
  const after = await shownMembers(way, id, signal);
  if (!after || ids.some((member) => after.has(member))) throw notKept(http.host, id);
  learned.set({ memberRemoval: 'put' });
}

function addition(ids: readonly ExternalId[]): Json {
  return { op: 'add', path: 'members', value: ids.map((value) => ({ value })) };
}

function removal(id: ExternalId): Json {
  return { op: 'remove', path: `members[value eq ${JSON.stringify(id)}]` };
}

/** The id a member of a group resource stands for. */
export function memberId(member: Json): ExternalId | undefined {
  return isJsonObject(member) ? readId({ id: member['value'] ?? null }) : undefined;
}

function notKept(host: string, id: ExternalId): UsherError {
  return new UsherError(
    'app_ignored_write',
    `${host} answered that the members of the group ${id} were changed, but they were not. Change them there by hand.`,
  );
}
