import { Type } from 'typebox';
import type { Catalog } from '../../catalog/catalog.ts';
import { CatalogEntrySchema, type CatalogEntry } from '../../catalog/entry.ts';
import { featuresOf } from '../../catalog/features.ts';
import type { CatalogQuery } from '../../catalog/search.ts';
import { UsherError } from '../../lib/errors.ts';
import type { Api } from '../api.ts';
import { Text } from '../api/schema.ts';
import type { ServerDeps } from '../deps.ts';
import { baseOf } from '../links.ts';
import { may, open } from '../policy.ts';
import { defined, invalidValue, pageLimit } from '../query-values.ts';

const KeyParams = Type.Object({ key: Type.String() });
const Values = Type.Optional(Type.Union([Type.String(), Type.Array(Type.String())]));
const SearchQuery = Type.Object({
  q: Text,
  limit: Text,
  protocol: Text,
  capability: Values,
  'facet.collection': Values,
  'facet.useCase': Values,
  'facet.functionality': Values,
  'facet.industry': Values,
});

export function catalogRoutes(api: Api, deps: ServerDeps): void {
  const { catalog } = deps;
  api.get('/catalog/apps', { config: may('catalog.read'), schema: { querystring: SearchQuery } }, async (request) => {
    const limit = pageLimit(request.query.limit, { fallback: 50, most: 200 });
    const { entries, total, facetCounts } = catalog.search({ ...queryOf(request.query), limit });
    return { total, facetCounts, apps: entries.map((entry) => summaryOf(entry, baseOf(deps, request))) };
  });

  api.get('/catalog/apps/:key', { config: may('catalog.read'), schema: { params: KeyParams } }, async (request) => {
    const entry = requireEntry(catalog, request.params.key);
    return { ...entry, features: featuresOf(entry), _links: linksOf(entry, baseOf(deps, request)) };
  });

  api.get(
    '/catalog/apps/:key/guide',
    { config: may('catalog.read'), schema: { params: KeyParams } },
    async (request, reply) => {
      const { key } = requireEntry(catalog, request.params.key);
      return reply.header('content-type', 'text/markdown; charset=utf-8').send(catalog.guideOf(key));
    },
  );

  // Pages show it to people who have no token. Whatever is in a drawing, it may not do anything.
  api.get('/catalog/apps/:key/logo', { config: open, schema: { params: KeyParams } }, async (request, reply) => {
    const { key } = requireEntry(catalog, request.params.key);
    return reply
      .headers({
        'content-type': 'image/svg+xml',
        'content-security-policy': "sandbox; default-src 'none'; style-src 'unsafe-inline'",
        'cross-origin-resource-policy': 'cross-origin',
        'cache-control': 'public, max-age=86400',
      })
      .send(catalog.logoOf(key));
  });
}

function requireEntry(catalog: Catalog, key: string): CatalogEntry {
  const entry = catalog.get(key);
  if (entry !== undefined) return entry;
  throw new UsherError(
    'not_found',
    `The catalog has no integration "${key}". Search it with: usher catalog search <name>`,
  );
}

function summaryOf(entry: CatalogEntry, base: string) {
  const { key, name, description, facets, protocol, signOnModes, connector, capabilities, authModes } = entry;
  const shown = { key, name, description, facets, protocol, signOnModes, connector, capabilities, authModes };
  return { ...shown, features: featuresOf(entry), _links: linksOf(entry, base) };
}

function linksOf({ key }: CatalogEntry, base: string) {
  const self = `${base}/usher/v1/catalog/apps/${key}`;
  return { self: { href: self }, guide: { href: `${self}/guide` }, logo: { href: `${self}/logo` } };
}

const facetNames = ['collection', 'useCase', 'functionality', 'industry'] as const;

/** Facet values and capabilities nobody has find nothing; what is not one of the few protocols is a mistake. */
function queryOf(query: Type.Static<typeof SearchQuery>): CatalogQuery {
  const { properties } = CatalogEntrySchema;
  const protocol = properties.protocol.enum.find((candidate) => candidate === query.protocol);
  if (query.protocol !== undefined && protocol === undefined) {
    throw invalidValue('protocol', `must be one of ${properties.protocol.enum.join(', ')}`);
  }
  const facets = Object.fromEntries(
    facetNames.flatMap((name) => {
      const values = [query[`facet.${name}`] ?? []].flat();
      return values.length === 0 ? [] : [[name, values]];
    }),
  );
  const capabilities = [query.capability ?? []].flat().filter(isCapability);
  return defined({ text: query.q, protocol, facets, capabilities });
}

function isCapability(text: string): text is NonNullable<CatalogQuery['capabilities']>[number] {
  const { users, groups } = CatalogEntrySchema.properties.capabilities.properties;
  const [of, name = ''] = text.split('.');
  const known = of === 'users' ? users.properties : of === 'groups' ? groups.properties : {};
  if (Object.hasOwn(known, name)) return true;
  throw invalidValue('capability', `has no value ${text}; it must be one such as users.create or groups.update`);
}
