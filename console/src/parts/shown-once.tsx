import { Button, Group, Stack, Text } from '@mantine/core';
import { t } from '../text';
import { CopyField } from './copy-field';

interface Props {
  readonly what: string;
  readonly label: string;
  readonly value: string;
  readonly onKept: () => void;
}

/** A secret that nobody can see again. A dialog it stands in is not to close by mistake. */
export function ShownOnce({ what, label, value, onKept }: Props) {
  return (
    <Stack>
      <div className="u-note" data-tone="warn">
        <Text size="sm">{what}</Text>
      </div>
      <CopyField label={label} value={value} />
      <Group justify="flex-end">
        <Button onClick={onKept}>{t.settings.kept}</Button>
      </Group>
    </Stack>
  );
}
