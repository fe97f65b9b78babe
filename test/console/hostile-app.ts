import { startFaultyApp, type FaultyApp, type Fault } from '../apps/faulty-app.ts';
import { succeeded, type UsherProcess } from '../usher-process.ts';

/** An app that answers with these texts wherever the protocol has room for words: names, schemas, ids and errors. */
export async function startHostileApp(strings: readonly string[]): Promise<FaultyApp> {
  const app = await startFaultyApp();
  const accounts = strings.map((string, index) => ({
    ...{ id: string, userName: string, displayName: string, externalId: string, active: true },
    name: { givenName: string, familyName: string },
    emails: [{ value: `${string}@${index}`, type: string }],
  }));
  app.seed(accounts);
  app.fail(
    answer('GET /ServiceProviderConfig', 200, {
      ...{ documentationUri: strings[11], patch: { supported: true }, filter: { supported: true } },
      authenticationSchemes: strings.map((name) => ({ type: name, name, description: name, specUri: name })),
    }),
    answer('GET /Schemas', 200, list([userSchema(strings)])),
    answer('GET /ResourceTypes', 200, list([{ id: 'User', name: strings[0], endpoint: '/Users', schema: userUrn }])),
    ...strings.map((detail) => ({ ...answer('POST /Users', 400, refusal(detail)), times: 1 })),
    ...strings.map((detail) => ({ ...answer('GET /Users/', 404, refusal(detail)), times: 1 })),
    answer('GET /Groups', 500, refusal(strings.join(' '))),
  );
  return app;
}

/** A wizard that has asked the app everything; its id. The report holds what the app said. */
export async function probe(usher: UsherProcess, app: FaultyApp, token: string): Promise<string> {
  const call = async (method: 'POST' | 'PUT', path: string, body?: object) =>
    succeeded(await usher.call(method, path, body === undefined ? undefined : { ...body }));
  const id = String((await call('POST', '/usher/v1/wizards', { label: 'Hostile' }))['id']);
  const path = `/usher/v1/wizards/${id}`;
  const settings = { baseUrl: app.url, auth: { scheme: 'bearer', token } };
  await call('PUT', `${path}/connection`, { settings });
  await call('POST', `${path}/probe`, { allowWrites: true });
  for (const step of ['capabilities', 'schema', 'mappings']) await call('PUT', `${path}/${step}`);
  await call('POST', `${path}/match`);
  return id;
}

const userUrn = 'urn:ietf:params:scim:schemas:core:2.0:User';

/** What the protocol asks for, and an attribute of each text. */
function userSchema(strings: readonly string[]) {
  const text = (name: string, more: object = {}) => ({ name, type: 'string', multiValued: false, ...more });
  return {
    ...{ id: userUrn, name: strings[0], description: strings.join(' ') },
    attributes: [
      text('userName', { required: true }),
      { name: 'name', type: 'complex', subAttributes: [text('givenName'), text('familyName')] },
      { name: 'active', type: 'boolean' },
      ...strings.map((string) => text(string, { description: string, canonicalValues: [string] })),
    ],
  };
}

function list(resources: readonly object[]) {
  const schemas = ['urn:ietf:params:scim:api:messages:2.0:ListResponse'];
  return {
    schemas,
    totalResults: resources.length,
    itemsPerPage: resources.length,
    startIndex: 1,
    Resources: resources,
  };
}

function refusal(detail: string) {
  return { schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'], status: '400', detail, scimType: detail };
}

function answer(on: string, status: number, body: object): Fault {
  return { on, times: 1_000, effect: 'before', status, body: JSON.stringify(body) };
}
