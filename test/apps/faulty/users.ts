import { randomUUID } from 'node:crypto';
import type { Behaviour } from './behaviour.ts';
import { patchResource } from './patch.ts';
import { isObject, refuse, refuseWithHtml, Refusal, type Reply, type Resource } from './reply.ts';
import { drop, holderOf, put, type Shelf } from './store.ts';

export const enterpriseUrn = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const userUrn = 'urn:ietf:params:scim:schemas:core:2.0:User';

const knownAttributes = new Set([
  ...['schemas', 'id', 'externalId', 'meta', 'userName', 'name', 'displayName', 'nickName', 'profileUrl', 'title'],
  ...['userType', 'preferredLanguage', 'locale', 'timezone', 'active', 'password', 'emails', 'phoneNumbers', 'ims'],
  ...['photos', 'addresses', 'groups', 'entitlements', 'roles', 'x509Certificates', enterpriseUrn],
]);

/** Writes and reads of accounts in one server's way. */
export interface Users {
  readonly shelf: Shelf;
  show(resource: Resource): Resource;
  create(body: unknown): Reply;
  read(id: string): Reply;
  replace(id: string, body: unknown, ifMatch: string | undefined): Reply;
  patch(id: string, body: unknown, ifMatch: string | undefined): Reply;
  remove(id: string): Reply;
}

export function openUsers(shelf: Shelf, base: () => string, habits: () => Behaviour): Users {
  let counter = 0;

  function store(id: string, resource: Resource): void {
    counter += 1;
    for (const name of habits().ignores) delete resource[name];
    resource['meta'] = {
      resourceType: 'User',
      location: `${base()}/Users/${encodeURIComponent(id)}`,
      version: `W/"${counter}"`,
    };
    put(shelf, id, resource);
  }

  function show(resource: Resource): Resource {
    if (habits().activeForm === 'boolean' || typeof resource['active'] !== 'boolean') return resource;
    return { ...resource, active: resource['active'] ? 'True' : 'False' };
  }

  function existing(id: string): Resource {
    const resource = shelf.byId.get(id);
    if (resource) return resource;
    throw habits().missing === '404' ? refuse(404, `Resource ${id} not found`) : refuse(500, 'Unexpected error');
  }

  function checkVersion(resource: Resource, ifMatch: string | undefined): void {
    if (habits().etag !== 'real' || ifMatch === undefined) return;
    if (versionOf(resource) !== ifMatch) throw refuse(412, 'The resource has changed', 'versionMismatch');
  }

  function checkName(resource: Resource, exceptId: string | undefined): void {
    const { uniqueness, duplicate } = habits();
    const name = resource['userName'];
    if (typeof name !== 'string' || name === '') throw refuse(400, 'userName is required', 'invalidValue');
    if (duplicate === 'allowed') return;
    if (holderOf(shelf, name, exceptId, uniqueness === 'exact') !== undefined) throw duplicateRefusal(duplicate, name);
  }

  function checkAttributes(body: Resource): void {
    const { unknownAttribute } = habits();
    if (unknownAttribute === 'stored') return;
    for (const name of Object.keys(body)) {
      if (knownAttributes.has(name)) continue;
      if (unknownAttribute === '400') throw refuse(400, `Attribute ${name} is not known`, 'invalidPath');
      delete body[name];
    }
  }

  function finish(id: string, before: Resource, after: Resource): Reply {
    const { deactivate } = habits();
    if (deactivate === 'ignored') after['active'] = before['active'];
    if (deactivate === 'deletes' && after['active'] === false) {
      drop(shelf, id);
      return { status: 204, body: '' };
    }
    store(id, after);
    return answer(after);
  }

  function answer(resource: Resource): Reply {
    const { patchAnswer } = habits();
    if (patchAnswer === '204') return { status: 204, body: '' };
    const shown = patchAnswer === 'partial' ? { schemas: [userUrn], id: resource['id'] } : show(resource);
    return { status: 200, body: JSON.stringify(shown), headers: etagOf(resource, habits().etag) };
  }

  return {
    shelf,
    show,
    create(body) {
      if (!isObject(body)) throw refuse(400, 'The body must be a resource', 'invalidSyntax');
      checkAttributes(body);
      checkName(body, undefined);
      const id = newUserId(habits().ids, body, shelf.byId.size + 1);
      const resource: Resource = { ...body, id: habits().ids === 'json-number' ? Number(id) : id };
      delete resource['password'];
      if (resource['active'] === undefined) resource['active'] = true;
      if (habits().createsInactive) resource['active'] = false;
      store(id, resource);
      return created(show(resource), habits());
    },
    read(id) {
      const resource = shelf.byId.get(id);
      if (!resource) throw refuse(404, `Resource ${id} not found`);
      return { status: 200, body: JSON.stringify(show(resource)), headers: etagOf(resource, habits().etag) };
    },
    replace(id, body, ifMatch) {
      const way = habits().put;
      if (way === '405') throw refuse(405, 'Method not allowed');
      const before = existing(id);
      checkVersion(before, ifMatch);
      if (!isObject(body)) throw refuse(400, 'The body must be a resource', 'invalidSyntax');
      checkAttributes(body);
      checkName(body, id);
      const after = { ...(way === 'keeps-omitted' ? before : {}), ...body, id: before['id'] };
      return finish(id, before, after);
    },
    patch(id, body, ifMatch) {
      const way = habits().patch;
      if (way !== 'works') throw refuse(Number(way), 'PATCH is not supported here');
      const before = existing(id);
      checkVersion(before, ifMatch);
      const after = structuredClone(before);
      const operations: unknown = isObject(body) ? body['Operations'] : undefined;
      if (!Array.isArray(operations)) throw refuse(400, 'Operations are missing', 'invalidSyntax');
      for (const operation of operations) patchResource(after, operation, habits());
      checkAttributes(after);
      checkName(after, id);
      return finish(id, before, after);
    },
    remove(id) {
      const way = habits().remove;
      if (way === '405') throw refuse(405, 'Method not allowed');
      existing(id);
      drop(shelf, id);
      return way === '200' ? { status: 200, body: JSON.stringify({ deleted: id }) } : { status: 204, body: '' };
    },
  };
}

