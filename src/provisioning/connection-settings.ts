import type { TSchema } from 'typebox';
import { Value } from 'typebox/value';
import type { Connector } from '../connectors/definition.ts';
import { UsherError, type ErrorCause } from '../lib/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../lib/json.ts';

/** A connection's settings as they are stored: what the connector marks `secret: true` is kept apart. */
export interface SplitSettings {
  readonly plain: JsonObject;
  readonly secrets: JsonObject;
}

/** Takes the secret settings out; `joinSecrets` puts them back. Both halves keep the settings' shape. */
export function splitSecrets(connector: Connector, settings: JsonObject): SplitSettings {
  const { plain, secrets } = split(connector.settings, settings);
  return { plain: isJsonObject(plain) ? plain : {}, secrets: isJsonObject(secrets) ? secrets : {} };
}

export function joinSecrets({ plain, secrets }: SplitSettings): JsonObject {
  const joined: Record<string, Json> = { ...plain };
  for (const [name, value] of Object.entries(secrets)) {
    const beside = joined[name];
    joined[name] = isJsonObject(beside) && isJsonObject(value) ? joinSecrets({ plain: beside, secrets: value }) : value;
  }
  return joined;
}

/**
 * Refuses settings the connector does not know: one that is misspelled could be a secret that nobody would seal.
 *
 * @throws {UsherError} `invalid_input`, one cause per setting, none of which repeats a value.
 */
export function assertSettings(connector: Connector, settings: JsonObject): void {
  const found = faults(connector.settings, settings, 'settings');
  const causes =
    found.length > 0 || Value.Check(connector.settings, settings)
      ? found
      : [{ field: 'settings', reason: `does not fit the connector ${connector.displayName}` }];
  if (causes.length === 0) return;
  const sentences = causes.map((cause) => `${cause.field} ${cause.reason}`).join('; ');
  throw new UsherError('invalid_input', `The connection settings cannot be used: ${sentences}.`, { causes });
}

/** A schema as plain JSON: what is read here are standard JSON Schema keywords and `secret`. */
interface SchemaNode {
  readonly type?: unknown;
  readonly const?: unknown;
  readonly secret?: unknown;
  readonly format?: unknown;
  readonly properties?: Readonly<Record<string, TSchema>>;
  readonly required?: readonly string[];
  readonly anyOf?: readonly TSchema[];
}

interface SplitValue {
  readonly plain: Json | undefined;
  readonly secrets: Json | undefined;
}

function split(schema: TSchema, value: Json): SplitValue {
  const node: SchemaNode = variantOf(schema, value) ?? schema;
  if (node.secret === true) return { plain: undefined, secrets: value };
  if (node.properties === undefined || !isJsonObject(value)) return { plain: value, secrets: undefined };
  const plain: Record<string, Json> = {};
  const secrets: Record<string, Json> = {};
  for (const [name, property] of Object.entries(node.properties)) {
    const given = value[name];
    if (given === undefined) continue;
    const parts = split(property, given);
    if (parts.plain !== undefined) plain[name] = parts.plain;
    if (parts.secrets !== undefined) secrets[name] = parts.secrets;
  }
  return { plain, secrets: Object.keys(secrets).length === 0 ? undefined : secrets };
}

function faults(schema: TSchema, value: Json, field: string): ErrorCause[] {
  const node: SchemaNode = schema;
  const discriminator = discriminatorOf(node);
  if (discriminator !== undefined && isJsonObject(value)) {
    const variant = variantOf(schema, value);
    if (variant !== undefined) return faults(variant, value, field);
    const choices = (node.anyOf ?? []).map((option) => String(constOf(option, discriminator))).join(', ');
    return [{ field: `${field}.${discriminator}`, reason: `must be one of ${choices}` }];
  }
  const { properties } = node;
  if (properties === undefined || !isJsonObject(value)) {
    const reason = node.format === 'uri' ? addressProblem(schema, value) : Value.Errors(schema, value)[0]?.message;
    return reason === undefined ? [] : [{ field, reason }];
  }
  const missing = (node.required ?? []).filter((name) => value[name] === undefined);
  const unknown = Object.keys(value).filter((name) => !Object.hasOwn(properties, name));
  return [
    ...missing.map((name) => ({ field: `${field}.${name}`, reason: 'is missing' })),
    ...unknown.map((name) => ({ field: `${field}.${name}`, reason: 'is not a setting of this connector' })),
    ...Object.entries(properties).flatMap(([name, property]) => {
      const given = value[name];
      return given === undefined ? [] : faults(property, given, `${field}.${name}`);
    }),
  ];
}

/** A user name and password in an address would be stored and shown in clear. */
function addressProblem(schema: TSchema, value: Json): string | undefined {
  const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || !Value.Check(schema, value)) {
    return 'must be an address such as https://app.example.com';
  }
  if (url.username === '' && url.password === '') return undefined;
  return 'must not hold a user name or password; give them as the way to sign in';
}

/** The alternative of a union of objects that the value's discriminator names. */
function variantOf(schema: TSchema, value: Json): TSchema | undefined {
  const node: SchemaNode = schema;
  const discriminator = discriminatorOf(node);
  if (discriminator === undefined || !isJsonObject(value)) return undefined;
  return node.anyOf?.find((option) => constOf(option, discriminator) === value[discriminator]);
}

/** The property that tells the objects of a union apart: a constant in each. */
function discriminatorOf({ anyOf = [] }: SchemaNode): string | undefined {
  const [first]: readonly SchemaNode[] = anyOf;
  const names = Object.keys(first?.properties ?? {});
  return names.find((name) => anyOf.every((option) => constOf(option, name) !== undefined));
}

function constOf(schema: TSchema, name: string): unknown {
  const node: SchemaNode = schema;
  const property: SchemaNode | undefined = node.properties?.[name];
  return property?.const;
}
