import { Select, type SelectProps } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { get } from '../api/client';
import { t } from '../text';
import { nameOf } from './person';

interface Option {
  readonly value: string;
  readonly label: string;
}

interface Props extends Pick<SelectProps, 'required' | 'clearable' | 'mb' | 'maw'> {
  readonly label: string;
  readonly placeholder: string;
  readonly userId: string | null;
  readonly onChoose: (userId: string | null) => void;
}

/** One person, found by the server as their name is typed. */
export function PersonSelect({ userId, onChoose, ...rest }: Props) {
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState<Option>();
  const [q] = useDebouncedValue(text === chosen?.label ? '' : text.trim(), 200);
  const { data = [] } = useQuery({
    queryKey: ['pick', 'person', q],
    queryFn: () => get('/api/v1/users', { query: { q, limit: 20 } }),
    placeholderData: keepPreviousData,
  });
  const found = data.map(({ id, profile }) => ({
    value: id,
    label: `${nameOf(profile)} (${String(profile['login'])})`,
  }));
  const isFound = chosen === undefined || found.some(({ value }) => value === chosen.value);
  return (
    <Select
      {...rest}
      searchable
      clearButtonProps={{ 'aria-label': t.common.clear }}
      // The server has searched.
      filter={({ options }) => options}
      data={isFound ? found : [chosen, ...found]}
      value={userId}
      onChange={(value, option) => {
        setChosen(option ?? undefined);
        onChoose(value);
      }}
      onSearchChange={setText}
    />
  );
}
