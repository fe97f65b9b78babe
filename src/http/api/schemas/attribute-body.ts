import { Type } from 'typebox';
import type { AttributeDefinition } from '../../../domain/profile-schema.ts';
import type { Json } from '../../../lib/json.ts';
import { Nullable } from '../schema.ts';

const AnyJson = Type.Unsafe<Json>(Type.Unknown());

/** One attribute as Okta's clients write it. What Usher has no use for (permissions, master) is taken and dropped. */
const AttributeBody = Type.Object({
  title: Type.String(),
  type: Type.Enum(['string', 'number', 'integer', 'boolean', 'array', 'object']),
  description: Nullable(Type.String()),
  required: Nullable(Type.Boolean()),
  enum: Nullable(Type.Array(AnyJson)),
  items: Nullable(
    Type.Object({ type: Type.Enum(['string', 'number', 'integer']), enum: Nullable(Type.Array(AnyJson)) }),
  ),
  minLength: Nullable(Type.Integer({ minimum: 0 })),
  maxLength: Nullable(Type.Integer({ minimum: 1 })),
  format: Nullable(
    Type.Enum(['email', 'date', 'date-time', 'uri', 'locale', 'timezone', 'country-code', 'language-code']),
  ),
  mutability: Nullable(Type.Enum(['READ_WRITE', 'READ_ONLY', 'IMMUTABLE', 'WRITE_ONLY'])),
  scope: Nullable(Type.Enum(['NONE', 'SELF'])),
  union: Nullable(Type.Enum(['ENABLE', 'DISABLE'])),
  unique: Nullable(Type.String()),
  externalName: Nullable(Type.String()),
  externalNamespace: Nullable(Type.String()),
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
          properties: Nullable(
            Type.Record(Type.String(), Type.Union([Type.Object({ required: Nullable(Type.Boolean()) }), Type.Null()])),
          ),
        }),
      ),
    }),
  ),
});
export type SchemaBody = Type.Static<typeof SchemaBody>;

/** The custom attributes of a schema document, in our words. */
export function customAttributes(body: SchemaBody): { readonly [variable: string]: AttributeDefinition | null } {
  const given = Object.entries(body.definitions?.custom?.properties ?? {});
  return Object.fromEntries(
    given.map(([variable, attribute]) => [variable, attribute === null ? null : toDefinition(attribute)]),
  );
}

function toDefinition({ unique, items, ...attribute }: Type.Static<typeof AttributeBody>): AttributeDefinition {
  const {
    title,
    type,
    description,
    required,
    minLength,
    maxLength,
    format,
    mutability,
    scope,
    union,
    externalName,
    externalNamespace,
  } = attribute;
  return {
    title,
    type,
    ...present('description', description),
    ...present('required', required),
    ...present('enum', attribute.enum),
    ...present('items', items == null ? items : { type: items.type, ...present('enum', items.enum) }),
    ...present('minLength', minLength),
    ...present('maxLength', maxLength),
    ...present('format', format),
    ...present('mutability', mutability),
    ...present('scope', scope),
    ...present('union', union),
    ...present('externalName', externalName),
    ...present('externalNamespace', externalNamespace),
    ...(unique === 'UNIQUE_VALIDATED' ? { unique: true } : {}),
  };
}

function present<Name extends string, Value>(name: Name, value: Value | null | undefined): { [Key in Name]?: Value } {
  const result: { [Key in Name]?: Value } = {};
  if (value != null) result[name] = value;
  return result;
}
