import { Type, type Static } from 'typebox';
import { Value } from 'typebox/value';
import { UsherError } from '../../lib/errors.ts';
import type { JsonObject } from '../../lib/json.ts';

/**
 * What a catalog entry may declare about a SCIM app, so that the client need not find out by failing. Further
 * quirks may stand beside these; other parts of Usher read them.
 */
export const ScimQuirks = Type.Object({
  /** The verb for changes; without it PATCH is tried first. */
  updateMethod: Type.Optional(Type.Union([Type.Literal('PATCH'), Type.Literal('PUT')])),
  /** Accounts or groups the app returns per page, at most. */
  pageSizeMax: Type.Optional(Type.Integer({ minimum: 1 })),
  /** Members in one PATCH, at most; 100 without it. */
  membersPerPatchMax: Type.Optional(Type.Integer({ minimum: 1 })),
  /** Answers about a group never hold its members. */
  membersUnreadable: Type.Optional(Type.Boolean()),
  /** Groups can be filled but neither created nor deleted. */
  groupsLinkOnly: Type.Optional(Type.Boolean()),
  groupNameImmutable: Type.Optional(Type.Boolean()),
  /** Of every multi-valued attribute the app takes one value. */
  singleValuedOnly: Type.Optional(Type.Boolean()),
  /** The app refuses DELETE on accounts. */
  noRemove: Type.Optional(Type.Boolean()),
});

export type ScimQuirks = Static<typeof ScimQuirks>;

/** @throws {UsherError} `invalid_input` naming the first quirk of the wrong kind. */
export function readQuirks(declared: JsonObject): ScimQuirks {
  if (Value.Check(ScimQuirks, declared)) return declared;
  const [first] = Value.Errors(ScimQuirks, declared);
  const quirk = first?.instancePath ?? '';
  throw new UsherError(
    'invalid_input',
    `The quirk ${quirk} of this app's catalog entry ${first?.message ?? 'is wrong'}.`,
  );
}
