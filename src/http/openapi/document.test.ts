import { Compile } from 'typebox/schema';
import { beforeAll, expect, test } from 'vitest';
import { describeOnDatabases } from '../../../test/database.ts';
import { openHttpTest, type HttpTest } from '../../../test/http-context.ts';
import { routesOf } from '../../../test/routes.ts';
import { isJsonObject, type Json } from '../../lib/json.ts';
import { operationsByRoute } from './operations.ts';

interface Described {
  readonly operationId: string;
  readonly summary: string;
  readonly tags: readonly string[];
  readonly security?: readonly object[];
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly description: string }[];
  readonly requestBody?: { readonly content: Record<string, { readonly schema: object; readonly example?: unknown }> };
  readonly responses: Record<string, { readonly description: string; readonly content?: Record<string, object> }>;
}
interface OpenApi {
  readonly openapi: string;
  readonly tags: readonly { readonly name: string }[];
  readonly paths: Record<string, Record<string, Described>>;
  readonly components: { readonly schemas: Record<string, Json> };
}

/** For people, and no part of the API. */
const pages = /^\/(docs|login|my|admin|assets|welcome|reset_password)(\/|$)|^\/(|favicon\.svg|theme\.js)$/;

describeOnDatabases('/openapi.json', (database) => {
  let on: HttpTest;
  let document: OpenApi;
  let operations: readonly (readonly [string, Described])[];
  beforeAll(async () => {
    on = await openHttpTest(database);
    document = (await on.call('GET', '/openapi.json', undefined, { token: null })).json<OpenApi>();
    operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => [`${method.toUpperCase()} ${path}`, operation] as const),
    );
  });

  test('has every route of the server, and nothing else', () => {
    const routes = routesOf(on.server)
      .filter(([, url]) => !pages.test(url))
      .map(([method, url]) => `${method} ${url}`);
    expect(document.openapi).toBe('3.1.0');
    expect(operations.map(([name]) => name).sort()).toEqual(
      routes.map((route) => route.replace(/:(\w+)/g, '{$1}')).sort(),
    );
    expect([...operationsByRoute.keys()].filter((route) => !routes.includes(route))).toEqual([]);
  });

  test('gives each an id of its own, a tag that is explained, a summary and an answer', () => {
    const ids = operations.map(([, { operationId }]) => operationId);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
    for (const [name, { operationId, summary, tags, responses }] of operations) {
      expect([name, operationId]).toEqual([name, expect.stringMatching(/^[a-z]\w+$/)]);
      expect([name, summary]).toEqual([name, expect.stringMatching(/^[A-Z].*[^.]$/)]);
      expect([name, document.tags.map((tag) => tag.name)]).toEqual([name, expect.arrayContaining([...tags])]);
      const successes = Object.entries(responses).filter(([status]) => /^(2|302)/.test(status));
      expect([name, successes.length]).toEqual([name, 1]);
      for (const [status, { content }] of successes) {
        // What was made may be in the answer to its making, or not.
        if (status !== '201') expect([name, content === undefined]).toEqual([name, ['204', '302'].includes(status)]);
      }
      expect([name, responses['default']?.content]).toEqual([
        name,
        { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
      ]);
    }
  });

  test('describes every parameter', () => {
    const silent = operations.flatMap(([name, { parameters }]) =>
      parameters.filter(({ description }) => description === '').map((parameter) => `${name} ${parameter.name}`),
    );
    expect(silent).toEqual([]);
    for (const [name, { parameters }] of operations) {
      const inPath = parameters
        .filter((parameter) => parameter.in === 'path')
        .map((parameter) => `{${parameter.name}}`);
      expect([name, (name.match(/\{\w+\}/g) ?? []).sort()]).toEqual([name, inPath.sort()]);
    }
  });

  test('shows examples that are taken', () => {
    for (const [name, { requestBody }] of operations) {
      const json = requestBody?.content['application/json'];
      if (json === undefined) continue;
      expect([name, json.example]).toEqual([name, expect.anything()]);
      expect([name, Compile(json.schema).Check(json.example)]).toEqual([name, true]);
    }
  });

  test('refers to nothing that is missing, and asks for a token but where none is needed', () => {
    const references = JSON.stringify(document).match(/"#\/components\/schemas\/\w+"/g) ?? [];
    expect(references.length).toBeGreaterThan(50);
    for (const reference of references) {
      expect(Object.keys(document.components.schemas)).toContain(reference.slice(22, -1));
    }
    expect(operations.filter(([, { security }]) => security?.length === 0).map(([name]) => name)).toEqual(
      expect.arrayContaining(['GET /healthz', 'GET /openapi.json']),
    );
    expect(Object.values(document.components.schemas).every(isJsonObject)).toBe(true);
  });
});
