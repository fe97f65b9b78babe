import { Button, Group, Modal, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { send } from '../api/client';
import { useChange } from '../parts/said';
import { ErrorNote } from '../parts/states';
import { t } from '../text';

/** Asks why, and leaves the task alone. */
export function IgnoreButton({ taskId }: { readonly taskId: string }) {
  const [opened, setOpened] = useState(false);
  const [reason, setReason] = useState('');
  const ignore = useChange(
    () => send('post', '/usher/v1/tasks/{taskId}/ignore', { path: { taskId }, body: { reason } }),
    t.tasks.ignored,
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    ignore.mutate(undefined, { onSuccess: () => setOpened(false) });
  };
  return (
    <>
      <Button variant="default" onClick={() => setOpened(true)}>
        {t.tasks.ignore}
      </Button>
      <Dialog opened={opened} onClose={() => setOpened(false)} title={t.tasks.ignoreTitle}>
        <form onSubmit={submit}>
          <Stack>
            <Text size="sm">{t.tasks.ignoreWhat}</Text>
            <ErrorNote error={ignore.error} />
            <Textarea
              label={t.tasks.reason}
              required
              maxLength={1_000}
              autosize
              minRows={2}
              value={reason}
              onChange={(event) => setReason(event.currentTarget.value)}
            />
            <Group justify="flex-end">
              <Button type="submit" loading={ignore.isPending} disabled={reason.trim() === ''}>
                {t.tasks.ignore}
              </Button>
            </Group>
          </Stack>
        </form>
      </Dialog>
    </>
  );
}

interface CompleteProps {
  readonly taskId: string;
  readonly label: string;
  readonly accessibleLabel?: string;
  readonly compact?: boolean;
  /** Without it everybody the task concerns. */
  readonly userId?: string;
  readonly people: number;
}

/** Asks what was done by hand. */
export function CompleteButton({ taskId, label, accessibleLabel, compact = false, userId, people }: CompleteProps) {
  const [opened, setOpened] = useState(false);
  const [text, setText] = useState('');
  const [link, setLink] = useState('');
  const complete = useChange(() => {
    const whom = userId === undefined ? { all: true } : { userIds: [userId] };
    const evidence = { text, ...(link.trim() === '' ? {} : { link: link.trim() }) };
    return send('post', '/usher/v1/tasks/{taskId}/complete', { path: { taskId }, body: { ...whom, evidence } });
  }, t.tasks.completed);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    complete.mutate(undefined, { onSuccess: () => setOpened(false) });
  };
  return (
    <>
      <Button
        variant={compact ? 'default' : 'filled'}
        size={compact ? 'compact-sm' : 'sm'}
        aria-label={accessibleLabel ?? label}
        onClick={() => setOpened(true)}
      >
        {label}
      </Button>
      <Dialog opened={opened} onClose={() => setOpened(false)} title={t.tasks.completeTitle}>
        <form onSubmit={submit}>
          <Stack>
            <Text size="sm">{t.tasks.completeWhat(people)}</Text>
            <ErrorNote error={complete.error} />
            <Textarea
              label={t.tasks.evidence}
              required
              maxLength={2_000}
              autosize
              minRows={2}
              value={text}
              onChange={(event) => setText(event.currentTarget.value)}
            />
            <TextInput
              label={t.tasks.evidenceLink}
              type="url"
              value={link}
              onChange={(event) => setLink(event.currentTarget.value)}
            />
            <Group justify="flex-end">
              <Button type="submit" loading={complete.isPending} disabled={text.trim() === ''}>
                {t.tasks.complete}
              </Button>
            </Group>
          </Stack>
        </form>
      </Dialog>
    </>
  );
}

function Dialog(props: {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly children: React.ReactNode;
}) {
  return (
    <Modal {...props} closeButtonProps={{ 'aria-label': t.common.close }}>
      {props.children}
    </Modal>
  );
}
