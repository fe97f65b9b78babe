import type { FastifyInstance, RouteOptions } from 'fastify';
import { isJsonObject, type Json, type JsonObject } from '../../lib/json.ts';
import { ErrorSchema } from './error-schema.ts';
import type { Answer } from './operation.ts';
import { operationGroups, operationsByRoute, type DescribedOperation } from './operations.ts';
import { parameterDescriptions } from './parameters.ts';

/** A route as the router has it. */
export type Route = Pick<RouteOptions, 'url' | 'schema' | 'config'> & { readonly method: string };

/** The routes of a server, in the order they are declared. Call it before the first one; it fills up. */
export function collectRoutes(server: FastifyInstance): readonly Route[] {
  const routes: Route[] = [];
  server.addHook('onRoute', (route) => {
    for (const method of [route.method].flat()) if (method !== 'HEAD') routes.push({ ...route, method });
  });
  return routes;
}

/** The OpenAPI 3.1 document of these routes. Routes that nothing describes are left out. */
export function openapiDocument(routes: readonly Route[]): JsonObject {
  const schemas: Record<string, Json> = {};
  const paths: Record<string, Record<string, Json>> = {};
  for (const route of routes) {
    const operation = operationsByRoute.get(`${route.method} ${route.url}`);
    if (operation === undefined) continue;
    const path = route.url.replace(/:(\w+)/g, '{$1}');
    (paths[path] ??= {})[route.method.toLowerCase()] = describe(route, operation, schemas);
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Usher', version: 'v1', license: { name: 'Apache 2.0', identifier: 'Apache-2.0' }, description },
    security: [{ SSWS: [] }],
    tags: operationGroups.map(({ tag, about }) => ({ name: tag, description: about })),
    paths,
    components: { schemas: sorted(schemas), securitySchemes },
  };
}

const description = [
  "Paths under `/api/v1` are Okta's: its SDKs and Terraform provider work with them when they are pointed here.",
  'Paths under `/usher/v1` are what Okta has no endpoint for.',
  '',
  'Lists are bare arrays. A `Link` header says where a list goes on: `rel="next"` is there while there is more.',
  'Every answer has `X-Okta-Request-Id` and the `X-Rate-Limit-…` headers.',
].join('\n');

const securitySchemes = {
  SSWS: {
    type: 'apiKey',
    in: 'header',
    name: 'Authorization',
    description: 'An API token: `SSWS 00abc…`. Make one with `usher tokens create`.',
  },
};

function describe(route: Route, operation: DescribedOperation, schemas: Record<string, Json>): JsonObject {
  const { params, querystring, body } = route.schema ?? {};
  const answers = Object.entries(operation.answers).map(
    ([status, answer]) => [status, answerOf(answer, schemas)] as const,
  );
  return {
    operationId: operation.id,
    tags: [operation.tag],
    summary: operation.summary,
    ...(operation.description === undefined ? {} : { description: operation.description }),
    ...(route.config?.policy === 'public' ? { security: [] } : {}),
    parameters: [...parametersOf('path', params, operation), ...parametersOf('query', querystring, operation)],
    ...bodyOf(body, operation, schemas),
    responses: {
      ...Object.fromEntries(answers),
      default: answerOf({ description: 'A failure', schema: ErrorSchema }, schemas),
    },
  };
}

function parametersOf(place: 'path' | 'query', schema: unknown, { parameters = {} }: DescribedOperation): JsonObject[] {
  const { properties, required } = asJson(schema ?? {});
  return Object.entries(isJsonObject(properties) ? properties : {}).map(([name, value]) => ({
    name,
    in: place,
    required: place === 'path' || (Array.isArray(required) && required.includes(name)),
    description: parameters[name] ?? parameterDescriptions[name] ?? '',
    schema: value,
  }));
}

function bodyOf(schema: unknown, { takes, example }: DescribedOperation, schemas: Record<string, Json>): JsonObject {
  if (takes !== undefined) {
    const form = { type: 'object', properties: { file: { type: 'string', format: 'binary' } }, required: ['file'] };
    const taken = takes === 'multipart/form-data' ? form : { type: 'string' };
    return { requestBody: { required: true, content: { [takes]: { schema: taken } } } };
  }
  if (schema === undefined) return {};
  const content = { schema: hoisted(asJson(schema), schemas), ...(example === undefined ? {} : { example }) };
  return { requestBody: { required: true, content: { 'application/json': content } } };
}

function answerOf(answer: Answer, schemas: Record<string, Json>): JsonObject {
  if (answer.schema === undefined) return { description: answer.description };
  const content = { schema: hoisted(asJson(answer.schema), schemas) };
  const also = answer.alsoAs === undefined ? {} : { [answer.alsoAs]: { schema: { type: 'string' } } };
  return { description: answer.description, content: { [answer.mediaType ?? 'application/json']: content, ...also } };
}

/** A schema without what TypeBox keeps in it for itself. */
function asJson(schema: unknown): JsonObject {
  const json: unknown = JSON.parse(JSON.stringify(schema));
  return isJsonObject(json) ? json : {};
}

/** Schemas with a name go where all of them are, and a reference takes their place. */
function hoisted(schema: Json, schemas: Record<string, Json>): Json {
  if (Array.isArray(schema)) return schema.map((item: Json) => hoisted(item, schemas));
  if (!isJsonObject(schema)) return schema;
  const { $id: name, ...rest } = schema;
  const inner = Object.fromEntries(Object.entries(tidied(rest)).map(([key, value]) => [key, hoisted(value, schemas)]));
  if (typeof name !== 'string') return inner;
  schemas[name] = inner;
  return { $ref: `#/components/schemas/${name}` };
}

/** TypeBox's maps, and its lists of texts, in the words that makers of clients understand. */
function tidied(schema: JsonObject): JsonObject {
  const { patternProperties, ...rest } = schema;
  if (isJsonObject(patternProperties)) {
    const [inner = {}] = Object.values(patternProperties);
    return { ...rest, additionalProperties: inner };
  }
  const { enum: values } = schema;
  const texts = Array.isArray(values) && values.every((value) => typeof value === 'string');
  return texts && schema['type'] === undefined ? { type: 'string', ...schema } : schema;
}

function sorted(schemas: Readonly<Record<string, Json>>): JsonObject {
  return Object.fromEntries(Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1)));
}
