import { Button, Checkbox, Group, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useNavigate } from 'react-router';
import { send, type Schemas } from '../api/client';
import { useMay } from '../frame/session';
import { ConfirmButton } from '../parts/confirm';
import { Card } from '../parts/page';
import { useChange } from '../parts/said';
import { ErrorNote } from '../parts/states';
import { t } from '../text';
import { AppDuplicate } from './app-duplicate';

export function AppGeneral({ app }: { readonly app: Schemas['Application'] }) {
  const may = useMay();
  const navigate = useNavigate();
  const [label, setLabel] = useState(app.label);
  const [hidden, setHidden] = useState(app.visibility.hide.web);
  const [note, setNote] = useState(app.settings.notes.enduser ?? '');
  const path = { path: { appId: app.id } };
  const { _links, _embedded, ...fields } = app;
  const save = useChange(
    () =>
      send('put', '/api/v1/apps/{appId}', {
        ...path,
        body: {
          ...fields,
          label,
          visibility: { ...app.visibility, hide: { ...app.visibility.hide, web: hidden } },
          settings: { ...app.settings, notes: { ...app.settings.notes, enduser: note === '' ? null : note } },
        },
      }),
    t.common.saved,
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(undefined);
  };
  return (
    <>
      <Card title={t.app.general}>
        <form onSubmit={submit}>
          <Stack maw={520}>
            <ErrorNote error={save.error} />
            <TextInput
              label={t.catalog.label}
              required
              disabled={!may('apps.manage')}
              value={label}
              onChange={(event) => setLabel(event.currentTarget.value)}
            />
            <Textarea
              label={t.app.note}
              description={t.app.noteWhat}
              autosize
              minRows={2}
              disabled={!may('apps.manage')}
              value={note}
              onChange={(event) => setNote(event.currentTarget.value)}
            />
            <Checkbox
              label={t.app.hidden}
              disabled={!may('apps.manage')}
              checked={hidden}
              onChange={(event) => setHidden(event.currentTarget.checked)}
            />
            {may('apps.manage') && (
              <Group>
                <Button type="submit" loading={save.isPending}>
                  {t.common.save}
                </Button>
              </Group>
            )}
          </Stack>
        </form>
      </Card>
      {may('apps.manage') && <AppDuplicate app={app} />}
      {may('apps.manage') && (
        <Card title={t.app.ending}>
          <Stack>
            <Text size="sm">{app.status === 'ACTIVE' ? t.app.deactivateWhat : t.app.deleteWhat}</Text>
            <Group>
              {app.status === 'ACTIVE' ? (
                <DeactivateButton app={app} />
              ) : (
                <ConfirmButton
                  danger
                  label={t.app.delete}
                  title={t.app.deleteTitle(app.label)}
                  consequence={t.app.deleteWhat}
                  onConfirm={async () => {
                    await send('delete', '/api/v1/apps/{appId}', path);
                    await navigate('/admin/applications');
                  }}
                />
              )}
            </Group>
          </Stack>
        </Card>
      )}
    </>
  );
}

function DeactivateButton({ app }: { readonly app: Schemas['Application'] }) {
  const deactivate = useChange(
    () => send('post', '/api/v1/apps/{appId}/lifecycle/deactivate', { path: { appId: app.id } }),
    t.common.done,
  );
  return (
    <ConfirmButton
      danger
      label={t.app.deactivate}
      title={t.app.deactivateTitle(app.label)}
      consequence={t.app.deactivateWhat}
      onConfirm={() => deactivate.mutateAsync(undefined)}
      preview={{ kind: 'app_status', appId: app.id, status: 'INACTIVE' }}
    />
  );
}
