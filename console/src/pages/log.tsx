import { Button, Collapse, Group, Menu, Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { addressOf } from '../api/client';
import { useAddress, type Address } from '../parts/address';
import { AddressField } from '../parts/address-field';
import { EventDetail } from '../parts/event-detail';
import { EventList } from '../parts/event-list';
import { useList } from '../parts/list';
import { isLogRange, outcomes, sinceOf, useLogCounts } from '../parts/log-counts';
import { LogHistogram } from '../parts/log-histogram';
import { PageBody } from '../parts/page';
import { t } from '../text';

const words = t.log;
const conditionNames = ['outcome', 'actor', 'target', 'filter'] as const;

/** Okta's System Log: what was searched for and how is in the address, to be sent to others. */
export function LogPage() {
  const address = useAddress();
  const { get, set, setAll } = address;
  const live = get('live') === '1';
  const range = useRange(address);
  const asked = useAsked(address);
  const untyped = { ...range, q: asked.q, filter: filterOf(asked, null) };
  const selection = { ...untyped, filter: filterOf(asked, get('type')) };
  const list = useList('/api/v1/logs', { query: { sortOrder: 'DESCENDING', ...selection } }, { live });
  const types = useLogCounts(untyped, { buckets: 2, live: false }).data?.types ?? [];
  const queries = useQueryClient();
  const follow = () => {
    set('live', live ? null : '1');
    // What came while nobody followed.
    if (!live) void queries.invalidateQueries({ predicate: ({ meta }) => meta?.['live'] === false });
  };
  const isFiltered = ['q', 'type', ...conditionNames].some((name) => get(name) !== null);
  return (
    <PageBody
      title={words.title}
      actions={
        <>
          <ExportMenu selection={selection} />
          <Button variant="default" aria-pressed={live} onClick={follow}>
            {live ? words.stopFollowing : words.follow}
          </Button>
        </>
      }
    >
      <LogHistogram selection={selection} live={live} silent={list.error !== null} />
      <div className="u-surface">
        <Group p="md" align="flex-end">
          <AddressField name="q" style={{ flex: 2, minWidth: 180 }} type="search" label={words.searchWhat} />
          <Select
            style={{ flex: 2, minWidth: 180 }}
            label={words.type}
            placeholder={words.any}
            {...clearable}
            searchable
            data={typeChoices(types, get('type'))}
            value={get('type')}
            onChange={(value) => set('type', value)}
          />
          <Select
            w={140}
            label={words.outcome}
            placeholder={words.any}
            {...clearable}
            data={outcomes.map(({ key, label }) => ({ value: key, label }))}
            value={get('outcome')}
            onChange={(value) => set('outcome', value)}
          />
          <MoreFilters address={address} />
          {isFiltered && (
            <Button
              variant="subtle"
              onClick={() => setAll(Object.fromEntries(['q', 'type', ...conditionNames].map((name) => [name, null])))}
            >
              {words.clearFilters}
            </Button>
          )}
        </Group>
        <EventList list={list} onOpen={(event) => set('event', event.uuid)} />
      </div>
      <EventDetail known={list.items ?? []} />
    </PageBody>
  );
}

const clearable = { clearable: true, clearButtonProps: { 'aria-label': t.common.clear } } as const;

/** Opened by itself where one of them is in use. */
function MoreFilters({ address: { get } }: { readonly address: Address }) {
  const used = (['actor', 'target', 'filter'] as const).some((name) => get(name) !== null);
  const [opened, setOpened] = useState(used);
  return (
    <>
      <Button variant="default" aria-expanded={opened} onClick={() => setOpened(!opened)}>
        {opened ? words.fewerFilters : words.moreFilters}
      </Button>
      <Collapse expanded={opened} w="100%">
        <Group align="flex-end">
          <AddressField name="actor" style={field} label={words.actor} placeholder={words.actorWhat} />
          <AddressField name="target" style={field} label={words.target} placeholder={words.actorWhat} />
          <AddressField name="filter" style={field} label={words.filter} placeholder={words.filterExample} />
        </Group>
      </Collapse>
    </>
  );
}

const field = { flex: 1, minWidth: 200 } as const;

function ExportMenu({ selection }: { readonly selection: Readonly<Record<string, string | undefined>> }) {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default">{words.export}</Button>
      </Menu.Target>
      <Menu.Dropdown>
        {(['csv', 'ndjson'] as const).map((format) => (
          <Menu.Item
            key={format}
            component="a"
            download
            href={addressOf(`/usher/v1/logs/${format}`, { query: selection })}
          >
            {format === 'csv' ? words.exportCsv : words.exportNdjson}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

/** From a moment to another, or so long before now; seven days where nothing is said. */
function useRange({ get }: Address): { readonly since: string; readonly until?: string } {
  const asked = get('range');
  const range = isLogRange(asked) ? asked : '7d';
  const [begun, setBegun] = useState(() => ({ range, since: sinceOf(range) }));
  if (begun.range !== range) setBegun({ range, since: sinceOf(range) });
  const until = get('until');
  return { since: get('since') ?? begun.since, ...(until === null ? {} : { until }) };
}

interface Asked {
  readonly q: string;
  readonly outcome: string;
  readonly actor: string;
  readonly target: string;
  readonly filter: string;
}

/** What is asked for, once whoever types has stopped. */
function useAsked({ get }: Address): Asked {
  const [q, outcome, actor, target, filter] = ['q', ...conditionNames].map((name) => get(name)?.trim() ?? '');
  const text = JSON.stringify({ q, outcome, actor, target, filter });
  const [asked] = useDebouncedValue(text, 300);
  const parsed: Asked = JSON.parse(asked);
  return parsed;
}

function filterOf({ outcome, actor, target, filter }: Asked, type: string | null): string {
  const quoted = (text: string) => JSON.stringify(text);
  const named = (party: string, text: string) =>
    `(${party}.id eq ${quoted(text)} or ${party}.alternateId co ${quoted(text)} or ${party}.displayName co ${quoted(text)})`;
  return [
    ...(outcome === '' ? [] : [`outcome.result eq ${quoted(outcome)}`]),
    ...(type === null ? [] : [`eventType eq ${quoted(type)}`]),
    ...(actor === '' ? [] : [named('actor', actor)]),
    ...(target === '' ? [] : [named('target', target)]),
    ...(filter === '' ? [] : [`(${filter})`]),
  ].join(' and ');
}

/** Those there are events of, and the chosen one though there is none. */
function typeChoices(
  types: readonly { eventType: string; displayMessage: string; SUCCESS: number; FAILURE: number }[],
  chosen: string | null,
) {
  const choices = types.map((type) => ({ value: type.eventType, label: `${type.displayMessage} · ${type.eventType}` }));
  if (chosen === null || choices.some(({ value }) => value === chosen)) return choices;
  return [...choices, { value: chosen, label: chosen }];
}
