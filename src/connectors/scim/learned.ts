import { Type, type Static } from 'typebox';
import { Value } from 'typebox/value';
import type { Json, JsonObject } from '../../lib/json.ts';

/** The form a change is sent in. `noPath` sends complex attributes whole, `put` the whole merged resource. */
export const dialects = ['path', 'noPath', 'put'] as const;
export type Dialect = (typeof dialects)[number];

const dialect = Type.Union([Type.Literal('path'), Type.Literal('noPath'), Type.Literal('put')]);
const filter = Type.Union([Type.Literal('works'), Type.Literal('broken')]);

const schema = Type.Object({
  /** What carried changes of the profile and of `active`, once something did. */
  updateDialect: dialect,
  activeDialect: dialect,
  /** `ignoresCase` and `exact` were proven with an account that exists. */
  filterUserName: Type.Union([Type.Literal('ignoresCase'), Type.Literal('exact'), Type.Literal('broken')]),
  filterExternalId: filter,
  filterEmail: filter,
  filterDisplayName: filter,
  /** Attributes no dialect could set; they are still sent along, but not chased. */
  ignoredAttributes: Type.Array(Type.String()),
  /** Attributes a create keeps although its answer leaves them out. */
  createSilent: Type.Array(Type.String()),
  /** Attributes a create does not keep. */
  createDrops: Type.Array(Type.String()),
  etag: Type.Boolean(),
  bulk: Type.Union([Type.Literal('advertised'), Type.Literal('works'), Type.Literal('broken')]),
  bulkOperationsMax: Type.Integer({ minimum: 1 }),
  bulkPayloadBytesMax: Type.Integer({ minimum: 1 }),
  groups: Type.Boolean(),
  membersReadable: Type.Boolean(),
  /** Proven with members of a group that shows them. */
  memberAddition: Type.Literal('works'),
  memberRemoval: Type.Union([Type.Literal('filter'), Type.Literal('put')]),
  membersPerPatch: Type.Integer({ minimum: 1 }),
});

export type Facts = Partial<Static<typeof schema>>;

/** The capability record of one app: what was learned is used at once here, and handed on to be stored. */
export interface Learned {
  readonly facts: Facts;
  set(change: Facts): void;
  /** Forgets what was found missing, so that an app that was mended is given another chance. */
  forgetFailures(): void;
}

/** Reads a stored record; facts of a kind this version does not know are left out. */
export function openLearned(stored: JsonObject, learn: (facts: { readonly [fact: string]: Json }) => void): Learned {
  const known = Object.entries(schema.properties).filter(([name, type]) => Value.Check(type, stored[name]));
  const candidate: unknown = Object.fromEntries(known.map(([name]) => [name, stored[name]]));
  const facts: Facts = Value.Check(Type.Partial(schema), candidate) ? candidate : {};
  return {
    facts,
    set(change) {
      Object.assign(facts, change);
      learn(change);
    },
    forgetFailures() {
      const names = Object.keys(facts).filter((name) => failureFacts.has(name));
      for (const name of names) Reflect.deleteProperty(facts, name);
      if (names.length > 0) learn(Object.fromEntries(names.map((name) => [name, null])));
    },
  };
}

const failureFacts = new Set([
  'filterUserName',
  'filterExternalId',
  'filterEmail',
  'filterDisplayName',
  'ignoredAttributes',
  'createSilent',
  'createDrops',
  'bulk',
  'membersReadable',
]);
