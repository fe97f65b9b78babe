import { Select } from '@mantine/core';
import { t } from '../text';

interface Props {
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** Whether a mapping counts once, when the account is made, or always. */
export function PushStatusSelect({ value, onChange }: Props) {
  return (
    <Select
      label={t.mappings.when}
      allowDeselect={false}
      data={(['PUSH', 'DONT_PUSH'] as const).map((status) => ({ value: status, label: t.mappings.pushStatus[status] }))}
      value={value}
      onChange={(status) => onChange(status ?? value)}
    />
  );
}
