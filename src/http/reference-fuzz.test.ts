import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { describeOnDatabases } from '../../test/database.ts';
import { openHttpTest, type HttpTest, type Method } from '../../test/http-context.ts';
import { isJsonObject, type Json, type JsonObject } from '../lib/json.ts';
import { otherBodies } from '../../test/fuzz-bodies.ts';
import { exampleIds } from './openapi/example-ids.ts';

/** Requests per operation; the whole stays under a minute on each database. */
const roundsPerOperation = 8;
const secret = 'canary-4711-sesame';

interface Operation {
  readonly method: Method;
  readonly path: string;
  readonly parameters: readonly { readonly name: string; readonly in: 'path' | 'query' }[];
  readonly example: Json | undefined;
}

/** Texts that mean something to somebody. */
const texts = fc.oneof(
  fc.constantFrom('', ' ', '0', '-1', '1e999', 'true', 'null', '../..', '%00', "'; drop table users--", '${', '(('),
  fc.constantFrom('id eq "', 'status eq "ACTIVE" and', 'profile.login sw "%"', 'not (id pr)', '2026-02-30T00:00:00Z'),
  fc.constantFrom('__proto__', 'constructor', 'me', 'default', 'user.login', '\u202e', 'İ'),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.string({ minLength: 250, maxLength: 400 }),
);
const values: fc.Arbitrary<Json> = fc.oneof(
  texts,
  fc.constantFrom<Json>('\0', '\ud800', null, true, -1, 2 ** 53, 1e308, 0.5, [], {}, [null], [[]], { value: null }),
  fc.dictionary(fc.constantFrom('status', 'value', 'constructor', 'type', 'x'), texts, { maxKeys: 3 }),
);

describeOnDatabases('every operation of the reference', (database) => {
  let on: HttpTest;
  let operations: readonly Operation[];
  let known: Readonly<Record<string, string>>;
  beforeAll(async () => {
    on = await openHttpTest(database);
    operations = [
      ...otherBodies.map(({ example, ...other }) => ({ ...other, parameters: [], example: example as Json })),
      ...operationsOf((await on.call('GET', '/openapi.json')).json<JsonObject>()),
    ];
    const userId = await on.addUser('ada@acme.example');
    const groupId = await on.addGroup('Engineering', [userId]);
    const settings = { baseUrl: 'https://crm.example.com/scim' };
    const made = await on.call('POST', '/usher/v1/apps', { catalogKey: 'scim2headerauth', label: 'CRM', settings });
    const appId = made.json<{ id: string }>().id;
    const profile = { authScheme: 'TOKEN', token: secret };
    await on.call('POST', `/api/v1/apps/${appId}/connections/default?activate=true`, { profile });
    const mappings = (await on.call('GET', `/api/v1/mappings?targetId=${appId}`)).json<{ id: string }[]>();
    known = { userId, groupId, appId, mappingId: mappings[0]?.id ?? '', key: 'default', name: 'USER_PROVISIONING' };
  });

  test('answers what it declares or 4xx to whatever is sent, and never a secret', { timeout: 180_000 }, async () => {
    for (const operation of operations) {
      const hostile = fc.record({
        path: fc.array(fc.option(texts, { freq: 2 }), { minLength: 4, maxLength: 4 }),
        query: fc.array(texts, { minLength: 12, maxLength: 12 }),
        way: fc.array(fc.nat(20), { maxLength: 6 }),
        value: values,
      });
      const property = fc.asyncProperty(hostile, async ({ path, query, way, value }) => {
        const url = urlOf(operation, path, query, known);
        const body =
          operation.example === undefined ? undefined : changed(withKnown(operation.example, known), way, value);
        const answer = await on.call(operation.method, url, body);
        const { statusCode } = answer;
        const ours = statusCode >= 500 && !(operation.path === '/readyz' && statusCode === 503);
        expect([operation.method, url, ours, answer.body.includes('    at '), answer.body.includes(secret)]).toEqual([
          operation.method,
          url,
          false,
          false,
          false,
        ]);
      });
      await fc.assert(property, { numRuns: roundsPerOperation });
    }
  });

  // Okta ignores what it does not know; kept, it would come back in answers that do not declare it.
  test('nothing it does not know is kept, wherever in a body it is', { timeout: 180_000 }, async () => {
    for (const operation of operations.filter(({ method }) => method !== 'DELETE')) {
      if (operation.example === undefined) continue;
      const url = urlOf(operation, [null, null, null, null], [], known);
      for (const way of objectsIn(operation.example)) {
        await on.call(operation.method, url, changed(withKnown(operation.example, known), way, 'unknown'));
      }
    }
  });

  test('neither is any text that should be JSON, any query, any path', { timeout: 180_000 }, async () => {
    const property = fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 60 }), async (text) => {
      const url = encoded(text);
      for (const answer of [
        await on.call('POST', '/api/v1/users', text),
        await on.call('GET', `/api/v1/users/${url}`),
        await on.call('GET', `/api/v1/users?q=${url}&limit=1`),
        await on.call('GET', `/api/v1/logs?q=${url}&limit=1`),
        await on.call('GET', `/api/v1/apps?filter=${url}`),
        await on.call('GET', `/usher/v1/catalog/apps?q=${url}`),
      ]) {
        expect(answer.statusCode).toBeLessThan(500);
      }
    });
    await fc.assert(property, { numRuns: 60 });
  });
});

