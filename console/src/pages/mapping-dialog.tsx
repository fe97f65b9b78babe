import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { get, send } from '../api/client';
import { ExpressionField } from '../parts/expression-field';
import { refuseOvertaken } from '../parts/meanwhile';
import { PreviewButton } from '../parts/preview';
import { PushStatusSelect } from '../parts/push-status-select';
import { useChange } from '../parts/said';
import { SamplePerson } from '../parts/sample-person';
import { ErrorNote } from '../parts/states';
import { useUnsaved } from '../parts/unsaved';
import { unsay } from '../parts/unsay';
import { t } from '../text';

export interface Edited {
  readonly attribute: string;
  readonly expression: string;
  readonly pushStatus: string;
}

interface Props {
  readonly appId: string;
  readonly mappingId: string;
  readonly edited: Edited;
  /** For whom the value is shown; null is somebody who has the app. */
  readonly userId: string | null;
  readonly onChoose: (userId: string | null) => void;
  readonly onClose: () => void;
}

const titles: Readonly<Record<string, string>> = {
  expression: t.mappings.expression,
  pushStatus: t.mappings.when,
};

/** One mapping, and what it gives for somebody while it is typed. */
export function MappingDialog({ appId, mappingId, edited, userId, onChoose, onClose }: Props) {
  const { attribute } = edited;
  const [expression, setExpression] = useState(edited.expression);
  const [pushStatus, setPushStatus] = useState(edited.pushStatus);
  const [begun, setBegun] = useState({ expression: edited.expression, pushStatus: edited.pushStatus });
  const { leaving, forget } = useUnsaved({ expression, pushStatus });
  const [fault, setFault] = useState<unknown>(null);
  const [typed] = useDebouncedValue(expression, 300);
  const preview = useQuery({
    queryKey: ['preview', appId, userId, attribute, typed],
    queryFn: () =>
      send('post', '/usher/v1/apps/{appId}/mappings/preview', {
        path: { appId },
        body: {
          ...(userId === null ? {} : { userId }),
          properties: { [attribute]: { expression: typed, pushStatus: edited.pushStatus } },
        },
      }),
    enabled: typed.trim() !== '',
    placeholderData: keepPreviousData,
  });
  const result = preview.data?.attributes.find((each) => each.attribute === attribute);
  const save = useChange(async () => {
    const { properties } = await get('/api/v1/mappings/{mappingId}', { path: { mappingId } });
    const now = { expression: '', pushStatus: '', ...properties[attribute] };
    setBegun(now);
    refuseOvertaken({
      begun,
      now: { ...now },
      typed: { expression, pushStatus },
      titleOf: (name) => titles[name] ?? name,
    });
    await send('post', '/api/v1/mappings/{mappingId}', {
      path: { mappingId },
      body: { properties: { [attribute]: { expression, pushStatus } } },
    });
    onClose();
  }, t.mappings.saved);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setFault(null);
    save.mutate(undefined);
  };
  // What was said of another expression would point at the wrong place.
  const isOfThis = typed === expression && !preview.isPlaceholderData;
  return (
    <Modal
      opened
      onClose={leaving(onClose)}
      title={t.mappings.editTitle(attribute)}
      size="lg"
      closeButtonProps={{ 'aria-label': t.common.close }}
    >
      <form onSubmit={submit} onChange={unsay(save, () => setFault(null))}>
        <Stack>
          <ErrorNote error={fault ?? save.error} />
          <ExpressionField
            kind="mapping"
            exceptAppId={appId}
            label={t.mappings.expression}
            description={t.mappings.expressionWhat}
            autoFocus
            value={expression}
            error={isOfThis ? result?.error : undefined}
            onChange={setExpression}
          />
          <div>
            <SamplePerson label={t.mappings.preview} userId={userId} onChoose={onChoose} />
            <Text size="sm" role="status">
              {preview.error?.message ??
                (result?.error === undefined && t.mappings.givesFor(String(result?.value ?? t.mappings.noValue)))}
            </Text>
          </div>
          <PushStatusSelect value={pushStatus} onChange={setPushStatus} />
          <Text size="xs" c="var(--mantine-color-dimmed)">
            {t.mappings.consequence}
          </Text>
          <Group justify="flex-end">
            <PreviewButton
              change={{ kind: 'mapping', mappingId, properties: { [attribute]: { expression, pushStatus } } }}
              onError={setFault}
              onPlanned={forget}
            />
            <Button type="submit" loading={save.isPending}>
              {t.common.save}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
