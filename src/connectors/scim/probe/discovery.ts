import type { AttributeDefinitions } from '../../../domain/profile-schema.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../lib/json.ts';
import { coreUserUrn } from '../layout.ts';
import { definitionsOf } from '../schema.ts';
import { isOk, rowsOf, told, type ProbeContext } from './context.ts';

export interface Discovered {
  readonly attributes: AttributeDefinitions;
  readonly patch: boolean | undefined;
  readonly bulk: boolean | undefined;
  readonly etag: boolean | undefined;
}

/** What the server says of itself. All of it is a hint: what matters is tried. */
export async function checkDiscovery(context: ProbeContext): Promise<Discovered> {
  const config = await checkConfig(context);
  const urns = await checkResourceTypes(context);
  const schemas = await checkSchemas(context);
  return {
    attributes: definitionsOf(schemas, urns),
    patch: supported(config?.['patch']),
    bulk: supported(config?.['bulk']),
    etag: supported(config?.['etag']),
  };
}

/** Whether the version in the header is the one in the resource, and what the server promises. */
export async function checkVersions(
  { recorder, judge, learned }: ProbeContext,
  id: string,
  promised: boolean | undefined,
): Promise<void> {
  const one = await recorder.ask('GET', `/Users/${encodeURIComponent(id)}`);
  const { etag } = one.headers;
  const meta = one.json?.['meta'];
  const version = isJsonObject(meta) ? meta['version'] : undefined;
  const real = etag !== undefined && etag === version;
  learned['etag'] = real && promised === true;
  const seen =
    etag === undefined
      ? 'There is no ETag header'
      : real
        ? 'The ETag header equals meta.version'
        : 'The ETag header is not meta.version';
  const words =
    promised === undefined ? 'nothing is promised' : promised ? 'versions are promised' : 'none are promised';
  judge.say('versions.honest', promised === true ? real : etag === undefined || real, `${seen}, and ${words}.`, one);
}

async function checkConfig({ recorder, judge, learned }: ProbeContext): Promise<JsonObject | undefined> {
  const reply = await recorder.ask('GET', '/ServiceProviderConfig');
  const config = isOk(reply) ? reply.json : undefined;
  const known = config !== undefined && ['patch', 'filter'].every((name) => isJsonObject(config[name]));
  const names = ['patch', 'bulk', 'filter', 'sort', 'etag', 'changePassword'].filter((name) =>
    supported(config?.[name]),
  );
  const seen = known ? `It says it supports: ${names.join(', ') || 'none of the options'}.` : `${told(reply)}.`;
  judge.say('discovery.config', known, seen, reply);
  if (!known) return undefined;
  if (supported(config['patch']) === false) Object.assign(learned, { updateDialect: 'put', activeDialect: 'put' });
  const bulk = config['bulk'];
  if (supported(bulk) === true && isJsonObject(bulk)) {
    const [operations, bytes] = [Number(bulk['maxOperations']), Number(bulk['maxPayloadSize'])];
    learned['bulk'] = 'advertised';
    if (Number.isInteger(operations) && operations > 0) learned['bulkOperationsMax'] = operations;
    if (Number.isInteger(bytes) && bytes > 0) learned['bulkPayloadBytesMax'] = bytes;
  }
  return config;
}

async function checkResourceTypes({ recorder, judge }: ProbeContext): Promise<readonly string[] | undefined> {
  const reply = await recorder.ask('GET', '/ResourceTypes');
  const rows = isOk(reply) ? (rowsOf(reply) ?? []) : [];
  const user = rows.find((row) => String(row['endpoint']).toLowerCase().endsWith('/users'));
  const extensions = listOf(user?.['schemaExtensions']).map((extension) => extension['schema']);
  const urns = [user?.['schema'] ?? null, ...extensions].filter((urn) => typeof urn === 'string');
  const seen = user === undefined ? `${told(reply)}, without a type for /Users.` : `Users have ${urns.length} schemas.`;
  judge.say('discovery.resource_types', user !== undefined && urns.length > 0, seen, reply);
  return user === undefined ? undefined : urns;
}

async function checkSchemas({ recorder, judge }: ProbeContext): Promise<ReadonlyMap<string, JsonObject>> {
  const reply = await recorder.ask('GET', '/Schemas');
  const rows = isOk(reply) ? (rowsOf(reply) ?? []) : [];
  const core = rows.find((row) => row['id'] === coreUserUrn);
  const count = listOf(core?.['attributes']).length;
  const seen = core === undefined ? `${told(reply)}, without the schema of users.` : `Users have ${count} attributes.`;
  judge.say('discovery.schemas', count > 0, seen, reply);
  return new Map(rows.map((row) => [String(row['id']), row]));
}

function supported(option: Json | undefined): boolean | undefined {
  if (!isJsonObject(option) || option['supported'] === undefined) return undefined;
  return String(option['supported']).toLowerCase() === 'true';
}

function listOf(value: Json | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter((item: Json) => isJsonObject(item)) : [];
}