/** All but those that would end the test's own token; what deletes comes last, so that the others still find things. */
function operationsOf(document: JsonObject): Operation[] {
  const paths = isJsonObject(document['paths']) ? document['paths'] : {};
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(isJsonObject(methods) ? methods : {})
      .filter(([method]) => !(method === 'delete' && /api-tokens/.test(path)))
      .map(([method, described]) => {
        const { parameters, requestBody } = described as unknown as {
          parameters: Operation['parameters'];
          requestBody?: { content: Record<string, { example?: Json }> };
        };
        const example = requestBody?.content['application/json']?.example;
        return { method: method.toUpperCase() as Method, path, parameters, example };
      }),
  );
  const deletes = ({ method }: Operation) => Number(method === 'DELETE');
  return operations.toSorted((left, right) => deletes(left) - deletes(right));
}

function urlOf(
  { path, parameters }: Operation,
  inPath: readonly (string | null)[],
  inQuery: readonly string[],
  known: Readonly<Record<string, string>>,
): string {
  let turn = 0;
  const filled = path.replace(/\{(\w+)\}/g, (_all, name: string) => {
    const text = inPath[turn++ % inPath.length];
    return encoded(text === null || text === undefined ? (known[name] ?? 'none') : text) || '%20';
  });
  const query = parameters
    .filter((parameter) => parameter.in === 'query')
    .map(({ name }, index) => `${name}=${encoded(inQuery[index] ?? '')}`)
    .filter((_pair, index) => (inQuery[index]?.length ?? 0) % 2 === 0);
  return query.length === 0 ? filled : `${filled}?${query.join('&')}`;
}

/** Halves of characters cannot be in a URL. */
function encoded(text: string): string {
  return encodeURIComponent(Buffer.from(text).toString());
}

/** The example with ids that somebody has. */
function withKnown(example: Json, known: Readonly<Record<string, string>>): Json {
  const text = JSON.stringify(example)
    .replaceAll(exampleIds.user, known['userId'] ?? '')
    .replaceAll(exampleIds.group, known['groupId'] ?? '')
    .replaceAll(exampleIds.app, known['appId'] ?? '');
  return JSON.parse(text) as Json;
}

/** The ways, as `changed` goes them, to a new key in each object of a body. */
function objectsIn(body: Json, way: readonly number[] = []): number[][] {
  if (typeof body !== 'object' || body === null) return [];
  const inner = Object.values(body).flatMap((value: Json, index) => objectsIn(value, [...way, index]));
  return Array.isArray(body) ? inner : [[...way, Object.keys(body).length], ...inner];
}

/** The body with something else at one place; each number chooses a branch on the way down. */
function changed(body: Json, [choice, ...way]: readonly number[], value: Json): Json {
  if (choice === undefined || typeof body !== 'object' || body === null) return value;
  if (Array.isArray(body))
    return body.map((item: Json, index) => (index === choice ? changed(item, way, value) : item));
  const keys = Object.keys(body);
  const key = keys[choice % (keys.length + 1)];
  if (key === undefined) return { ...body, surprise: value };
  return { ...body, [key]: changed((body as JsonObject)[key] ?? null, way, value) };
}
