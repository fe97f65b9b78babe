import { Button, Modal, Stack, Text } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { t } from '../text';
import { DialogButtons } from './dialog-buttons';
import { PreviewButton } from './preview';
import { ErrorNote } from './states';

interface Props {
  /** What the button says, before and in the question. */
  readonly label: string;
  readonly title: string;
  readonly consequence: ReactNode;
  readonly danger?: boolean;
  readonly size?: 'compact-sm' | 'sm';
  readonly accessibleLabel?: string;
  readonly onConfirm: () => Promise<unknown>;
  /** The change as a plan takes it: where it is given it can be looked at first. */
  readonly preview?: object;
}

/** A button that says what will happen before it does. The answer that something failed stays in sight. */
export function ConfirmButton(props: Props) {
  const { label, title, consequence, danger = false, size = 'sm' } = props;
  const [opened, setOpened] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const confirm = async () => {
    setBusy(true);
    setError(undefined);
    try {
      await props.onConfirm();
      setOpened(false);
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Button
        size={size}
        variant="default"
        {...(danger ? { c: 'var(--u-bad)' } : {})}
        aria-label={props.accessibleLabel ?? label}
        onClick={() => setOpened(true)}
      >
        {label}
      </Button>
      <Modal
        opened={opened}
        onClose={() => setOpened(false)}
        title={title}
        closeButtonProps={{ 'aria-label': t.common.close }}
      >
        <Stack>
          <Text size="sm" component="div">
            {consequence}
          </Text>
          <ErrorNote error={error} />
          <DialogButtons onCancel={() => setOpened(false)}>
            {props.preview !== undefined && <PreviewButton change={props.preview} onError={setError} />}
            <Button loading={busy} {...(danger ? { color: '#b3261e' } : {})} onClick={() => void confirm()}>
              {label}
            </Button>
          </DialogButtons>
        </Stack>
      </Modal>
    </>
  );
}
