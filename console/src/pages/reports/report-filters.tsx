import { Button, Group, SegmentedControl, Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { get, type Schemas } from '../../api/client';
import { useAddress } from '../../parts/address';
import { MomentField } from '../../parts/moment-field';
import { t } from '../../text';
import { wordOf } from './cells';

type Report = Schemas['Report'];

const words = t.reports;
const rangeDays = { '7d': 7, '30d': 30, '90d': 90, '365d': 365 } as const;
type Range = keyof typeof rangeDays;

/** What the API is asked for: what the report can be asked, as the address says. */
export type Selection = Readonly<Partial<Record<Report['filters'][number], string>>>;

export function useSelection({ filters }: Report): Selection {
  const { get: at } = useAddress();
  const range = rangeOf(at('range'));
  const [begun, setBegun] = useState(() => ({ range, since: daysAgo(range) }));
  if (begun.range !== range) setBegun({ range, since: daysAgo(range) });
  const asked = {
    ...{ appId: at('app'), userId: at('person'), state: at('state') },
    ...{ since: at('since') ?? begun.since, until: at('until') },
  };
  return Object.fromEntries(filters.flatMap((name) => (asked[name] === null ? [] : [[name, asked[name]]])));
}

export function ReportFilters({ report }: { readonly report: Report }) {
  const { get: at, set } = useAddress();
  const { filters, states } = report;
  return (
    <Group p="md" align="flex-end">
      {filters.includes('appId') && <AppFilter />}
      {filters.includes('state') && (
        <Select
          w={220}
          label={words.stateLabel}
          placeholder={words.anyApp}
          clearable
          clearButtonProps={{ 'aria-label': t.common.clear }}
          data={states.map((value) => ({ value, label: wordOf({ ...t.syncState, ...words.states }, value) }))}
          value={at('state')}
          onChange={(value) => set('state', value)}
        />
      )}
      {filters.includes('since') && <Period />}
      {filters.includes('userId') && at('person') !== null && (
        <Button variant="default" onClick={() => set('person', null)}>
          {words.everybody}
        </Button>
      )}
    </Group>
  );
}

/** From the report of all applications: whoever may read reports need not be allowed to read applications. */
function AppFilter() {
  const { get: at, set } = useAddress();
  const { data = [] } = useQuery({
    queryKey: ['reports', 'apps'],
    queryFn: () => get('/usher/v1/reports/{name}', { path: { name: 'app-usage' }, query: { limit: 500 } }),
  });
  const appId = at('app');
  const apps = data.map((row) => ({ value: String(row['appId']), label: String(row['app']) }));
  const known = appId === null || apps.some(({ value }) => value === appId);
  return (
    <Select
      style={{ flex: '1 1 200px' }}
      label={words.app}
      placeholder={words.anyApp}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': t.common.clear }}
      data={known ? apps : [...apps, { value: appId, label: appId }]}
      value={appId}
      onChange={(value) => set('app', value)}
    />
  );
}

function Period() {
  const { get: at, setAll } = useAddress();
  const custom = at('since') !== null || at('until') !== null;
  return (
    <>
      <SegmentedControl
        size="xs"
        aria-label={words.period}
        value={custom ? '' : rangeOf(at('range'))}
        data={Object.entries(words.ranges).map(([value, label]) => ({ value, label }))}
        onChange={(range) => setAll({ range, since: null, until: null })}
      />
      <MomentField
        label={words.from}
        value={at('since') ?? undefined}
        onChange={(since) => setAll({ since, range: null })}
      />
      <MomentField
        label={words.until}
        value={at('until') ?? undefined}
        onChange={(until) => setAll({ until, range: null })}
      />
    </>
  );
}

function rangeOf(text: string | null): Range {
  return isRange(text) ? text : '90d';
}

function isRange(text: string | null): text is Range {
  return text !== null && Object.hasOwn(rangeDays, text);
}

function daysAgo(range: Range): string {
  return new Date(performance.timeOrigin + performance.now() - rangeDays[range] * 86_400_000).toISOString();
}
