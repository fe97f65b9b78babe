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

const membersPerPatchDefault = 100;

export interface Members {
  /**
   * Adds and removes members in chunks. Never replaces the list and never removes by a value array: apps exist that
   * take the one for an addition and the other for "everybody". What is there already is not sent again, because
   * apps exist that then list a member twice.
   */
  change(id: ExternalId, change: MemberChange, signal: AbortSignal): Promise<void>;
}

export function openMembers(
  http: ScimHttp,
  learned: Learned,
  quirks: ScimQuirks,
  read: (id: ExternalId, signal: AbortSignal) => Promise<AppGroup | undefined>,
): Members {
  const chunkSize = quirks.membersPerPatchMax ?? membersPerPatchDefault;

  /** The members as the app shows them, undefined where it does not. */
  async function present(id: ExternalId, signal: AbortSignal): Promise<ReadonlySet<ExternalId> | undefined> {
    const group = await read(id, signal);
    if (!group) throw new UsherError('app_account_gone', `${http.host} no longer has the group ${id}.`);
    return group.members && new Set(group.members);
  }

  async function patch(id: ExternalId, operations: readonly Json[], signal: AbortSignal): Promise<void> {
    const schemas = ['urn:ietf:params:scim:api:messages:2.0:PatchOp'];
    await http.send('PATCH', groupPath(id), signal, { schemas, Operations: operations });
  }

  async function add(id: ExternalId, ids: readonly ExternalId[], signal: AbortSignal): Promise<void> {
    for (const chunk of chunks(ids, chunkSize)) {
      try {
        await patch(id, [addition(chunk)], signal);
      } catch (error) {
        if (statusOf(error) !== 409) throw error;
        // One of them is a member already, and the rest of the chunk may have been refused with it.
        for (const one of chunk) await ignoring(409, patch(id, [addition([one])], signal));
      }
    }
  }

  async function removeByFilter(id: ExternalId, ids: readonly ExternalId[], signal: AbortSignal): Promise<boolean> {
    if (learned.facts.memberRemoval === 'put') return false;
    try {
      for (const chunk of chunks(ids, chunkSize)) await patch(id, chunk.map(removal), signal);
      return true;
    } catch (error) {
      if (![400, 405, 501].includes(statusOf(error) ?? 0)) throw error;
      return false;
    }
  }

  /** Last resort: the group as it stands, with other members. Only where the app shows its members. */
  async function putMembers(id: ExternalId, change: MemberChange, signal: AbortSignal): Promise<void> {
    const { body } = await http.send('GET', groupPath(id), signal);
    const shown = body?.['members'];
    if (!body || !Array.isArray(shown)) throw notKept(http.host, id);
    const dropped = new Set<string>(change.remove);
    const kept = shown.filter((member: Json) => !dropped.has(memberId(member)));
    const keptIds = new Set(kept.map(memberId));
    const added = change.add.filter((member) => !keptIds.has(member)).map((value) => ({ value }));
    const { meta: _meta, ...group } = body;
    await http.send('PUT', groupPath(id), signal, { ...group, members: [...kept, ...added] });
  }

  return {
    async change(id, change, signal) {
      const before = await present(id, signal);
      const toAdd = [...new Set(change.add)].filter((member) => !before?.has(member));
      const toRemove = [...new Set(change.remove)].filter((member) => before?.has(member) ?? true);
      if (toAdd.length === 0 && toRemove.length === 0) return;
      await add(id, toAdd, signal);
      const byFilter = toRemove.length === 0 || (await removeByFilter(id, toRemove, signal));
      const after = await present(id, signal);
      // A list that stays empty although members were added is one the app does not fill.
      if (after?.size === 0 && before?.size === 0 && toAdd.length > 0) {
        learned.set({ membersReadable: false });
        return;
      }
      if (!after) {
        if (!byFilter) throw notKept(http.host, id);
        return;
      }
      const left = unmet(after, toAdd, toRemove);
      if (!left) return;
      await putMembers(id, left, signal);
      const final = await present(id, signal);
      if (!final || unmet(final, toAdd, toRemove)) throw notKept(http.host, id);
      if (left.remove.length > 0) learned.set({ memberRemoval: 'put' });
    },
  };
}

function unmet(
  shown: ReadonlySet<ExternalId>,
  toAdd: readonly ExternalId[],
  toRemove: readonly ExternalId[],
): MemberChange | undefined {
  const add = toAdd.filter((member) => !shown.has(member));
  const remove = toRemove.filter((member) => shown.has(member));
  return add.length === 0 && remove.length === 0 ? undefined : { add, remove };
}

function addition(ids: readonly ExternalId[]): Json {
  return { op: 'add', path: 'members', value: ids.map((value) => ({ value })) };
}

function removal(id: ExternalId): Json {
  return { op: 'remove', path: `members[value eq ${JSON.stringify(id)}]` };
}

function memberId(member: Json): string {
  return isJsonObject(member) ? (readId({ id: member['value'] ?? null }) ?? '') : '';
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
