import { randomUUID } from 'node:crypto';
import type { Behaviour } from './behaviour.ts';
import { isObject, refuse, type Reply, type Resource } from './reply.ts';
import { drop, holderOf, put, type Shelf } from './store.ts';

interface Member {
  readonly value: string;
}

/** The ids in a list, so that a hundred thousand members are not walked for each that comes. */
const idsByMembers = new WeakMap<readonly Member[], Set<string>>();

const removeOnePattern = /^members\[value eq "([^"]*)"\]$/;

/** Writes and reads of groups in one server's way. */
export interface Groups {
  readonly shelf: Shelf;
  show(resource: Resource): Resource;
  create(body: unknown): Reply;
  read(id: string): Reply;
  replace(id: string, body: unknown): Reply;
  patch(id: string, body: unknown): Reply;
  remove(id: string): Reply;
}

export function openGroups(shelf: Shelf, users: Shelf, habits: () => Behaviour): Groups {
  function show(resource: Resource): Resource {
    const { members } = habits();
    if (members === 'shown') return resource;
    const { members: _hidden, ...rest } = resource;
    return members === 'empty' ? { ...rest, members: [] } : rest;
  }

  function existing(id: string): Resource {
    const resource = shelf.byId.get(id);
    if (!resource) throw refuse(404, `Group ${id} not found`);
    return resource;
  }

  function named(value: unknown, exceptId: string | undefined): string {
    if (typeof value !== 'string' || value === '') throw refuse(400, 'displayName is required', 'invalidValue');
    if (habits().groupDuplicate === '409' && holderOf(shelf, value, exceptId, false) !== undefined) {
      throw refuse(409, `A group named ${value} exists already`, 'uniqueness');
    }
    return value;
  }

  function checkMembers(members: readonly Member[]): void {
    const { memberUnknown, membersPerPatchMax } = habits();
    if (members.length > membersPerPatchMax) throw refuse(400, `At most ${membersPerPatchMax} members at a time`);
    if (memberUnknown === 'accepted' || members.every(({ value }) => users.byId.has(value))) return;
    throw refuse(Number(memberUnknown), 'A member is not known', 'invalidValue');
  }

  function add(members: readonly Member[], more: readonly Member[]): Member[] {
    checkMembers(more);
    const { memberTwice } = habits();
    if (memberTwice === 'doubled') return [...members, ...more];
    const ids = idsByMembers.get(members) ?? new Set(members.map(({ value }) => value));
    const fresh = more.filter(({ value }) => !ids.has(value));
    if (memberTwice === '409' && fresh.length < more.length) throw refuse(409, 'Is a member already', 'uniqueness');
    const after = [...members, ...fresh];
    for (const { value } of fresh) ids.add(value);
    idsByMembers.delete(members);
    idsByMembers.set(after, ids);
    return after;
  }

  function patchOne(resource: Resource, operation: unknown): void {
    if (!isObject(operation)) throw refuse(400, 'An operation is not an object');
    const { path, value } = operation;
    const op = String(operation['op']).toLowerCase();
    const members = membersOf(resource['members']);
    const one = typeof path === 'string' ? removeOnePattern.exec(path) : null;
    if (op === 'remove' && one) {
      const { memberRemoveFilter } = habits();
      if (memberRemoveFilter === '501') throw refuse(501, 'Value filters are not supported');
      if (memberRemoveFilter === 'works') resource['members'] = members.filter((member) => member.value !== one[1]);
    } else if (op === 'remove' && path === 'members') resource['members'] = [];
    else if (op === 'add' && path === 'members') resource['members'] = add(members, membersOf(value));
    else if (op === 'replace' && path === 'members') resource['members'] = membersOf(value);
    else if (path === 'displayName') resource['displayName'] = named(value, String(resource['id']));
    else if (path === undefined && isObject(value))
      resource['displayName'] = named(value['displayName'], String(resource['id']));
    else throw refuse(400, 'This operation is not understood', 'invalidPath');
  }

  return {
    shelf,
    show,
    create(body) {
      if (habits().groups === '405') throw refuse(405, 'Groups cannot be created here');
      if (!isObject(body)) throw refuse(400, 'The body must be a resource', 'invalidSyntax');
      const members = membersOf(body['members']);
      checkMembers(members);
      const resource: Resource = {
        ...body,
        id: randomUUID(),
        displayName: named(body['displayName'], undefined),
        members,
      };
      put(shelf, String(resource['id']), resource);
      return { status: 201, body: JSON.stringify(show(resource)) };
    },
    read: (id) => ({ status: 200, body: JSON.stringify(show(existing(id))) }),
    replace(id, body) {
      if (habits().put === '405') throw refuse(405, 'Method not allowed');
      existing(id);
      if (!isObject(body)) throw refuse(400, 'The body must be a resource', 'invalidSyntax');
      const after: Resource = {
        ...body,
        id,
        displayName: named(body['displayName'], id),
        members: membersOf(body['members']),
      };
      put(shelf, id, after);
      return { status: 200, body: JSON.stringify(show(after)) };
    },
    patch(id, body) {
      const after = { ...existing(id) };
      const operations: unknown = isObject(body) ? body['Operations'] : undefined;
      if (!Array.isArray(operations)) throw refuse(400, 'Operations are missing', 'invalidSyntax');
      for (const operation of operations) patchOne(after, operation);
      put(shelf, id, after);
      return { status: 204, body: '' };
    },
    remove(id) {
      existing(id);
      drop(shelf, id);
      return { status: 204, body: '' };
    },
  };
}

function membersOf(value: unknown): Member[] {
  if (!Array.isArray(value)) return [];
  if (idsByMembers.has(value as Member[])) return value as Member[];
  return value.filter(isObject).map((item) => ({ value: String(item['value']) }));
}
