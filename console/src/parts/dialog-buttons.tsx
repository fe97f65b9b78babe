import { Button, Group } from '@mantine/core';
import type { ReactNode } from 'react';
import { t } from '../text';

interface Props {
  onCancel(): void;
  /** The button that does it. */
  readonly children: ReactNode;
}

/** The last line of a dialog. */
export function DialogButtons({ onCancel, children }: Props) {
  return (
    <Group justify="flex-end">
      <Button variant="default" onClick={onCancel}>
        {t.common.cancel}
      </Button>
      {children}
    </Group>
  );
}