function created(shown: Resource, { createAnswer, etag }: Behaviour): Reply {
  if (createAnswer === '204') return { status: 204, body: '' };
  if (createAnswer === 'empty') return { status: 201, body: '' };
  const body =
    createAnswer === 'partial' ? { schemas: [userUrn], id: shown['id'], userName: shown['userName'] } : shown;
  return { status: 201, body: JSON.stringify(body), headers: etagOf(shown, etag) };
}

function newUserId(way: Behaviour['ids'], body: Resource, next: number): string {
  if (way === 'userName') return String(body['userName']);
  if (way === 'integer' || way === 'json-number') return String(1000 + next);
  return way === 'slashes' ? `a/b ${next}?@` : randomUUID();
}

function duplicateRefusal(way: Behaviour['duplicate'], name: string): Refusal {
  if (way === '409-empty') return new Refusal({ status: 409, body: '' });
  if (way === '500-html') return refuseWithHtml(500, 'Internal Server Error');
  if (way === '400-uniqueness') return refuse(400, `${name} is taken`, 'uniqueness');
  return refuse(409, `A user named ${name} exists already`, 'uniqueness');
}

function versionOf(resource: Resource): string {
  const { meta } = resource;
  return isObject(meta) ? String(meta['version']) : '';
}

function etagOf(resource: Resource, way: Behaviour['etag']): { readonly [name: string]: string } {
  if (way === 'none') return {};
  return { etag: way === 'real' ? versionOf(resource) : `W/"${JSON.stringify(resource).length}"` };
}
