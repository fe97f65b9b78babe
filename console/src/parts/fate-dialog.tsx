import { Button, Modal, Radio, Stack } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { t } from '../text';
import { useChange } from './said';
import { DialogButtons } from './dialog-buttons';
import { ErrorNote } from './states';

interface Fate<Value extends string> {
  readonly value: Value;
  readonly label: string;
  readonly what: string;
  /** Why it cannot be chosen, where it cannot. */
  readonly cannot?: string;
  /** Something is lost by it. */
  readonly danger?: boolean;
}

interface Props<Value extends string> {
  readonly title: string;
  /** Whose fate is asked for. */
  readonly question: string;
  /** What may become of it; the first is proposed. */
  readonly fates: readonly [Fate<Value>, ...Fate<Value>[]];
  /** What the button says. */
  readonly action: string;
  readonly done: string;
  readonly onDecide: (fate: Value) => Promise<unknown>;
  readonly onClose: () => void;
}

/** Takes something away, and asks first what becomes of what depends on it. */
export function FateDialog<Value extends string>(props: Props<Value>) {
  const { title, question, fates, action, done, onDecide, onClose } = props;
  const [fate, setFate] = useState(fates[0]);
  const decide = useChange(async () => {
    await onDecide(fate.value);
    onClose();
  }, done);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    decide.mutate(undefined);
  };
  const choose = (value: string) => setFate(fates.find((each) => each.value === value) ?? fates[0]);
  return (
    <Modal opened onClose={onClose} title={title} closeButtonProps={{ 'aria-label': t.common.close }}>
      <form onSubmit={submit}>
        <Stack>
          <ErrorNote error={decide.error} />
          <Radio.Group label={question} value={fate.value} onChange={choose}>
            <Stack gap="xs" mt="xs">
              {fates.map(({ value, label, what, cannot }) => (
                <Radio
                  key={value}
                  value={value}
                  label={label}
                  disabled={cannot !== undefined}
                  description={cannot ?? what}
                />
              ))}
            </Stack>
          </Radio.Group>
          <DialogButtons onCancel={onClose}>
            <Button type="submit" loading={decide.isPending} {...(fate.danger === true ? { color: '#b3261e' } : {})}>
              {action}
            </Button>
          </DialogButtons>
        </Stack>
      </form>
    </Modal>
  );
}
