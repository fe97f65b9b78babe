import { Button, Modal, Select, Stack, Text, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { send } from '../../api/client';
import { DialogButtons } from '../../parts/dialog-buttons';
import { useChange } from '../../parts/said';
import { ShownOnce } from '../../parts/shown-once';
import { ErrorNote } from '../../parts/states';
import { useUnsaved } from '../../parts/unsaved';
import { unsay } from '../../parts/unsay';
import { t } from '../../text';

const words = t.settings.tokens;
/** Days; 0 is for ever. */
const lifetimes = [30, 90, 365, 0] as const;

/** Asks for a name, then shows the token, which nobody can see again. */
export function NewToken({ onClose }: { readonly onClose: () => void }) {
  const [value, setValue] = useState<string>();
  const [name, setName] = useState('');
  const { leaving } = useUnsaved(value === undefined ? name : '');
  return (
    <Modal
      opened
      onClose={leaving(onClose)}
      title={words.makeTitle}
      // By mistake it would be gone.
      closeOnClickOutside={value === undefined}
      closeOnEscape={value === undefined}
      closeButtonProps={{ 'aria-label': t.common.close }}
    >
      {value === undefined ? (
        <TokenForm name={name} onName={setName} onMade={setValue} onClose={onClose} />
      ) : (
        <ShownOnce what={words.once} label={words.value} value={value} onKept={onClose} />
      )}
    </Modal>
  );
}

interface FormProps {
  readonly name: string;
  readonly onName: (name: string) => void;
  readonly onMade: (value: string) => void;
  readonly onClose: () => void;
}

function TokenForm({ name, onName, onMade, onClose }: FormProps) {
  const [days, setDays] = useState<number>(90);
  const make = useChange(async () => {
    const made = await send('post', '/usher/v1/api-tokens', { body: { name, ...expiryIn(days) } });
    onMade(made.value);
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    make.mutate(undefined);
  };
  return (
    <form onSubmit={submit} onChange={unsay(make)}>
      <Stack>
        <Text size="sm">{words.makeWhat}</Text>
        <ErrorNote error={make.error} />
        <TextInput
          label={words.name}
          required
          maxLength={100}
          data-autofocus
          value={name}
          onChange={(event) => onName(event.currentTarget.value)}
        />
        <Select
          label={words.lifetime}
          allowDeselect={false}
          data={lifetimes.map((each) => ({ value: String(each), label: words.lifetimes[each] }))}
          value={String(days)}
          onChange={(chosen) => setDays(Number(chosen))}
        />
        <DialogButtons onCancel={onClose}>
          <Button type="submit" loading={make.isPending} disabled={name.trim() === ''}>
            {words.make}
          </Button>
        </DialogButtons>
      </Stack>
    </form>
  );
}

function expiryIn(days: number): { readonly expires?: string } {
  if (days === 0) return {};
  const now = performance.timeOrigin + performance.now();
  return { expires: new Date(now + days * 86_400_000).toISOString() };
}
