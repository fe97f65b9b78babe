import { TextInput } from '@mantine/core';
import { useState } from 'react';

interface Props {
  readonly label: string;
  /** As ISO; undefined leaves it empty. */
  readonly value: string | undefined;
  readonly onChange: (iso: string) => void;
}

/**
 * A date and a time, in the time zone of whoever looks. What is typed part by part is no moment in between, so it is
 * taken when the field is left or Enter is pressed.
 */
export function MomentField({ label, value, onChange }: Props) {
  const given = localOf(value);
  const [typed, setTyped] = useState<string>();
  const take = () => {
    setTyped(undefined);
    const moment = new Date(typed ?? '');
    if (!Number.isNaN(moment.getTime()) && moment.getFullYear() >= 1970 && typed !== given) {
      onChange(moment.toISOString());
    }
  };
  return (
    <TextInput
      type="datetime-local"
      step={1}
      label={label}
      value={typed ?? given}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onBlur={take}
      onKeyDown={(event) => event.key === 'Enter' && take()}
    />
  );
}

/** As the field takes it, to the second. */
function localOf(iso: string | undefined): string {
  const moment = new Date(iso ?? '');
  if (Number.isNaN(moment.getTime())) return '';
  return new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}
