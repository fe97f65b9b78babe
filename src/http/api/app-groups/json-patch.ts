import type { GroupAssignment } from '../../../domain/assignment.ts';
import type { Profile } from '../../../domain/profile.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../lib/json.ts';
import { invalidValue } from '../../query-values.ts';

/** One operation of RFC 6902. Okta's clients use these three. */
export interface PatchOperation {
  readonly op: 'add' | 'remove' | 'replace';
  readonly path: string;
  readonly value?: Json;
}

/**
 * The document with the operations carried out one after the other: all of them or none.
 *
 * @throws {UsherError} `invalid_input` for a path that is malformed, or leads to nothing where it must.
 */
function applyPatch(document: JsonObject, operations: readonly PatchOperation[]): JsonObject {
  return operations.reduce((current, operation, index) => {
    const path = pointerOf(operation.path, `${index}.path`);
    return changed(current, path, operation, index);
  }, document);
}

/**
 * What a group is given after a patch of its `priority` and `profile`.
 *
 * @throws {UsherError} `invalid_input` as `applyPatch` does, for any other member, and for a priority that is no number.
 */
export function revised(
  { priority, profile }: Pick<GroupAssignment, 'priority' | 'profile'>,
  operations: readonly PatchOperation[],
): { readonly priority: number; readonly profile: Profile } {
  const { priority: rank, profile: values, ...rest } = applyPatch({ priority, profile }, operations);
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) throw invalidValue(unknown, 'cannot be patched; priority and profile can');
  if (typeof rank !== 'number') throw invalidValue('priority', 'must be a whole number of at least 0');
  if (values !== undefined && !isJsonObject(values)) throw invalidValue('profile', 'must be an object');
  return { priority: rank, profile: values ?? {} };
}

/** RFC 6901: `~1` is a slash and `~0` a tilde. */
function pointerOf(path: string, field: string): readonly string[] {
  if (!path.startsWith('/') || /~(?![01])/.test(path))
    throw invalidValue(field, 'must be a JSON pointer such as /priority');
  return path
    .slice(1)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function changed(target: JsonObject, path: readonly string[], operation: PatchOperation, index: number): JsonObject {
  const [name = '', ...rest] = path;
  const standing = Object.hasOwn(target, name) ? target[name] : undefined;
  if (rest.length > 0) {
    if (!isJsonObject(standing)) throw invalidValue(`${index}.path`, `leads to nothing: there is no ${operation.path}`);
    return { ...target, [name]: changed(standing, rest, operation, index) };
  }
  if (operation.op !== 'add' && standing === undefined) {
    throw invalidValue(`${index}.path`, `leads to nothing: there is no ${operation.path}`);
  }
  if (operation.op === 'remove') return Object.fromEntries(Object.entries(target).filter(([key]) => key !== name));
  if (operation.value === undefined) throw invalidValue(`${index}.value`, 'is missing');
  return { ...target, [name]: operation.value };
}
