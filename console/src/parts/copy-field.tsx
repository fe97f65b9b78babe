import { Button, CopyButton, Group, TextInput } from '@mantine/core';
import { t } from '../text';

interface Props {
  readonly label: string;
  readonly value: string;
}

/** Text to take elsewhere. It can be marked, too: browsers copy for a page only where it came over HTTPS. */
export function CopyField({ label, value }: Props) {
  return (
    <Group align="flex-end" gap="xs" wrap="nowrap">
      <TextInput
        style={{ flex: 1, minWidth: 0 }}
        classNames={{ input: 'u-mono' }}
        label={label}
        readOnly
        value={value}
        onFocus={(event) => event.currentTarget.select()}
      />
      <CopyButton value={value} timeout={3_000}>
        {({ copied, copy }) => (
          <Button variant="default" onClick={copy}>
            {copied ? t.settings.copied : t.settings.copy}
          </Button>
        )}
      </CopyButton>
    </Group>
  );
}
