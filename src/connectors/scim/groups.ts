import type { AppGroup, GroupOperations } from '../contract.ts';
import { UsherError } from '../../lib/errors.ts';
import type { ExternalId } from '../../lib/ids.ts';
import type { Json, JsonObject } from '../../lib/json.ts';
import { badAnswer, isGone, statusOf } from './errors.ts';
import type { ScimHttp } from './http.ts';
import type { Learned } from './learned.ts';
import { readAll, readPage } from './listing.ts';
import { askFilter } from './match.ts';
import { changeMembers, memberId, membersMaxOf, type MembersWay } from './members.ts';
import { groupPath } from './paths.ts';
import type { ScimQuirks } from './quirks.ts';
import { readId } from './resource.ts';

export function openGroups(http: ScimHttp, learned: Learned, quirks: ScimQuirks, pageSize: number): GroupOperations {
  const way: Way = { http, learned, quirks, pageSize, read: (id, signal) => read(way, id, signal) };
  return {
    get membersMax() {
      return membersMaxOf(way);
    },
    find: (name, signal) => find(way, name, signal),
    read: way.read,
    create: (name, signal) => create(way, name, signal),
    rename: (id, name, signal) => rename(way, id, name, signal),
    changeMembers: (id, change, signal) => changeMembers(way, id, change, signal),
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
      const groups = page.resources.map((resource) => groupOf(way, resource));
      return { groups: groups.filter((group) => group !== undefined), next: page.next };
    },
  };
}

interface Way extends MembersWay {
  readonly pageSize: number;
}

async function read(way: Way, id: ExternalId, signal: AbortSignal): Promise<AppGroup | undefined> {
  try {
    const { body } = await way.http.send('GET', groupPath(id), signal);
    const group = body && groupOf(way, body);
    if (!group) throw badAnswer(way.http.host, 'did not answer with the group asked for.', 'GET');
    return group;
  } catch (error) {
    if (isGone(error)) return undefined;
    if (isTooLong(error)) return readWithoutMembers(way, id, signal);
    throw error;
  }
}

/** A list of members longer than any answer that is read is a list nobody can see. */
async function readWithoutMembers(way: Way, id: ExternalId, signal: AbortSignal): Promise<AppGroup | undefined> {
  const { body } = await way.http.send('GET', `${groupPath(id)}?excludedAttributes=members`, signal);
  const group = body && groupOf(way, body);
  return group && { ...group, members: undefined };
}

/** It began to answer, and could not be read to the end. */
function isTooLong(error: unknown): boolean {
  return error instanceof UsherError && error.code === 'app_bad_answer' && error.appAnswer === undefined;
}

async function find(way: Way, name: string, signal: AbortSignal): Promise<AppGroup | undefined> {
  const { http, learned } = way;
  const known = learned.facts.filterDisplayName;
  if (known !== 'broken') {
    const rows = await askFilter(http, 'displayName', name, signal, known === 'works', '/Groups');
    const isTrue = typeof rows !== 'string' && rows.every((row) => alike(row, name) > 0);
    if (isTrue && (rows.length > 0 || known === 'works')) {
      if (known === undefined) learned.set({ filterDisplayName: 'works' });
      return best(way, rows, name);
    }
    if (!isTrue && rows !== 'failed') learned.set({ filterDisplayName: 'broken' });
  }
  const all: JsonObject[] = [];
  for await (const row of readAll(http, '/Groups', way.pageSize, signal, '&excludedAttributes=members')) {
    if (alike(row, name) > 0) all.push(row);
  }
  const found = best(way, all, name);
  return found && read(way, found.externalId, signal);
}

async function create(way: Way, name: string, signal: AbortSignal): Promise<AppGroup> {
  const { http } = way;
  if (way.quirks.groupsLinkOnly) throw linkOnly(http.host);
  // Some apps make a second group of the same name without a word.
  if (await find(way, name, signal)) {
    throw new UsherError('app_account_exists', `${http.host} has a group named ${name} already. Link it instead.`);
  }
  const schemas = ['urn:ietf:params:scim:schemas:core:2.0:Group'];
  const { body } = await http.send('POST', '/Groups', signal, { schemas, displayName: name });
  const group = (body && groupOf(way, body)) ?? (await find(way, name, signal));
  if (group && tidied(group.name) === tidied(name)) return group;
  throw badAnswer(http.host, `answered the creation of the group ${name} with something else.`, 'POST', 201);
}

async function rename(way: Way, id: ExternalId, name: string, signal: AbortSignal): Promise<void> {
  const { http } = way;
  if (way.quirks.groupNameImmutable) {
    throw new UsherError('unsupported', `${http.host} does not let groups be renamed. Rename the group there by hand.`);
  }
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
    const group = await read(way, id, signal);
    if (!group) throw new UsherError('app_account_gone', `${http.host} no longer has the group ${id}.`);
    if (tidied(group.name) === tidied(name)) return;
  }
  throw new UsherError(
    'app_ignored_write',
    `${http.host} did not rename the group to ${name}. Rename it there by hand.`,
  );
}

function groupOf({ quirks, learned }: Way, resource: JsonObject): AppGroup | undefined {
  const externalId = readId(resource);
  const name = resource['displayName'];
  if (externalId === undefined || typeof name !== 'string') return undefined;
  const hidden = quirks.membersUnreadable === true || learned.facts.membersReadable === false;
  return { externalId, name, members: hidden ? undefined : readMembers(resource) };
}

/** The ids of the members a group resource shows, undefined when it shows no list. */
function readMembers(resource: JsonObject): readonly ExternalId[] | undefined {
  const { members } = resource;
  if (!Array.isArray(members)) return undefined;
  return [...new Set(members.map(memberId).filter((id) => id !== undefined))];
}

/** The group whose name fits best. */
function best(way: Way, rows: readonly JsonObject[], name: string): AppGroup | undefined {
  const rank = Math.max(0, ...rows.map((row) => alike(row, name)));
  const [first, second] = rows.filter((row) => alike(row, name) === rank);
  if (second) {
    const message = `${way.http.host} has several groups named ${name}. Link the right one by hand.`;
    throw new UsherError('app_ambiguous', message);
  }
  return first && groupOf(way, first);
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
function tidied(name: string): string {
  return name.toLowerCase().replace(/[\s_-]+/g, '-');
}

function linkOnly(host: string): UsherError {
  return new UsherError(
    'unsupported',
    `${host} does not let groups be created or deleted by provisioning. Make the group there and link it.`,
  );
}
