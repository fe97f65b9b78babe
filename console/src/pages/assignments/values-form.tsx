import { Button, Group, Modal, SimpleGrid, Stack, Text } from '@mantine/core';
import { useState, type FormEvent, type ReactNode } from 'react';
import { AttributeField, type Attribute } from '../../parts/attribute-field';
import { refuseOvertaken } from '../../parts/meanwhile';
import { problemIn } from '../../parts/problem-in';
import { useChange } from '../../parts/said';
import { ErrorNote, Waiting } from '../../parts/states';
import { t } from '../../text';

const words = t.assignments;

export type Values = Readonly<Record<string, unknown>>;

interface Props {
  readonly what: string;
  readonly attributes: readonly Attribute[];
  /** What is given when the form is opened. */
  readonly begun: Values;
  /** What is to be known of an attribute besides its title. */
  readonly hintOf: (attribute: Attribute) => string;
  readonly read: () => Promise<Values>;
  /** Only what was typed comes; null takes a value back. */
  readonly save: (typed: Values, now: Values) => Promise<unknown>;
  readonly preview?: (typed: Values, onError: (error: unknown) => void) => ReactNode;
  readonly onClose: () => void;
}

/** Values that an assignment gives, a field for each attribute. What others save meanwhile is told, not overwritten. */
export function ValuesForm(props: Props) {
  const { attributes, hintOf, onClose } = props;
  const [begun, setBegun] = useState(props.begun);
  const [typed, setTyped] = useState<Values>({});
  const [fault, setFault] = useState<unknown>(null);
  const save = useChange(async () => {
    const now = await props.read();
    setBegun(now);
    const titleOf = (name: string) => attributes.find((attribute) => attribute.name === name)?.title ?? name;
    refuseOvertaken({ begun, now, typed, titleOf });
    await props.save(typed, now);
    onClose();
  }, words.valuesSaved);
  const error = fault ?? save.error;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setFault(null);
    save.mutate(undefined);
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text size="sm">{props.what}</Text>
        <ErrorNote error={error} />
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          {attributes.map((attribute) => (
            <AttributeField
              key={attribute.name}
              attribute={attribute}
              {...(hintOf(attribute) === '' ? {} : { description: hintOf(attribute) })}
              error={problemIn(error, attribute.name)}
              value={attribute.name in typed ? typed[attribute.name] : begun[attribute.name]}
              onChange={(value) => setTyped((before) => ({ ...before, [attribute.name]: value }))}
            />
          ))}
        </SimpleGrid>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t.common.cancel}
          </Button>
          {props.preview?.(typed, setFault)}
          <Button type="submit" loading={save.isPending} disabled={Object.keys(typed).length === 0}>
            {t.common.save}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

interface ModalProps {
  readonly title: string;
  readonly error: unknown;
  readonly onClose: () => void;
  /** Undefined while what is given now is looked up. */
  readonly children: ReactNode;
}

export function ValuesModal({ title, error, onClose, children }: ModalProps) {
  return (
    <Modal opened onClose={onClose} size="lg" title={title} closeButtonProps={{ 'aria-label': t.common.close }}>
      {children ?? (error === null ? <Waiting /> : <ErrorNote error={error} />)}
    </Modal>
  );
}
