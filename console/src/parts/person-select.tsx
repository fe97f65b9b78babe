import type { SelectProps } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { get, type Schemas } from '../api/client';
import { t } from '../text';
import { nameOf } from './person';
import { SearchSelect } from './search-select';

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

export const peopleFoundQuery = (q: string) => ({
  queryKey: ['pick', 'person', q],
  queryFn: () => get('/api/v1/users', { query: { q, limit: 20 } }),
});

/** One person, found by the server as their name is typed. */
export function PersonSelect({ userId, onChoose, ...rest }: Props) {
  const [text, setText] = useState('');
  const [picked, setPicked] = useState<Option>();
  const { data: person } = useQuery({
    queryKey: ['pick', 'chosen', userId],
    queryFn: () => get('/api/v1/users/{userId}', { path: { userId: userId ?? '' } }),
    // Who was chosen elsewhere is known by id alone.
    enabled: userId !== null && picked === undefined,
  });
  const chosen = picked ?? (userId === null || person === undefined ? undefined : optionOf(person));
  const [q] = useDebouncedValue(text === chosen?.label ? '' : text.trim(), 200);
  const { data = [] } = useQuery({ ...peopleFoundQuery(q), placeholderData: keepPreviousData });
  const found = data.map(optionOf);
  const isFound = chosen === undefined || found.some(({ value }) => value === chosen.value);
  return (
    <SearchSelect
      {...rest}
      nothing={t.people.nothing}
      isSearched
      clearButtonProps={{ 'aria-label': t.common.clear }}
      data={isFound ? found : [chosen, ...found]}
      value={userId}
      onChange={(value, option) => {
        setPicked(option ?? undefined);
        onChoose(value);
      }}
      onSearchChange={setText}
    />
  );
}

function optionOf({ id, profile }: Pick<Schemas['User'], 'id' | 'profile'>): Option {
  return { value: id, label: `${nameOf(profile)} (${String(profile['login'])})` };
}
