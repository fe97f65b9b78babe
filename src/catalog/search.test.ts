import { describe, expect, test } from 'vitest';
import { loadCatalog } from './catalog.ts';
import type { CatalogQuery } from './search.ts';

const catalog = await loadCatalog();

function keys(query: CatalogQuery): string[] {
  return catalog.search(query).entries.map((entry) => entry.key);
}

describe('by text', () => {
  test('no text lists everything alphabetically', () => {
    const names = catalog.search({ text: '  ' }).entries.map((entry) => entry.name);
    expect(names).toHaveLength(catalog.all().length);
    expect(names).toEqual(names.toSorted((left, right) => left.localeCompare(right, 'en')));
  });

  test.each([
    ['Slack', 'slack'],
    ['slakc', 'slack'],
    ['SLCK', 'slack'],
    ['atlasian', 'atlassian'],
    ['pagerdtuy', 'pagerduty'],
    ['snow', 'snowflake'],
    ['pager duty', 'pagerduty'],
    ['aws identity', 'amazon_aws_sso'],
    ['zoomus', 'zoomus'],
    ['gïthub managed', 'github_enterprise_managed_users'],
    ['whiteboard', 'miro'],
    ['jira', 'atlassian'],
  ])('"%s" finds %s first', (text, key) => {
    expect(keys({ text })[0]).toBe(key);
  });

  test('a name counts more than a description', () => {
    const found = keys({ text: 'github' });
    expect(found.slice(0, 2).toSorted()).toEqual(['github_enterprise_managed_users', 'github_organization']);
  });

  test('nonsense finds nothing', () => {
    expect(catalog.search({ text: 'qqqqqqqqqq' })).toMatchObject({ entries: [], total: 0 });
  });
});

describe('filters', () => {
  test('values of one facet widen, facets narrow', () => {
    const one = keys({ facets: { functionality: ['Incident Management'] } });
    const two = keys({ facets: { functionality: ['Incident Management', 'Monitoring'] } });
    const narrowed = keys({
      facets: { functionality: ['Incident Management', 'Monitoring'], collection: ['Popular'] },
    });
    expect(one).toEqual(['pagerduty']);
    expect(two).toEqual(['datadog', 'pagerduty', 'sentry']);
    expect(narrowed).toEqual(['datadog', 'pagerduty']);
  });

  test('all capabilities must be there', () => {
    const found = catalog.search({ capabilities: ['users.update', 'groups.link'] }).entries;
    expect(found.length).toBeGreaterThan(5);
    expect(found.every((entry) => entry.capabilities.users.update && entry.capabilities.groups.link)).toBe(true);
    expect(keys({ capabilities: ['users.update', 'groups.link'] })).not.toContain('sentry');
  });

  test('protocol', () => {
    expect(keys({ protocol: 'NONE' })).toEqual(['bookmark']);
  });

  test('limit cuts the list, not the total', () => {
    const result = catalog.search({ limit: 3 });
    expect(result.entries).toHaveLength(3);
    expect(result.total).toBe(catalog.all().length);
  });
});

describe('facet counts', () => {
  test('a count is what choosing the value would show', () => {
    const query: CatalogQuery = { facets: { collection: ['Popular'], functionality: ['Monitoring'] } };
    const { facetCounts } = catalog.search(query);
    expect(facetCounts.functionality['Design']).toBe(
      catalog.search({ facets: { collection: ['Popular'], functionality: ['Design'] } }).total,
    );
    expect(facetCounts.collection['Developer Favorites']).toBe(
      catalog.search({ facets: { collection: ['Developer Favorites'], functionality: ['Monitoring'] } }).total,
    );
  });

  test('text and limit: counted after the text, before the limit', () => {
    const { facetCounts, total } = catalog.search({ text: 'github', limit: 1 });
    expect(facetCounts.functionality['Developer Tools']).toBe(total);
  });
});
