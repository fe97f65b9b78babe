import { Button, Checkbox, Group, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useNavigate } from 'react-router';
import { get, send, type Schemas } from '../api/client';
import { keep } from '../api/keep';
import { useMay } from '../frame/session';
import { ConfirmButton } from '../parts/confirm';
import { refuseOvertaken } from '../parts/meanwhile';
import { Card } from '../parts/page';
import { useChange } from '../parts/said';
import { ErrorNote } from '../parts/states';
import { useUnsaved } from '../parts/unsaved';
import { t } from '../text';
import { AppDuplicate } from './app-duplicate';

type App = Schemas['Application'];
interface Values {
  readonly label: string;
  readonly note: string;
  /** For administrators alone. */
  readonly adminNote: string;
  readonly hidden: boolean;
}

export function AppGeneral({ app }: { readonly app: App }) {
  const may = useMay();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [begun, setBegun] = useState(() => valuesOf(app));
  const [typed, setTyped] = useState<Partial<Values>>({});
  const { forget } = useUnsaved(typed);
  const { label, note, adminNote, hidden } = { ...valuesOf(app), ...typed };
  const set = (more: Partial<Values>) => setTyped((now) => ({ ...now, ...more }));
  const path = { path: { appId: app.id } };
  const save = useChange(async () => {
    const now = await get('/api/v1/apps/{appId}', path);
    setBegun(valuesOf(now));
    refuseOvertaken({ begun: { ...begun }, now: { ...valuesOf(now) }, typed, titleOf: (name) => titles[name] ?? name });
    const body = withValues(now, { ...valuesOf(now), ...typed });
    await keep(queries, ['app', app.id], await send('put', '/api/v1/apps/{appId}', { ...path, body }));
    setTyped({});
  }, t.common.saved);
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
              onChange={(event) => set({ label: event.currentTarget.value })}
            />
            <Textarea
              label={t.app.note}
              description={t.app.noteWhat}
              autosize
              minRows={2}
              disabled={!may('apps.manage')}
              value={note}
              onChange={(event) => set({ note: event.currentTarget.value })}
            />
            <Textarea
              label={t.app.adminNote}
              description={t.app.adminNoteWhat}
              autosize
              minRows={2}
              disabled={!may('apps.manage')}
              value={adminNote}
              onChange={(event) => set({ adminNote: event.currentTarget.value })}
            />
            <Checkbox
              label={t.app.hidden}
              disabled={!may('apps.manage')}
              checked={hidden}
              onChange={(event) => set({ hidden: event.currentTarget.checked })}
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
                    forget();
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

const titles: Readonly<Record<string, string>> = {
  label: t.catalog.label,
  note: t.app.note,
  adminNote: t.app.adminNote,
  hidden: t.app.hidden,
};

function valuesOf({ label, settings, visibility }: App): Values {
  const { enduser, admin } = settings.notes;
  return { label, note: enduser ?? '', adminNote: admin ?? '', hidden: visibility.hide.web };
}

/** The app as it is written, whole. */
function withValues({ _links, _embedded, ...app }: App, { label, note, adminNote, hidden }: Values) {
  const notes = { enduser: note === '' ? null : note, admin: adminNote === '' ? null : adminNote };
  return {
    ...app,
    label,
    visibility: { ...app.visibility, hide: { ...app.visibility.hide, web: hidden } },
    settings: { ...app.settings, notes: { ...app.settings.notes, ...notes } },
  };
}

function DeactivateButton({ app }: { readonly app: App }) {
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
