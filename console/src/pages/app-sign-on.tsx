import { Button, Group, Select, Stack, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { get, send, type Schemas } from '../api/client';
import { useMay } from '../frame/session';
import { Facts } from '../parts/facts';
import { refuseOvertaken } from '../parts/meanwhile';
import { Card } from '../parts/page';
import { useChange } from '../parts/said';
import { ErrorNote } from '../parts/states';
import { useUnsaved } from '../parts/unsaved';
import { t } from '../text';
import { SamplePerson } from '../parts/sample-person';

type App = Schemas['Application'];

const words = t.appSignOn;
const presets = Object.entries(words.preset).map(([value, label]) => ({ value, label }));
const custom = 'custom';

/** How people get to the app, and what they are called in it. */
export function AppSignOn({ app }: { readonly app: App }) {
  const { url } = app.settings.app;
  const settable = typeof url === 'string' ? url : app.signOnMode === 'BOOKMARK' ? '' : undefined;
  return (
    <>
      <Card title={words.title}>
        <Text size="sm" mb="sm">
          {words.modeWhat}
        </Text>
        <Facts
          label={words.title}
          facts={[
            [words.mode, t.signOnModes[app.signOnMode] ?? app.signOnMode],
            ...(settable === undefined ? [[words.url, addressOf(app) ?? words.noUrl] as const] : []),
          ]}
        />
        {settable !== undefined && <Address app={app} address={settable} />}
      </Card>
      <UserNameFormat app={app} />
    </>
  );
}

function Address({ app, address }: { readonly app: App; readonly address: string }) {
  const may = useMay();
  const [url, setUrl] = useState(address);
  const [begun, setBegun] = useState(address);
  useUnsaved(url, begun);
  const save = useChange(async () => {
    const now = await fieldsOf(app.id);
    const saved = String(now.settings.app['url'] ?? '');
    setBegun(saved);
    refuseOvertaken({ begun: { url: begun }, now: { url: saved }, typed: { url }, titleOf: () => words.url });
    const settings = { ...now.settings, app: { ...now.settings.app, url } };
    await send('put', '/api/v1/apps/{appId}', { path: { appId: app.id }, body: { ...now, settings } });
    setBegun(url);
  }, t.common.saved);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(undefined);
  };
  return (
    <form onSubmit={submit}>
      <Stack maw={560} mt="md">
        <ErrorNote error={save.error} />
        <TextInput
          label={words.url}
          description={begun === '' ? words.noUrlYet : words.urlWhat}
          required
          disabled={!may('apps.manage')}
          value={url}
          onChange={(event) => setUrl(event.currentTarget.value)}
        />
        {may('apps.manage') && (
          <Group>
            <Button type="submit" variant="default" loading={save.isPending}>
              {t.common.save}
            </Button>
          </Group>
        )}
      </Stack>
    </form>
  );
}

function UserNameFormat({ app }: { readonly app: App }) {
  const may = useMay();
  const mayChange = may('apps.manage');
  const { template: saved } = app.credentials.userNameTemplate;
  const [template, setTemplate] = useState(saved);
  const [chosen, setChosen] = useState(Object.hasOwn(words.preset, saved) ? saved : custom);
  const [begun, setBegun] = useState(saved);
  useUnsaved(template, begun);
  const save = useChange(async () => {
    const now = await fieldsOf(app.id);
    const { suffix: _suffix, ...kept } = now.credentials.userNameTemplate;
    setBegun(kept.template);
    refuseOvertaken({
      begun: { template: begun },
      now: { template: kept.template },
      typed: { template },
      titleOf: () => words.userName,
    });
    const type = chosen === custom ? 'CUSTOM' : 'BUILT_IN';
    const credentials = { ...now.credentials, userNameTemplate: { ...kept, template, type } };
    await send('put', '/api/v1/apps/{appId}', { path: { appId: app.id }, body: { ...now, credentials } });
    setBegun(template);
  }, t.common.saved);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(undefined);
  };
  return (
    <Card title={words.userName}>
      <form onSubmit={submit}>
        <Stack maw={560}>
          <Text size="sm">{words.userNameWhat}</Text>
          <ErrorNote error={save.error} />
          <Select
            label={words.presets}
            allowDeselect={false}
            disabled={!mayChange}
            data={[...presets, { value: custom, label: words.custom }]}
            value={chosen}
            onChange={(value) => {
              setChosen(value ?? custom);
              if (value !== null && value !== custom) setTemplate(value);
            }}
          />
          {chosen === custom && (
            <TextInput
              label={words.template}
              required
              disabled={!mayChange}
              styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
              value={template}
              onChange={(event) => setTemplate(event.currentTarget.value)}
            />
          )}
          {may('mappings.manage') && <Preview appId={app.id} template={template} />}
          {mayChange && (
            <>
              <Text size="xs" c="var(--mantine-color-dimmed)">
                {words.consequence}
              </Text>
              <Group>
                <Button type="submit" loading={save.isPending} disabled={template.trim() === ''}>
                  {t.common.save}
                </Button>
              </Group>
            </>
          )}
        </Stack>
      </form>
    </Card>
  );
}

export const firstPersonQuery = {
  queryKey: ['pick', 'first-person'],
  queryFn: () => get('/api/v1/users', { query: { limit: 1 } }),
};

/** What the template gives for somebody, before it is saved. */
function Preview({ appId, template }: { readonly appId: string; readonly template: string }) {
  const [userId, setUserId] = useState<string | null>(null);
  const [asked] = useDebouncedValue(template, 300);
  const first = useQuery(firstPersonQuery);
  const subject = userId ?? first.data?.[0]?.id;
  const { data, error } = useQuery({
    queryKey: ['user-name-preview', appId, subject, asked],
    queryFn: () =>
      send('post', '/usher/v1/apps/{appId}/mappings/preview', {
        path: { appId },
        body: { userId: subject, userNameTemplate: asked },
      }),
    enabled: subject !== undefined && asked.trim() !== '',
    placeholderData: keepPreviousData,
  });
  const result = data?.userName;
  return (
    <div>
      <SamplePerson userId={subject ?? null} onChoose={setUserId} />
      <ErrorNote error={error} />
      {result !== undefined && (
        <div className="u-note" data-tone={result.error === undefined ? 'info' : 'bad'} role="status">
          <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
            {result.error ?? words.gives(String(result.value ?? ''))}
          </Text>
        </div>
      )}
    </div>
  );
}

/** What is saved now, as it is written. */
async function fieldsOf(appId: string) {
  const { _links, _embedded, ...fields } = await get('/api/v1/apps/{appId}', { path: { appId } });
  return fields;
}

/** Where its tile leads, as the server links it. */
function addressOf({ _links }: App): string | null {
  return _links.appLinks[0]?.href ?? null;
}
