import { Type } from 'typebox';
import { CatalogEntrySchema } from '../../catalog/entry.ts';
import { linksWith, named } from '../openapi/answer-parts.ts';
import { ok, type OperationGroup } from '../openapi/operation.ts';

const count = Type.Integer({ minimum: 0 });

const { properties: entry } = CatalogEntrySchema;
const more = { features: Type.Array(Type.String()), _links: linksWith('self', 'guide', 'logo') };
const CatalogEntryAnswer = named('CatalogEntry', 'An app integration.', { ...entry, ...more });
const CatalogSummary = named('CatalogEntrySummary', 'An app integration, in short.', {
  key: entry.key,
  name: entry.name,
  description: entry.description,
  facets: entry.facets,
  protocol: entry.protocol,
  signOnModes: entry.signOnModes,
  connector: entry.connector,
  capabilities: entry.capabilities,
  authModes: entry.authModes,
  ...more,
});
const Counts = Type.Object({}, { additionalProperties: count });
const CatalogPage = named('CatalogPage', 'What a search of the catalog found.', {
  total: count,
  facetCounts: Type.Object({ collection: Counts, useCase: Counts, functionality: Counts, industry: Counts }),
  apps: Type.Array(CatalogSummary),
});
const facet = 'Only integrations with this value; may be given several times';

const parameters = { key: 'Key of the integration' };

export const catalogOperations: OperationGroup = {
  tag: 'Catalog',
  about: 'App integrations there are.',
  operations: {
    'GET /usher/v1/catalog/apps': {
      id: 'searchCatalog',
      summary: 'Search the catalog',
      parameters: {
        q: 'Words of the name or the description; typing errors are forgiven',
        protocol: 'What the app speaks: SCIM_2_0, REST or NONE',
        capability: 'Only integrations that can do this, e.g. `users.create`; may be given several times',
        'facet.collection': facet,
        'facet.useCase': facet,
        'facet.functionality': facet,
        'facet.industry': facet,
      },
      answers: ok(CatalogPage, 'What was found, and how many each facet value would show'),
    },
    'GET /usher/v1/catalog/apps/:key': {
      id: 'getCatalogEntry',
      summary: 'Get an app integration',
      parameters,
      answers: ok(CatalogEntryAnswer, 'The integration'),
    },
    'GET /usher/v1/catalog/apps/:key/guide': {
      id: 'getCatalogGuide',
      summary: 'Get the set-up guide of an integration',
      parameters,
      answers: { 200: { description: 'The guide', schema: Type.String(), mediaType: 'text/markdown' } },
    },
    'GET /usher/v1/catalog/apps/:key/logo': {
      id: 'getCatalogLogo',
      summary: 'Get the logo of an integration',
      parameters,
      answers: { 200: { description: 'The logo', schema: Type.String(), mediaType: 'image/svg+xml' } },
    },
  },
};
