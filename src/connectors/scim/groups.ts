import type { AppGroup, GroupOperations, MemberChange } from '../contract.ts';
import { UsherError } from '../../lib/errors.ts';
import type { ExternalId } from '../../lib/ids.ts';
import { isJsonObject, type Json, type JsonObject } from '../../lib/json.ts';
import { badAnswer, isGone, statusOf } from './errors.ts';
import type { ScimHttp } from './http.ts';
import type { Learned } from './learned.ts';
import { readAll, readPage } from './listing.ts';
import { askFilter } from './match.ts';
import { openMembers } from './members.ts';
import { groupPath } from './paths.ts';
import type { ScimQuirks } from './quirks.ts';
import { readId } from './resource.ts';

export function openGroups(http: ScimHttp, learned: Learned, quirks: ScimQuirks, pageSize: number): GroupOperations {
  const members = openMembers(http, learned, quirks, read);

  async function read(id: ExternalId, signal: AbortSignal): Promise<AppGroup | undefined> {
    try {
      const { body } = await http.send('GET', groupPath(id), signal);
      const group = body && groupOf(body);
      if (!group) throw badAnswer(http.host, 'did not answer with the group asked for.', 'GET');
      return group;
    } catch (error) {
      if (isGone(error)) return undefined;
      throw error;
    }
  }

  function groupOf(resource: JsonObject): AppGroup | undefined {
    const externalId = readId(resource);
    const name = resource['displayName'];
    if (externalId === undefined || typeof name !== 'string') return undefined;
    const shown = quirks.membersUnreadable === true || learned.facts.membersReadable === false;
    return { externalId, name, members: shown ? undefined : readMembers(resource) };
  }

  async function find(name: string, signal: AbortSignal): Promise<AppGroup | undefined> {
    const known = learned.facts.filterDisplayName;
    const rows = known === 'broken' ? undefined : await askFilter(http, 'displayName', name, signal, '/Groups');
    const hits = rows?.filter((row) => alike(row, name) > 0);
    if (rows && hits?.length === rows.length && (hits.length > 0 || known === 'works')) {
      if (hits.length > 0 && known === undefined) learned.set({ filterDisplayName: 'works' });
      return best(hits, name);
    }
    if (!rows || hits?.length !== rows.length) learned.set({ filterDisplayName: 'broken' });
    const all: JsonObject[] = [];
    for await (const row of readAll(http, '/Groups', pageSize, signal, '&excludedAttributes=members')) {
      if (alike(row, name) > 0) all.push(row);
    }
    const found = best(all, name);
    return found && read(found.externalId, signal);
  }

  function best(rows: readonly JsonObject[], name: string): AppGroup | undefined {
    const rank = Math.max(0, ...rows.map((row) => alike(row, name)));
    const [first, second] = rows.filter((row) => alike(row, name) === rank);
    if (second) {
      throw new UsherError(
        'app_ambiguous',
        `${http.host} has several groups named ${name}. Link the right one by hand.`,
      );
    }
    return first && groupOf(first);
  }

  return {
    find,
    read,
    async create(name, signal) {
      if (quirks.groupsLinkOnly) throw linkOnly(http.host);
      // Some apps make a second group of the same name without a word.
      if (await find(name, signal)) {
        throw new UsherError('app_account_exists', `${http.host} has a group named ${name} already. Link it instead.`);
      }
      const schemas = ['urn:ietf:params:scim:schemas:core:2.0:Group'];
      const { body } = await http.send('POST', '/Groups', signal, { schemas, displayName: name });
      const group = (body && groupOf(body)) ?? (await find(name, signal));
      if (!group || !sameGroupName(group.name, name)) {
        throw badAnswer(http.host, `answered the creation of the group ${name} with something else.`, 'POST', 201);
      }
      return group;
    },
    async rename(id, name, signal) {
      if (quirks.groupNameImmutable) {
        throw new UsherError(
          'unsupported',
          `${http.host} does not let groups be renamed. Rename the group there by hand.`,
        );
      }
      await rename(http, id, name, signal, read);
    },
    changeMembers: (id: ExternalId, change: MemberChange, signal: AbortSignal) => members.change(id, change, signal),
    async remove(id, signal) {
      if (quirks.groupsLinkOnly) throw linkOnly(http.host);
      try {
        await http.send('DELETE', groupPath(id), signal);
      } catch (error) {
        if (!isGone(error)) throw error;
      }
    },
    async list(cursor, signal) {
      const page = await readPage(http, '/Groups', cursor, pageSize, signal);
      return { groups: page.resources.map(groupOf).filter((group) => group !== undefined), next: page.next };
    },
  };
}

/** The ids of the members a group resource shows, undefined when it shows no list. */
export function readMembers(resource: JsonObject): readonly ExternalId[] | undefined {
  const { members } = resource;
  if (members === undefined || members === null) return undefined;
  if (!Array.isArray(members)) return undefined;
  const ids = members.map((member: Json) =>
    isJsonObject(member) ? readId({ id: member['value'] ?? null }) : undefined,
  );
  return [...new Set(ids.filter((id) => id !== undefined))];
}

async function rename(
  http: ScimHttp,
  id: ExternalId,
  name: string,
  signal: AbortSignal,
  read: (id: ExternalId, signal: AbortSignal) => Promise<AppGroup | undefined>,
): Promise<void> {
  const schemas = ['urn:ietf:params:scim:api:messages:2.0:PatchOp'];
  const forms: readonly Json[] = [
    { op: 'replace', path: 'displayName', value: name },
    { op: 'replace', value: { id, displayName: name } },
  ];
  for (const operation of forms) {
    try {
      await http.send('PATCH', groupPath(id), signal, { schemas, Operations: [operation] });
    } catch (error) {
      if (![400, 405, 501].includes(statusOf(error) ?? 0)) throw error;
    }
    const group = await read(id, signal);
    if (!group) throw new UsherError('app_account_gone', `${http.host} no longer has the group ${id}.`);
    if (sameGroupName(group.name, name)) return;
  }
  throw new UsherError(
    'app_ignored_write',
    `${http.host} did not rename the group to ${name}. Rename it there by hand.`,
  );
}

/** How well a group's name fits: 3 to the letter, 2 but for letter case, 1 as apps that tidy names would write it. */
function alike(row: JsonObject, name: string): number {
  const shown = row['displayName'];
  if (typeof shown !== 'string') return 0;
  if (shown === name) return 3;
  if (shown.toLowerCase() === name.toLowerCase()) return 2;
  return tidied(shown) === tidied(name) ? 1 : 0;
}

/** Some apps lower-case group names and put dashes for spaces; that is not another name. */
function sameGroupName(left: string, right: string): boolean {
  return left === right || tidied(left) === tidied(right);
}

function tidied(name: string): string {
  return name.toLowerCase().replace(/[\s_-]+/g, '-');
}

function linkOnly(host: string): UsherError {
  return new UsherError(
    'unsupported',
    `${host} does not let groups be created or deleted by provisioning. Make the group there and link it.`,
  );
}
