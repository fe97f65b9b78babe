import type { Behaviour, PatchBehaviour } from './behaviour.ts';
import { isObject, refuse, type Resource } from './reply.ts';

const pathPattern =
  /^(?:(urn:[^[\]]+):)?([A-Za-z$_][\w$-]*)(?:\[([A-Za-z]+) eq (?:"([^"]*)"|(true|false))\])?(?:\.([\w$-]+))?$/;

interface Path {
  readonly urn: string | undefined;
  readonly attribute: string;
  readonly filter: { readonly name: string; readonly value: unknown } | undefined;
  readonly sub: string | undefined;
}

/** Carries out one PATCH operation on `resource`, in this server's way. */
export function patchResource(resource: Resource, operation: unknown, behaviour: Behaviour): void {
  if (!isObject(operation) || typeof operation['op'] !== 'string') throw refuse(400, 'An operation needs op.');
  const op = operation['op'].toLowerCase();
  if (typeof operation['path'] === 'string') {
    patchAtPath(resource, parsePath(operation['path']), op, operation['value'], behaviour);
    return;
  }
  if (!isObject(operation['value'])) throw refuse(400, 'Without a path the value must be an object.');
  for (const [key, value] of Object.entries(operation['value'])) patchBare(resource, key, value, behaviour);
}

function patchAtPath(resource: Resource, path: Path, op: string, value: unknown, behaviour: Behaviour): void {
  if (!passes(switchOf(resource, path, op, behaviour))) return;
  const target = path.urn === undefined ? resource : childOf(resource, path.urn);
  if (path.filter) return patchElement(target, path, path.filter, op, value, behaviour);
  const parent = path.sub === undefined ? target : childOf(target, path.attribute);
  const key = path.sub ?? path.attribute;
  if (op === 'remove') delete parent[key];
  else assign(parent, key, value, behaviour);
}

function switchOf(resource: Resource, path: Path, op: string, behaviour: Behaviour): PatchBehaviour {
  if (op === 'remove') return behaviour.patchRemove;
  if (path.attribute === 'active') return behaviour.patchActivePath;
  if (path.urn !== undefined) return behaviour.patchUrnPath;
  if (path.filter) {
    const { filter } = path;
    const present = elementsOf(resource, path.attribute).some((item) => item[filter.name] === filter.value);
    return present ? behaviour.patchValuePath : behaviour.patchAbsentValuePath;
  }
  return path.sub === undefined ? 'works' : behaviour.patchSubAttribute;
}

function patchElement(
  target: Resource,
  path: Path,
  filter: { readonly name: string; readonly value: unknown },
  op: string,
  value: unknown,
  behaviour: Behaviour,
): void {
  const elements = elementsOf(target, path.attribute);
  const hits = elements.filter((item) => item[filter.name] === filter.value);
  if (op === 'remove' && path.sub === undefined) {
    target[path.attribute] = elements.filter((item) => !hits.includes(item));
    return;
  }
  if (hits.length === 0 && op !== 'remove') {
    const created: Resource = { [filter.name]: filter.value };
    elements.push(created);
    hits.push(created);
  }
  target[path.attribute] = elements;
  for (const hit of hits) {
    if (op === 'remove') delete hit[path.sub ?? 'value'];
    else if (path.sub === undefined && isObject(value)) Object.assign(hit, value);
    else assign(hit, path.sub ?? 'value', value, behaviour);
  }
}

function patchBare(resource: Resource, key: string, value: unknown, behaviour: Behaviour): void {
  if (key === 'active') {
    if (passes(behaviour.patchActiveBare)) resource['active'] = value;
    return;
  }
  if (!isObject(value)) {
    assign(resource, key, value, behaviour);
    return;
  }
  const way = key.startsWith('urn:') ? behaviour.patchUrnObject : behaviour.patchComplex;
  if (way === 'wipes') resource[key] = value;
  else if (passes(way)) {
    const child = childOf(resource, key);
    for (const [name, item] of Object.entries(value)) assign(child, name, item, behaviour);
  }
}

function assign(target: Resource, key: string, value: unknown, behaviour: Behaviour): void {
  if (value !== null) target[key] = value;
  else if (behaviour.patchNull === 'text') target[key] = 'None';
  else if (behaviour.patchNull === '400') throw refuse(400, `The value of ${key} may not be null.`, 'invalidValue');
  else delete target[key];
}

function passes(way: PatchBehaviour): boolean {
  if (way === 'works' || way === 'nothing') return way === 'works';
  throw refuse(Number(way), 'This form of PATCH is not supported here.');
}

function parsePath(text: string): Path {
  const match = pathPattern.exec(text);
  if (!match || match[2] === undefined) throw refuse(400, `The path ${text} is not understood.`, 'invalidPath');
  const [, urn, attribute, name, quoted, literal, sub] = match;
  const filter = name === undefined ? undefined : { name, value: literal === undefined ? quoted : literal === 'true' };
  return { urn, attribute, filter, sub };
}

function childOf(target: Resource, key: string): Resource {
  const child = target[key];
  if (isObject(child)) return child;
  const created: Resource = {};
  target[key] = created;
  return created;
}

function elementsOf(target: Resource, key: string): Resource[] {
  const value = target[key];
  return Array.isArray(value) ? value.filter(isObject) : [];
}
