import type { AppGroup, MemberChange } from '../contract.ts';
import { UsherError } from '../../lib/errors.ts';
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
): Promise<void> {
  const before = await shownMembers(way, id, signal);
  const toAdd = [...new Set(change.add)].filter((member) => !before?.has(member));
  const toRemove = [...new Set(change.remove)].filter((member) => before?.has(member) ?? true);
  if (toAdd.length === 0 && toRemove.length === 0) return;
  await add(way, id, toAdd, signal);
  const removed = toRemove.length === 0 || (await removeByFilter(way, id, toRemove, signal));
  const after = await shownMembers(way, id, signal);
  // A list that stays empty although members were added is one the app does not fill.
  if (after?.size === 0 && before?.size === 0 && toAdd.length > 0) {
    way.learned.set({ membersReadable: false });
    return;
  }
  if (!after) {
    if (removed) return;
    throw notKept(way.http.host, id);
  }
  if (toAdd.some((member) => !after.has(member))) throw notKept(way.http.host, id);
  const left = toRemove.filter((member) => after.has(member));
  if (left.length > 0) await removeByPut(way, id, left, signal);
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

async function add(way: MembersWay, id: ExternalId, ids: readonly ExternalId[], signal: AbortSignal): Promise<void> {
  for (const chunk of chunks(ids, way.quirks.membersPerPatchMax ?? membersPerPatchDefault)) {
    try {
      await patch(way, id, [addition(chunk)], signal);
    } catch (error) {
      if (statusOf(error) !== 409) throw error;
      // One of them is a member already, and the rest of the chunk may have been refused with it.
      for (const one of chunk) await ignoring(409, patch(way, id, [addition([one])], signal));
    }
  }
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
    for (const chunk of chunks(ids, way.quirks.membersPerPatchMax ?? membersPerPatchDefault)) {
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

async function ignoring(status: number, attempt: Promise<void>): Promise<void> {
  try {
    await attempt;
  } catch (error) {
    if (statusOf(error) !== status) throw error;
  }
}

function chunks<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size));
}
