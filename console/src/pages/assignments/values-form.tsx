import { Button, Modal, SimpleGrid, Stack, Text } from '@mantine/core';
import { useState, type ComponentProps, type FormEvent, type ReactNode } from 'react';
import { AttributeField, type Attribute } from '../../parts/attribute-field';
import { DialogButtons } from '../../parts/dialog-buttons';
import { refuseOvertaken } from '../../parts/meanwhile';
import type { PreviewButton } from '../../parts/preview';
import { problemIn } from '../../parts/problem-in';
import { useChange } from '../../parts/said';
import { ErrorNote, Waiting } from '../../parts/states';
import { useUnsaved } from '../../parts/unsaved';
import { unsay } from '../../parts/unsay';
import { t } from '../../text';

const words = t.assignments;

export type Values = Readonly<Record<string, unknown>>;

export interface ValuesProps {
  readonly what: string;
  readonly attributes: readonly Attribute[];
  /** What is given when the form is opened. */
  readonly begun: Values;
  /** What is to be known of an attribute besides its title. */
  readonly hintOf: (attribute: Attribute) => string;
  readonly read: () => Promise<Values>;
  /** Only what was typed comes; null takes a value back. */
  readonly save: (typed: Values, now: Values) => Promise<unknown>;
  readonly preview?: (typed: Values, actions: PreviewActions) => ReactNode;
}

type PreviewActions = Pick<ComponentProps<typeof PreviewButton>, 'onError' | 'onPlanned'>;

interface DialogProps {
  readonly title: string;
  readonly error: unknown;
  /** Undefined while what is given now is looked up. */
  readonly form: ValuesProps | undefined;
  readonly onClose: () => void;
}

/** Values that an assignment gives. */
export function ValuesDialog({ title, error, form, onClose }: DialogProps) {
  const [typed, setTyped] = useState<Values>({});
  const { leaving, forget } = useUnsaved(typed);
  const set = (more: Values) => setTyped((before) => ({ ...before, ...more }));
  return (
    <Modal
      opened
      onClose={leaving(onClose)}
      size="lg"
      title={title}
      closeButtonProps={{ 'aria-label': t.common.close }}
    >
      {form !== undefined && <ValuesForm {...form} typed={typed} onType={set} onPlanned={forget} onClose={onClose} />}
      {form === undefined && (error === null ? <Waiting /> : <ErrorNote error={error} />)}
    </Modal>
  );
}

interface FormProps extends ValuesProps {
  readonly typed: Values;
  readonly onType: (more: Values) => void;
  readonly onPlanned: () => void;
  readonly onClose: () => void;
}

/** A field for each attribute. What others save meanwhile is told, not overwritten. */
function ValuesForm(props: FormProps) {
  const { attributes, hintOf, typed, onType, onPlanned, onClose } = props;
  const [begun, setBegun] = useState(props.begun);
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
    <form onSubmit={submit} onChange={unsay(save, () => setFault(null))}>
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
              onChange={(value) => onType({ [attribute.name]: value })}
            />
          ))}
        </SimpleGrid>
        <DialogButtons onCancel={onClose}>
          {props.preview?.(typed, { onError: setFault, onPlanned })}
          <Button type="submit" loading={save.isPending} disabled={Object.keys(typed).length === 0}>
            {t.common.save}
          </Button>
        </DialogButtons>
      </Stack>
    </form>
  );
}
