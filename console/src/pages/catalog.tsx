import { Button, Checkbox, Group, Stack, Text } from '@mantine/core';
import { useDebouncedValue, useMediaQuery } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link, useSearchParams } from 'react-router';
import { get, type Schemas } from '../api/client';
import { useMay } from '../frame/session';
import { AddressField } from '../parts/address-field';
import { Logo } from '../parts/app-logo';
import { Card, PageBody } from '../parts/page';
import { Empty, ErrorNote, Waiting } from '../parts/states';
import { t } from '../text';

const capabilities = ['users.create', 'users.update', 'users.deactivate', 'users.read', 'groups.create'] as const;

/** What to filter by is in the address: a search can be sent to somebody, and the back button undoes a step. */
export function CatalogPage() {
  const may = useMay();
  const [params, setParams] = useSearchParams();
  const q = params.get('q') ?? '';
  const [text] = useDebouncedValue(q, 150);
  const chosen = params.getAll('functionality');
  const wanted = params.getAll('capability');
  const { data, error, refetch } = useQuery({
    queryKey: ['catalog', text, chosen, wanted],
    queryFn: () =>
      get('/usher/v1/catalog/apps', {
        query: { q: text, limit: 200, capability: wanted, 'facet.functionality': chosen },
      }),
    placeholderData: keepPreviousData,
  });
  const setChosen = (name: string, values: readonly string[]) =>
    setParams((now) => {
      now.delete(name);
      for (const value of values) now.append(name, value);
      return now;
    });
  const facets = Object.entries(data?.facetCounts.functionality ?? {}).sort(([a], [b]) => a.localeCompare(b));
  return (
    <PageBody title={t.catalog.title} above={[{ to: '/admin/applications', label: t.apps.title }]}>
      <AddressField name="q" type="search" size="md" mb="lg" label={t.catalog.search} autoFocus />
      <div style={{ display: 'flex', flexWrap: 'wrap', gap: 24, alignItems: 'flex-start' }}>
        <Filters count={wanted.length + chosen.length}>
          <Card title={t.catalog.can}>
            <Checkbox.Group value={wanted} onChange={(values) => setChosen('capability', values)}>
              <Stack gap="xs">
                {capabilities.map((name) => (
                  <Checkbox key={name} value={name} label={t.capabilities[name]} />
                ))}
              </Stack>
            </Checkbox.Group>
          </Card>
          <Card title={t.catalog.category}>
            <Checkbox.Group value={chosen} onChange={(values) => setChosen('functionality', values)}>
              <Stack gap="xs">
                {facets.map(([name, count]) => (
                  <Checkbox key={name} value={name} label={`${name} (${count})`} />
                ))}
              </Stack>
            </Checkbox.Group>
          </Card>
        </Filters>
        <div style={{ flex: '1 1 420px', minWidth: 0 }}>
          <ErrorNote error={error} retry={() => void refetch()} />
          {data === undefined && error === null && <Waiting />}
          <Text role="status" size="sm" mb="sm" c="var(--mantine-color-dimmed)">
            {data !== undefined && t.catalog.found(data.total)}
          </Text>
          {data?.apps.length === 0 && (
            <Empty what={t.catalog.nothing}>
              {may('connections.manage') && (
                <Button component={Link} to={`/admin/applications/new?label=${encodeURIComponent(q.trim())}`}>
                  {t.wizard.createNamed(q.trim())}
                </Button>
              )}
            </Empty>
          )}
          <ul className="u-grid" data-wide>
            {data?.apps.map((entry) => (
              <li key={entry.key}>
                <Entry entry={entry} />
              </li>
            ))}
          </ul>
        </div>
      </div>
    </PageBody>
  );
}

/** Beside what they filter; on a narrow screen folded above it, so that the integrations come first. */
function Filters({ count, children }: { readonly count: number; readonly children: ReactNode }) {
  const isWide = useMediaQuery('(min-width: 48em)', true, { getInitialValueInEffect: false });
  if (isWide) return <div style={{ flex: '0 1 220px', minWidth: 200 }}>{children}</div>;
  return (
    <details className="u-details" style={{ flex: '1 1 100%' }}>
      <summary>{t.catalog.filters(count)}</summary>
      {children}
    </details>
  );
}

function Entry({ entry }: { readonly entry: Schemas['CatalogEntrySummary'] }) {
  return (
    <Link className="u-surface u-card-link" to={`/admin/applications/catalog/${entry.key}`}>
      <Group wrap="nowrap" mb="xs">
        <Logo src={`/usher/v1/catalog/apps/${entry.key}/logo`} name={entry.name} size={42} />
        <Text fw={650}>{entry.name}</Text>
      </Group>
      <Text size="sm" c="var(--mantine-color-dimmed)" mb="sm" lineClamp={2}>
        {entry.description}
      </Text>
      <Group gap={6}>
        {entry.connector === null ? (
          <span className="u-chip">{entry.protocol === 'NONE' ? t.catalog.linkOnly : t.catalog.notYet}</span>
        ) : (
          (['create', 'update', 'deactivate'] as const)
            .filter((name) => entry.capabilities.users[name])
            .map((name) => (
              <span className="u-chip" key={name}>
                {t.capabilities[`users.${name}`]}
              </span>
            ))
        )}
      </Group>
    </Link>
  );
}
