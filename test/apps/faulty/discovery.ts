import type { Behaviour } from './behaviour.ts';
import { listReply, refuse, type Reply } from './reply.ts';
import { enterpriseUrn } from './users.ts';

/** Answers the discovery endpoints, or undefined when `path` is none of them. */
export function discover(path: string, behaviour: Behaviour): Reply | undefined {
  const answer = {
    '/ServiceProviderConfig': () => ({ status: 200, body: JSON.stringify(serviceProviderConfig(behaviour)) }),
    '/ResourceTypes': () => listReply(resourceTypes, resourceTypes.length, 1),
    '/Schemas': () => listReply(schemas, schemas.length, 1),
  }[path];
  if (!answer) return undefined;
  if (behaviour.discovery !== 'full') throw refuse(Number(behaviour.discovery), 'No discovery here');
  return answer();
}

function serviceProviderConfig(behaviour: Behaviour): object {
  return {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig'],
    patch: { supported: behaviour.patch === 'works' },
    bulk: { supported: behaviour.bulk !== 'none', maxOperations: behaviour.bulkMax, maxPayloadSize: 1_048_576 },
    filter: { supported: true, maxResults: behaviour.pageMax },
    changePassword: { supported: false },
    sort: { supported: false },
    etag: { supported: behaviour.etag === 'real' },
    authenticationSchemes: [],
  };
}

const resourceTypes = [
  {
    id: 'User',
    name: 'User',
    endpoint: '/Users',
    schema: 'urn:ietf:params:scim:schemas:core:2.0:User',
    schemaExtensions: [{ schema: enterpriseUrn, required: false }],
  },
  { id: 'Group', name: 'Group', endpoint: '/Groups', schema: 'urn:ietf:params:scim:schemas:core:2.0:Group' },
];

const text = (name: string, more: object = {}): object => ({
  name,
  type: 'string',
  multiValued: false,
  required: false,
  mutability: 'readWrite',
  ...more,
});

const schemas = [
  {
    id: 'urn:ietf:params:scim:schemas:core:2.0:User',
    name: 'User',
    attributes: [
      text('userName', { required: true, uniqueness: 'server' }),
      { name: 'name', type: 'complex', multiValued: false, subAttributes: [text('givenName'), text('familyName')] },
      text('displayName', { description: 'Name shown to others' }),
      { name: 'active', type: 'boolean', multiValued: false },
      {
        name: 'emails',
        type: 'complex',
        multiValued: true,
        subAttributes: [
          text('value'),
          text('type', { canonicalValues: ['work', 'home'] }),
          { name: 'primary', type: 'boolean' },
        ],
      },
      { name: 'badge', type: 'integer', multiValued: false, mutability: 'readOnly' },
      { name: 'tags', type: 'string', multiValued: true },
    ],
  },
  {
    id: enterpriseUrn,
    name: 'EnterpriseUser',
    attributes: [
      text('department'),
      text('costCenter', { canonicalValues: ['A', 'B'] }),
      { name: 'manager', type: 'complex', multiValued: false, subAttributes: [text('value'), text('displayName')] },
    ],
  },
];
