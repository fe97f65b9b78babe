import type { AttributeDefinition, AttributeDefinitions, AttributeType } from '../../domain/profile-schema.ts';
import { isJsonObject, type Json, type JsonObject } from '../../lib/json.ts';
import { coreUserUrn } from './layout.ts';

/**
 * Attribute definitions for a profile schema, from the app's SCIM schema documents. `name.givenName` becomes
 * `givenName`, other parts of complex attributes become `managerValue` or `emailsWork`.
 */
export function definitionsOf(
  schemas: ReadonlyMap<string, JsonObject>,
  urns: readonly string[] | undefined,
): AttributeDefinitions {
  const wanted = urns ?? [...schemas.keys()].filter((urn) => urn === coreUserUrn || urn.endsWith(':User'));
  const definitions = new Map<string, AttributeDefinition>();
  for (const urn of wanted) {
    for (const attribute of listOf(schemas.get(urn)?.['attributes'])) {
      for (const [variable, definition] of fromAttribute(attribute, urn)) {
        if (!definitions.has(variable)) definitions.set(variable, definition);
      }
    }
  }
  return Object.fromEntries(definitions);
}

type Named = readonly [variable: string, definition: AttributeDefinition];

/** Attributes the connection carries itself. */
const managed = new Set(['id', 'externalId', 'userName', 'active', 'meta', 'schemas', 'groups', 'password']);

function fromAttribute(attribute: JsonObject, urn: string): readonly Named[] {
  const name = attribute['name'];
  if (typeof name !== 'string' || !nameable.test(name) || (urn === coreUserUrn && managed.has(name))) return [];
  const subs = listOf(attribute['subAttributes']).filter((sub) => nameable.test(String(sub['name'])));
  const multiValued = attribute['multiValued'] === true;
  if (attribute['type'] !== 'complex' || subs.length === 0) return [[name, define(attribute, urn, name, multiValued)]];
  if (!multiValued) {
    return subs.map((sub) => {
      const part = String(sub['name']);
      return [name === 'name' ? part : name + capital(part), define(sub, urn, `${name}.${part}`, false)];
    });
  }
  return fromElements(attribute, name, subs, urn);
}

/** One attribute per kind of element (`emails` of type `work`), or the list of values where there are no kinds. */
function fromElements(attribute: JsonObject, name: string, subs: readonly JsonObject[], urn: string): readonly Named[] {
  const type = subs.find((sub) => sub['name'] === 'type');
  const kinds = textsOf(type?.['canonicalValues']).filter((kind) => /^\w+$/.test(kind));
  const parts = subs.filter((sub) => !['type', 'primary', 'display', '$ref'].includes(String(sub['name'])));
  if (kinds.length === 0) {
    const value = subs.find((sub) => sub['name'] === 'value') ?? attribute;
    // A value that each element must have makes no element required.
    const { required = false, mutability = null } = attribute;
    return [[name, define({ ...value, required, mutability }, urn, name, true)]];
  }
  return kinds.flatMap((kind) =>
    parts.map((sub): Named => {
      const part = String(sub['name']);
      const variable = name + capital(kind) + (part === 'value' ? '' : capital(part));
      return [variable, define(sub, urn, `${name}.^[type=='${kind}'].${part}`, false, name)];
    }),
  );
}

const nameable = /^[A-Za-z][\w-]*$/;

const types: { readonly [scim: string]: AttributeType } = {
  string: 'string',
  boolean: 'boolean',
  decimal: 'number',
  integer: 'integer',
  complex: 'object',
};
const mutabilities: { readonly [scim: string]: NonNullable<AttributeDefinition['mutability']> } = {
  readOnly: 'READ_ONLY',
  immutable: 'IMMUTABLE',
  writeOnly: 'WRITE_ONLY',
};

function define(
  attribute: JsonObject,
  urn: string,
  externalName: string,
  multiValued: boolean,
  parent = '',
): AttributeDefinition {
  const type = types[String(attribute['type'])] ?? 'string';
  const mutability = mutabilities[String(attribute['mutability'])];
  const description = attribute['description'];
  const canonical = textsOf(attribute['canonicalValues']);
  const itemType = type === 'number' || type === 'integer' ? type : 'string';
  return {
    title: titleOf(externalName),
    type: multiValued ? 'array' : type,
    externalName,
    externalNamespace: urn,
    ...(typeof description === 'string' && description !== '' ? { description: description.slice(0, 1000) } : {}),
    ...(attribute['required'] === true && parent === '' ? { required: true } : {}),
    ...(multiValued ? { items: { type: itemType } } : {}),
    ...(canonical.length > 0 && !multiValued && parent === '' ? { enum: canonical } : {}),
    ...(attribute['type'] === 'dateTime' ? { format: 'date-time' as const } : {}),
    ...(parent === 'emails' && externalName.endsWith('.value') ? { format: 'email' as const } : {}),
    ...(mutability === undefined ? {} : { mutability }),
    ...(attribute['uniqueness'] === 'server' || attribute['uniqueness'] === 'global' ? { unique: true } : {}),
  };
}

/** `emails.^[type=='work'].value` reads as "Emails work value". */
function titleOf(externalName: string): string {
  const words = externalName
    .replace(/\.\^\[type=='(\w+)'\]/, ' $1')
    .replace(/[.]/g, ' ')
    .replace(/([a-z])([A-Z])/g, '$1 $2');
  return capital(words.toLowerCase());
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

function listOf(value: Json | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter((item: Json) => isJsonObject(item)) : [];
}

function textsOf(value: Json | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((item: Json) => typeof item === 'string') : [];
}
