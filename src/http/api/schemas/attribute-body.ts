import { Type } from 'typebox';
import type { AttributeDefinition, AttributePermission, AttributeSource } from '../../../domain/profile-schema.ts';
import type { Json } from '../../../lib/json.ts';
import type { BaseAttributeChanges } from '../../../services/user-schema.ts';
import { Nullable } from '../schema.ts';

const AnyJson = Type.Unsafe<Json>(Type.Unknown());

const Values = Nullable(Type.Array(AnyJson));
const NamedValues = Nullable(Type.Array(Type.Object({ const: AnyJson, title: Type.String() })));
const Permissions = Nullable(
  Type.Array(
    Type.Object({
      principal: Nullable(Type.String()),
      action: Nullable(Type.Enum(['HIDE', 'READ_ONLY', 'READ_WRITE'])),
    }),
  ),
);
const Master = Nullable(
  Type.Object({
    type: Nullable(Type.Enum(['PROFILE_MASTER', 'OKTA', 'OVERRIDE'])),
    priority: Nullable(Type.Array(Type.Object({ type: Type.String(), value: Type.String() }))),
  }),
);

/** One attribute as Okta's clients write it. */
const AttributeBody = Type.Object({
  title: Type.String(),
  type: Type.Enum(['string', 'number', 'integer', 'boolean', 'array', 'object']),
  description: Nullable(Type.String()),
  required: Nullable(Type.Boolean()),
  enum: Values,
  oneOf: NamedValues,
  items: Nullable(Type.Object({ type: Type.Enum(['string', 'number', 'integer']), enum: Values, oneOf: NamedValues })),
  minLength: Nullable(Type.Integer({ minimum: 0 })),
  maxLength: Nullable(Type.Integer({ minimum: 1 })),
  format: Nullable(
    Type.Enum(['email', 'date', 'date-time', 'uri', 'locale', 'timezone', 'country-code', 'language-code']),
  ),
  mutability: Nullable(Type.Enum(['READ_WRITE', 'READ_ONLY', 'IMMUTABLE', 'WRITE_ONLY'])),
  scope: Nullable(Type.Enum(['NONE', 'SELF'])),
  permissions: Permissions,
  master: Master,
  union: Nullable(Type.Enum(['ENABLE', 'DISABLE'])),
  unique: Nullable(Type.String()),
  externalName: Nullable(Type.String()),
  externalNamespace: Nullable(Type.String()),
});

/** What is taken of a base attribute; clients send it whole, as they were shown it. */
const BaseAttributeBody = Type.Object({
  required: Nullable(Type.Boolean()),
  pattern: Nullable(Type.String()),
  permissions: Permissions,
  master: Master,
});

/** A part of a schema document: attributes to add or define anew; null removes one. */
export const SchemaBody = Type.Object({
  definitions: Nullable(
    Type.Object({
      custom: Nullable(
        Type.Object({ properties: Nullable(Type.Record(Type.String(), Type.Union([AttributeBody, Type.Null()]))) }),
      ),
      base: Nullable(
        Type.Object({
          properties: Nullable(Type.Record(Type.String(), Type.Union([BaseAttributeBody, Type.Null()]))),
        }),
      ),
    }),
  ),
});
export type SchemaBody = Type.Static<typeof SchemaBody>;

/** The base attributes of a schema document, in our words: of each, what can be changed and was given. */
export function baseAttributes(body: SchemaBody): { readonly [variable: string]: BaseAttributeChanges } {
  const given = Object.entries(body.definitions?.base?.properties ?? {});
  return Object.fromEntries(
    given.flatMap(([variable, attribute]) => {
      if (attribute === null) return [];
      const changes = {
        ...present('required', attribute.required),
        ...(attribute.pattern === undefined ? {} : { pattern: attribute.pattern === '' ? null : attribute.pattern }),
        ...present('permissions', permissionsOf(attribute.permissions)),
        ...present('master', masterOf(attribute.master)),
      };
      return [[variable, changes] as const];
    }),
  );
}

/** The custom attributes of a schema document, in our words. */
export function customAttributes(body: SchemaBody): { readonly [variable: string]: AttributeDefinition | null } {
  const given = Object.entries(body.definitions?.custom?.properties ?? {});
  return Object.fromEntries(
    given.map(([variable, attribute]) => [variable, attribute === null ? null : toDefinition(attribute)]),
  );
}

function toDefinition(attribute: Type.Static<typeof AttributeBody>): AttributeDefinition {
  const { title, type, items } = attribute;
  return {
    title,
    type,
    ...present('description', attribute.description),
    ...present('required', attribute.required),
    ...listed('enum', attribute.enum),
    ...listed('oneOf', namesOf(attribute.oneOf)),
    ...present(
      'items',
      items && { type: items.type, ...listed('enum', items.enum), ...listed('oneOf', namesOf(items.oneOf)) },
    ),
    ...present('minLength', attribute.minLength),
    ...present('maxLength', attribute.maxLength),
    ...present('format', attribute.format),
    ...present('mutability', attribute.mutability),
    ...present('scope', attribute.scope),
    ...present('permissions', permissionsOf(attribute.permissions)),
    ...present('master', masterOf(attribute.master)),
    ...present('union', attribute.union),
    ...present('externalName', attribute.externalName),
    ...present('externalNamespace', attribute.externalNamespace),
    ...(attribute.unique === 'UNIQUE_VALIDATED' ? { unique: true } : {}),
  };
}

function permissionsOf(given: Type.Static<typeof Permissions> | undefined): readonly AttributePermission[] | undefined {
  return given?.map(({ principal, action }) => ({ principal: principal ?? 'SELF', action: action ?? 'READ_ONLY' }));
}

function masterOf(given: Type.Static<typeof Master> | undefined): AttributeSource | undefined {
  if (given?.type == null) return undefined;
  return {
    type: given.type,
    ...listed(
      'priority',
      given.priority?.map(({ type, value }) => ({ type, value })),
    ),
  };
}

/** Without what a client may send besides. */
function namesOf(given: Type.Static<typeof NamedValues> | undefined) {
  return given?.map(({ const: value, title }) => ({ const: value, title }));
}

/** An empty list says as much as none. */
function listed<Name extends string, Item>(
  name: Name,
  items: readonly Item[] | null | undefined,
): { [Key in Name]?: readonly Item[] } {
  return present(name, items?.length === 0 ? undefined : items);
}

function present<Name extends string, Value>(name: Name, value: Value | null | undefined): { [Key in Name]?: Value } {
  const result: { [Key in Name]?: Value } = {};
  if (value != null) result[name] = value;
  return result;
}
