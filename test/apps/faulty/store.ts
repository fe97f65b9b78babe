import type { Behaviour } from './behaviour.ts';
import { listReply, refuse, refuseWithHtml, type Reply, type Resource } from './reply.ts';

/** Resources of one kind, findable by their folded name. */
export interface Shelf {
  readonly byId: Map<string, Resource>;
  readonly byName: Map<string, string[]>;
  readonly nameKey: 'userName' | 'displayName';
}

export function newShelf(nameKey: Shelf['nameKey']): Shelf {
  return { byId: new Map(), byName: new Map(), nameKey };
}

export function put(shelf: Shelf, id: string, resource: Resource): void {
  drop(shelf, id);
  shelf.byId.set(id, resource);
  const name = foldedName(shelf, resource);
  const ids = shelf.byName.get(name);
  if (ids) ids.push(id);
  else shelf.byName.set(name, [id]);
}

export function drop(shelf: Shelf, id: string): boolean {
  const old = shelf.byId.get(id);
  if (!old) return false;
  const name = foldedName(shelf, old);
  const left = (shelf.byName.get(name) ?? []).filter((other) => other !== id);
  if (left.length > 0) shelf.byName.set(name, left);
  else shelf.byName.delete(name);
  return shelf.byId.delete(id);
}

/** Another resource with this name, ignoring letter case unless `exact`. */
export function holderOf(shelf: Shelf, name: string, exceptId: string | undefined, exact: boolean): string | undefined {
  return (shelf.byName.get(name.toLowerCase()) ?? []).find(
    (id) => id !== exceptId && (!exact || shelf.byId.get(id)?.[shelf.nameKey] === name),
  );
}

export function list(
  shelf: Shelf,
  query: URLSearchParams,
  behaviour: Behaviour,
  show: (r: Resource) => unknown,
): Reply {
  const filter = query.get('filter');
  const found = filter === null ? [...shelf.byId.values()] : filtered(shelf, filter, behaviour);
  const ignored = behaviour.startIndex === 'ignored';
  const startIndex = ignored ? 1 : Math.max(1, Number(query.get('startIndex') ?? 1));
  const count = ignored ? behaviour.pageMax : Math.min(Number(query.get('count') ?? 100), behaviour.pageMax);
  const page = found.slice(startIndex - 1, startIndex - 1 + count).map(show);
  const totals = { right: found.length, page: page.length, zero: 0, double: found.length * 2 };
  const shownStart = behaviour.startIndex === 'zero-based-answer' ? startIndex - 1 : startIndex;
  return listReply(page, totals[behaviour.totalResults], shownStart);
}

const filterPattern = /^([\w.]+) eq "((?:[^"\\]|\\.)*)"$/;

function filtered(shelf: Shelf, filter: string, behaviour: Behaviour): Resource[] {
  const [, attribute = '', quoted = ''] = filterPattern.exec(filter) ?? [];
  const value: unknown = JSON.parse(`"${quoted}"`);
  if (typeof value !== 'string') throw refuse(400, 'Bad filter', 'invalidFilter');
  const way = {
    userName: behaviour.filterUserName,
    displayName: behaviour.filterUserName,
    externalId: behaviour.filterExternalId,
    'emails.value': behaviour.filterEmail,
  }[attribute];
  if (way === 'everyone') return [...shelf.byId.values()];
  if (way === 'nothing') return [];
  if (way === '500') throw refuse(500, 'Unexpected error while filtering');
  if (way === '500-html') throw refuseWithHtml(500, 'Server Error');
  if (way === undefined || way === '400') throw refuse(400, `Cannot filter by ${attribute}`, 'invalidFilter');
  if (attribute === shelf.nameKey) {
    const ids = shelf.byName.get(value.toLowerCase()) ?? [];
    const hits = ids.map((id) => shelf.byId.get(id) ?? {});
    return way === 'exact' ? hits.filter((item) => item[shelf.nameKey] === value) : hits;
  }
  if (attribute === 'externalId') return [...shelf.byId.values()].filter((item) => item['externalId'] === value);
  return [...shelf.byId.values()].filter((item) => emailsOf(item).includes(value.toLowerCase()));
}

function emailsOf(resource: Resource): string[] {
  const emails: unknown = resource['emails'];
  if (!Array.isArray(emails)) return [];
  return emails.map((item: { value?: unknown }) => String(item.value).toLowerCase());
}

function foldedName(shelf: Shelf, resource: Resource): string {
  return String(resource[shelf.nameKey]).toLowerCase();
}
