import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { get } from '../../api/client';
import { nameOf } from '../../parts/person';
import { t } from '../../text';

interface Option {
  readonly value: string;
  readonly label: string;
}

interface Props {
  readonly userId: string | null;
  readonly onChoose: (userId: string | null) => void;
}

/** For whom values are shown; nobody chosen is somebody of the directory. */
export function SamplePerson({ userId, onChoose }: Props) {
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState<Option>();
  const [q] = useDebouncedValue(text === chosen?.label ? '' : text.trim(), 200);
  const { data = [] } = useQuery({
    queryKey: ['pick', 'sample', q],
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
      mb="md"
      maw={380}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': t.common.clear }}
      label={t.wizard.sample}
      placeholder={t.wizard.sampleChoose}
      nothingFoundMessage={t.people.nothing}
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
