import { MultiSelect, Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { get } from '../api/client';
import { t } from '../text';

export interface ChosenGroup {
  readonly id: string;
  readonly name: string;
}

interface Props {
  readonly label: string;
  readonly description?: string;
  readonly disabled?: boolean;
}

/** One group, found by the server as its name is typed. */
export function GroupSelect(
  props: Props & {
    readonly chosen: ChosenGroup | undefined;
    readonly onChoose: (group: ChosenGroup | undefined) => void;
  },
) {
  const { chosen, onChoose, ...rest } = props;
  const [text, setText] = useState('');
  const data = optionsOf(
    useFound(text === chosen?.name ? '' : text, ['OKTA_GROUP', 'BUILT_IN']),
    chosen === undefined ? [] : [chosen],
  );
  return (
    <Select
      {...rest}
      required
      searchable
      placeholder={t.pushGroups.choose}
      // The server has searched.
      filter={({ options }) => options}
      data={data}
      value={chosen?.id ?? null}
      onChange={(id, option) => onChoose(id === null || option === null ? undefined : { id, name: option.label })}
      onSearchChange={setText}
    />
  );
}

/** Some of the groups people can be put into, found the same way. */
export function GroupsSelect(
  props: Props & {
    readonly chosen: readonly ChosenGroup[];
    readonly onChoose: (groups: readonly ChosenGroup[]) => void;
  },
) {
  const { chosen, onChoose, ...rest } = props;
  const [text, setText] = useState('');
  const data = optionsOf(useFound(text, ['OKTA_GROUP']), chosen);
  return (
    <MultiSelect
      {...rest}
      searchable
      hidePickedOptions
      placeholder={t.pushGroups.choose}
      filter={({ options }) => options}
      data={data}
      value={chosen.map(({ id }) => id)}
      onChange={(ids) =>
        onChoose(
          data.filter(({ value }) => ids.includes(value)).map(({ value, label }) => ({ id: value, name: label })),
        )
      }
      searchValue={text}
      onSearchChange={setText}
    />
  );
}

function useFound(text: string, types: readonly string[]): readonly ChosenGroup[] {
  const [q] = useDebouncedValue(text.trim(), 200);
  const { data = [] } = useQuery({
    queryKey: ['pick', 'group-select', q],
    queryFn: () => get('/api/v1/groups', { query: { q, limit: 20 } }),
    placeholderData: keepPreviousData,
  });
  return data
    .filter(({ type }) => types.includes(type))
    .map(({ id, profile }) => ({ id, name: String(profile['name']) }));
}

/** What is found, and before it what is chosen and not among that. */
function optionsOf(found: readonly ChosenGroup[], chosen: readonly ChosenGroup[]) {
  const missing = chosen.filter(({ id }) => found.every((group) => group.id !== id));
  return [...missing, ...found].map(({ id, name }) => ({ value: id, label: name }));
}
