import { Select, type OptionsFilter, type SelectProps } from '@mantine/core';

interface Choice {
  readonly value: string;
  readonly label: string;
}

interface Props extends Omit<SelectProps, 'data' | 'filter' | 'searchable' | 'nothingFoundMessage'> {
  readonly data: readonly Choice[];
  /** What stands in the list when nothing fits what was typed. */
  readonly nothing: string;
  /** True where the server has searched, so that all of `data` fits. */
  readonly isSearched?: boolean;
}

/**
 * A select that is searched. When nothing fits, the list says so as an option that cannot be chosen: a list box
 * without options, as Mantine's own message makes it, is none to a screen reader.
 */
export function SearchSelect({ data, nothing, isSearched = false, ...rest }: Props) {
  const filter: OptionsFilter = ({ search }) => {
    const wanted = search.trim().toLowerCase();
    const fitting = data.filter(({ label }) => isSearched || label.toLowerCase().includes(wanted));
    return fitting.length > 0 ? [...fitting] : [{ value: '', label: nothing, disabled: true }];
  };
  return <Select searchable data={[...data]} filter={filter} {...rest} />;
}
