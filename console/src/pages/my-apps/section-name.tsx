import { Button, Modal, Stack, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { DialogButtons } from '../../parts/dialog-buttons';
import { useUnsaved } from '../../parts/unsaved';
import { t } from '../../text';

const lengthMax = 60;

interface Props {
  readonly title: string;
  /** The name it has now. */
  readonly first: string;
  /** Names of other sections. */
  readonly taken: readonly string[];
  readonly onClose: () => void;
  readonly onName: (name: string) => void;
}

/** Asks for the name of a section. */
export function SectionName({ title, first, taken, onClose, onName }: Props) {
  const [text, setText] = useState(first);
  const { leaving } = useUnsaved(text);
  const name = text.trim();
  const isTaken = taken.some((each) => each.toLowerCase() === name.toLowerCase());
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name === '' || isTaken) return;
    onName(name);
    onClose();
  };
  return (
    <Modal opened onClose={leaving(onClose)} title={title} closeButtonProps={{ 'aria-label': t.common.close }}>
      <form onSubmit={submit}>
        <Stack>
          <TextInput
            label={t.my.sectionName}
            description={t.my.sectionNameHelp}
            error={isTaken ? t.my.sectionTaken : undefined}
            maxLength={lengthMax}
            data-autofocus
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          <DialogButtons onCancel={onClose}>
            <Button type="submit" disabled={name === '' || isTaken}>
              {t.common.save}
            </Button>
          </DialogButtons>
        </Stack>
      </form>
    </Modal>
  );
}
