import { Button, Group, Modal, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useState, type FormEvent, type ReactNode } from 'react';
import { send } from '../api/client';
import { useChange } from '../parts/said';
import { ErrorNote } from '../parts/states';
import { useUnsaved } from '../parts/unsaved';
import { unsay } from '../parts/unsay';
import { t } from '../text';

/** Asks why, and leaves the task alone. */
export function IgnoreButton({ taskId }: { readonly taskId: string }) {
  const [opened, setOpened] = useState(false);
  return (
    <>
      <Button variant="default" onClick={() => setOpened(true)}>
        {t.tasks.ignore}
      </Button>
      {opened && <IgnoreDialog taskId={taskId} close={() => setOpened(false)} />}
    </>
  );
}

function IgnoreDialog({ taskId, close }: { readonly taskId: string; readonly close: () => void }) {
  const [reason, setReason] = useState('');
  const ignore = useChange(async () => {
    await send('post', '/usher/v1/tasks/{taskId}/ignore', { path: { taskId }, body: { reason } });
    close();
  }, t.tasks.ignored);
  return (
    <WordsDialog
      close={close}
      change={ignore}
      title={t.tasks.ignoreTitle}
      what={t.tasks.ignoreWhat}
      button={t.tasks.ignore}
      label={t.tasks.reason}
      max={1_000}
      words={reason}
      onWords={setReason}
    />
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
export function CompleteButton({ label, accessibleLabel, compact = false, ...rest }: CompleteProps) {
  const [opened, setOpened] = useState(false);
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
      {opened && <CompleteDialog {...rest} close={() => setOpened(false)} />}
    </>
  );
}

type CompletedProps = Pick<CompleteProps, 'taskId' | 'userId' | 'people'> & { readonly close: () => void };

function CompleteDialog({ taskId, userId, people, close }: CompletedProps) {
  const [text, setText] = useState('');
  const [link, setLink] = useState('');
  const complete = useChange(async () => {
    const whom = userId === undefined ? { all: true } : { userIds: [userId] };
    const evidence = { text, ...(link.trim() === '' ? {} : { link: link.trim() }) };
    await send('post', '/usher/v1/tasks/{taskId}/complete', { path: { taskId }, body: { ...whom, evidence } });
    close();
  }, t.tasks.completed);
  return (
    <WordsDialog
      close={close}
      change={complete}
      title={t.tasks.completeTitle}
      what={t.tasks.completeWhat(people)}
      button={t.tasks.complete}
      label={t.tasks.evidence}
      max={2_000}
      words={text}
      onWords={setText}
    >
      <TextInput
        label={t.tasks.evidenceLink}
        type="url"
        value={link}
        onChange={(event) => setLink(event.currentTarget.value)}
      />
    </WordsDialog>
  );
}

interface WordsProps {
  readonly close: () => void;
  /** What is done with the words. */
  readonly change: ReturnType<typeof useChange>;
  readonly title: string;
  readonly what: string;
  readonly button: string;
  readonly label: string;
  /** Characters. */
  readonly max: number;
  readonly words: string;
  readonly onWords: (words: string) => void;
  readonly children?: ReactNode;
}

/** Asks for words that have to be given. */
function WordsDialog({ close, change, title, what, button, label, max, words, onWords, children }: WordsProps) {
  const { leaving } = useUnsaved(words);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate(undefined);
  };
  return (
    <Modal opened onClose={leaving(close)} title={title} closeButtonProps={{ 'aria-label': t.common.close }}>
      <form onSubmit={submit} onChange={unsay(change)}>
        <Stack>
          <Text size="sm">{what}</Text>
          <ErrorNote error={change.error} />
          <Textarea
            label={label}
            required
            maxLength={max}
            autosize
            minRows={2}
            value={words}
            onChange={(event) => onWords(event.currentTarget.value)}
          />
          {children}
          <Group justify="flex-end">
            <Button type="submit" loading={change.isPending} disabled={words.trim() === ''}>
              {button}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
