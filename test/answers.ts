import type { FastifyInstance, FastifyReply } from 'fastify';
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/schema';
import { ErrorSchema } from '../src/http/openapi/error-schema.ts';
import { operationsByRoute } from '../src/http/openapi/operations.ts';
import { isJsonObject, type Json } from '../src/lib/json.ts';

/**
 * Compares every answer of a server, which must not be listening yet, with what the API reference declares for its
 * route. The list gets a line for each answer the reference does not tell the truth about.
 */
export function watchAnswers(server: FastifyInstance): readonly string[] {
  const faults: string[] = [];
  server.addHook('onSend', async ({ method, routeOptions: { url } }, reply, payload) => {
    if (method === 'HEAD') return;
    const fault = faultOf(`${method} ${url ?? ''}`, reply, payload);
    if (fault !== undefined) faults.push(`${method} ${url ?? ''} ${reply.statusCode}: ${fault}`);
  });
  return faults;
}

function faultOf(route: string, reply: FastifyReply, payload: unknown): string | undefined {
  const operation = operationsByRoute.get(route);
  // Whether all routes are described is for src/http/openapi/document.test.ts.
  const answer = operation?.answers[reply.statusCode];
  if (reply.statusCode >= 400 && answer === undefined) return mismatch(ErrorSchema, payload);
  if (operation === undefined) return undefined;
  if (answer === undefined) return `is not declared; declared are ${Object.keys(operation.answers).join(', ')}`;
  if (answer.schema === undefined) return payload == null || payload === '' ? undefined : 'should have no body';
  const mediaType = String(reply.getHeader('content-type')).split(';')[0];
  if (answer.alsoAs !== undefined && mediaType === answer.alsoAs) return undefined;
  const expected = answer.mediaType ?? 'application/json';
  const fits = expected.endsWith('/*') ? mediaType?.startsWith(expected.slice(0, -1)) : mediaType === expected;
  if (fits !== true) return `should be ${expected} and is ${String(mediaType)}`;
  return expected === 'application/json' ? mismatch(answer.schema, payload) : undefined;
}

const checks = new Map<TSchema, ReturnType<typeof Compile>>();

function mismatch(schema: TSchema, payload: unknown): string | undefined {
  const check = checks.get(schema) ?? Compile(closed(JSON.parse(JSON.stringify(schema)) as Json) as object);
  checks.set(schema, check);
  const body: unknown = JSON.parse(String(payload));
  if (check.Check(body)) return undefined;
  const [, errors] = check.Errors(body);
  const lines = errors.map(({ instancePath, message }) => `${instancePath || 'body'} ${message}`);
  return `${lines.slice(0, 3).join('; ')} in ${String(payload).slice(0, 300)}`;
}

/** Objects that name their properties and do not say whether there may be more may have no more. */
function closed(schema: Json): Json {
  if (Array.isArray(schema)) return schema.map(closed);
  if (!isJsonObject(schema)) return schema;
  const { $id: _name, ...rest } = schema;
  const inner = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, closed(value)]));
  const open = inner['type'] !== 'object' || !isJsonObject(inner['properties']) || 'additionalProperties' in inner;
  return open ? inner : { ...inner, additionalProperties: false };
}
