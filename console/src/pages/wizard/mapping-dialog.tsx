import { Button, Modal, Select, Stack, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { send } from '../../api/client';
import { DialogButtons } from '../../parts/dialog-buttons';
import { ExpressionField } from '../../parts/expression-field';
import { PushStatusSelect } from '../../parts/push-status-select';
import { SamplePerson } from '../../parts/sample-person';
import { ErrorNote } from '../../parts/states';
import { useUnsaved } from '../../parts/unsaved';
import { unsay } from '../../parts/unsay';
import { t } from '../../text';

/** `userName` is edited as the template it is made of. */
export interface Edited {
  readonly attribute: string;
  readonly expression: string;
  readonly pushStatus: string;
  readonly whenEmpty?: string;
}

interface Props {
  readonly wizardId: string;
  readonly edited: Edited;
  /** For whom the value is shown; null is the first of a few. */
  readonly userId: string | null;
  readonly onChoose: (userId: string | null) => void;
  readonly onSave: (body: object) => Promise<unknown>;
  readonly onClose: () => void;
}

const emptyChoices = ['CLEAR', 'LEAVE'] as const;

/** One mapping, and what it gives for somebody while it is typed. What the server refuses is said here, and what was typed stays. */
export function MappingDialog({ wizardId, edited, userId, onChoose, onSave, onClose }: Props) {
  const { attribute } = edited;
  const isName = attribute === 'userName';
  const [expression, setExpression] = useState(edited.expression);
  const [pushStatus, setPushStatus] = useState(edited.pushStatus);
  const [whenEmpty, setWhenEmpty] = useState(edited.whenEmpty ?? 'CLEAR');
  const { leaving } = useUnsaved({ expression, pushStatus, whenEmpty });
  const [typed] = useDebouncedValue(expression, 300);
  const preview = useQuery({
    queryKey: ['wizard-preview', wizardId, userId, attribute, typed],
    queryFn: () =>
      send('post', '/usher/v1/wizards/{wizardId}/preview', {
        path: { wizardId },
        body: {
          ...(userId === null ? {} : { userId }),
          ...(isName ? { userNameTemplate: typed } : { properties: { [attribute]: { expression: typed } } }),
        },
      }),
    enabled: typed.trim() !== '',
    placeholderData: keepPreviousData,
  });
  const sample = preview.data?.[0];
  const result = isName ? sample?.userName : sample?.attributes.find((each) => each.attribute === attribute);
  // What was said of another expression would point at the wrong place.
  const error = typed === expression && !preview.isPlaceholderData ? result?.error : undefined;
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
      onClose={leaving(onClose)}
      title={t.mappings.editTitle(attribute)}
      size="lg"
      closeButtonProps={{ 'aria-label': t.common.close }}
    >
      <form onSubmit={submit} onChange={unsay(save)}>
        <Stack>
          <ErrorNote error={save.error} />
          {isName ? (
            <TextInput
              label={t.wizard.userNameFormat}
              description={t.wizard.userNameWhat}
              data-autofocus
              required
              value={expression}
              error={error}
              onChange={(event) => setExpression(event.currentTarget.value)}
            />
          ) : (
            <ExpressionField
              kind="mapping"
              label={t.mappings.expression}
              description={t.mappings.expressionWhat}
              autoFocus
              value={expression}
              error={error}
              onChange={setExpression}
            />
          )}
          <div>
            <SamplePerson label={t.mappings.preview} userId={userId ?? sample?.user.id ?? null} onChoose={onChoose} />
            <Text size="sm" role="status">
              {preview.error?.message ??
                (result !== undefined &&
                  result.error === undefined &&
                  t.mappings.givesFor(String(result.value ?? t.mappings.noValue)))}
            </Text>
          </div>
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
          <DialogButtons onCancel={onClose}>
            <Button type="submit" loading={save.isPending}>
              {t.common.save}
            </Button>
          </DialogButtons>
        </Stack>
      </form>
    </Modal>
  );
}
