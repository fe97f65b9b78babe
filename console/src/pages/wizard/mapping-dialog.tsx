import { Button, Group, Modal, Select, Stack, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { ExpressionField } from '../../parts/expression-field';
import { PushStatusSelect } from '../../parts/push-status-select';
import { ErrorNote } from '../../parts/states';
import { t } from '../../text';

/** `userName` is edited as the template it is made of. */
export interface Edited {
  readonly attribute: string;
  readonly expression: string;
  readonly pushStatus: string;
  readonly whenEmpty?: string;
}

interface Props {
  readonly edited: Edited;
  readonly onSave: (body: object) => Promise<unknown>;
  readonly onClose: () => void;
}

const emptyChoices = ['CLEAR', 'LEAVE'] as const;

/** One mapping. What the server refuses is said here, and what was typed stays. */
export function MappingDialog({ edited, onSave, onClose }: Props) {
  const { attribute } = edited;
  const isName = attribute === 'userName';
  const [expression, setExpression] = useState(edited.expression);
  const [pushStatus, setPushStatus] = useState(edited.pushStatus);
  const [whenEmpty, setWhenEmpty] = useState(edited.whenEmpty ?? 'CLEAR');
  const save = useMutation({
    mutationFn: () =>
      onSave(
        isName
          ? { userNameTemplate: { template: expression, type: 'CUSTOM' } }
          : { properties: { [attribute]: { ...edited, attribute: undefined, expression, pushStatus, whenEmpty } } },
      ),
    onSuccess: onClose,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={t.mappings.editTitle(attribute)}
      size="lg"
      closeButtonProps={{ 'aria-label': t.common.close }}
    >
      <form onSubmit={submit}>
        <Stack>
          <ErrorNote error={save.error} />
          {isName ? (
            <TextInput
              label={t.wizard.userNameFormat}
              description={t.wizard.userNameWhat}
              data-autofocus
              required
              value={expression}
              onChange={(event) => setExpression(event.currentTarget.value)}
            />
          ) : (
            <ExpressionField
              kind="mapping"
              label={t.mappings.expression}
              description={t.mappings.expressionWhat}
              autoFocus
              value={expression}
              error={null}
              onChange={setExpression}
            />
          )}
          {!isName && (
            <>
              <PushStatusSelect value={pushStatus} onChange={setPushStatus} />
              {edited.whenEmpty !== 'DEFAULT' && (
                <Select
                  label={t.wizard.whenEmpty}
                  allowDeselect={false}
                  data={emptyChoices.map((value) => ({ value, label: t.wizard.whenEmptyChoices[value] }))}
                  value={whenEmpty}
                  onChange={(value) => setWhenEmpty(value ?? 'CLEAR')}
                />
              )}
            </>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t.common.cancel}
            </Button>
            <Button type="submit" loading={save.isPending}>
              {t.common.save}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
