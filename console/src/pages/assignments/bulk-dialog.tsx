import { Button, FileInput, Group, Modal, Radio, Stack, Text, Textarea } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useNavigate } from 'react-router';
import { send, type Schemas } from '../../api/client';
import { DialogButtons } from '../../parts/dialog-buttons';
import { PreviewButton } from '../../parts/preview';
import { useChange } from '../../parts/said';
import { ErrorNote } from '../../parts/states';
import { useUnsaved } from '../../parts/unsaved';
import { unsay } from '../../parts/unsay';
import { t } from '../../text';

const words = t.assignments;
const actions = ['assign', 'unassign', 'override', 'return_to_groups'] as const;
type Action = (typeof actions)[number];
/** A preview names people by a search, which has a length. */
const previewMost = 50;
const planKinds: Partial<Record<Action, string>> = { assign: 'assignment', unassign: 'unassignment' };

interface Props {
  readonly app: Schemas['Application'];
  readonly onClose: () => void;
}

/** One thing for many people, as a run that says how far it is and whom it could not do it for. */
export function BulkDialog({ app, onClose }: Props) {
  const navigate = useNavigate();
  const [action, setAction] = useState<Action>('assign');
  const [way, setWay] = useState('list');
  const [text, setText] = useState('');
  const [file, setFile] = useState<File | null>(null);
  const [planError, setPlanError] = useState<unknown>();
  const { leaving, forget } = useUnsaved({ action, way, text, file: file?.name });
  const users = [...new Set(text.split(/[\n,;]+/).map((line) => line.trim()))].filter((line) => line !== '');
  const path = { appId: app.id };
  const start = useChange(async () => {
    const run =
      way === 'file' && file !== null
        ? await send('post', '/usher/v1/apps/{appId}/assignment-runs/csv', {
            ...{ path, query: { action } },
            text: { type: 'text/csv', content: file },
          })
        : await send('post', '/usher/v1/apps/{appId}/assignment-runs', { path, body: { action, users } });
    forget();
    await navigate(`/admin/runs/${run.id}`);
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    start.mutate(undefined);
  };
  const kind = planKinds[action];
  const search = users.map((user) => `profile.login eq ${JSON.stringify(user)}`).join(' or ');
  const ready = way === 'file' ? file !== null : users.length > 0;
  return (
    <Modal
      opened
      onClose={leaving(onClose)}
      size="lg"
      title={words.manyTitle(app.label)}
      closeButtonProps={{ 'aria-label': t.common.close }}
    >
      <form onSubmit={submit} onChange={unsay(start, () => setPlanError(undefined))}>
        <Stack>
          <ErrorNote error={start.error ?? planError} />
          <Radio.Group
            label={words.action}
            value={action}
            onChange={(value) => setAction(actions.find((known) => known === value) ?? 'assign')}
          >
            <Stack gap="xs" mt="xs">
              {actions.map((value) => (
                <Radio
                  key={value}
                  value={value}
                  label={words.actions[value].label}
                  description={words.actions[value].what}
                />
              ))}
            </Stack>
          </Radio.Group>
          <Radio.Group label={words.by} value={way} onChange={setWay}>
            <Group mt="xs">
              <Radio value="list" label={words.ways.list} />
              <Radio value="file" label={words.ways.file} />
            </Group>
          </Radio.Group>
          {way === 'list' ? (
            <Textarea
              label={words.list}
              description={words.named(users.length)}
              autosize
              minRows={4}
              maxRows={10}
              spellCheck={false}
              value={text}
              onChange={(event) => setText(event.currentTarget.value)}
            />
          ) : (
            <FileInput
              label={words.file}
              placeholder={words.choose}
              accept=".csv,text/csv"
              value={file}
              onChange={setFile}
            />
          )}
          {way === 'list' && users.length > previewMost && <Text size="sm">{words.previewMost(previewMost)}</Text>}
          <DialogButtons onCancel={onClose}>
            {way === 'list' && kind !== undefined && (
              <PreviewButton
                change={{ kind, appId: app.id, search }}
                disabled={users.length === 0 || users.length > previewMost}
                onError={setPlanError}
                onPlanned={forget}
              />
            )}
            <Button type="submit" loading={start.isPending} disabled={!ready}>
              {way === 'list' ? words.start(users.length) : words.startFile}
            </Button>
          </DialogButtons>
        </Stack>
      </form>
    </Modal>
  );
}
