import { Button, Group, Select, Stack, Switch, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { Link } from 'react-router';
import { get, send, type Schemas } from '../api/client';
import { useMay } from '../frame/session';
import { AuthFields, authOf, schemesOf, type AuthValues } from '../parts/auth-fields';
import { Badge } from '../parts/badge';
import { Card } from '../parts/page';
import { PreviewButton } from '../parts/preview';
import { useChange } from '../parts/said';
import { Empty, ErrorNote, Waiting } from '../parts/states';
import { Time } from '../parts/time';
import { useUnsaved } from '../parts/unsaved';
import { t } from '../text';
import { ManualSection, ToAppSections } from './to-app/sections';

type App = Schemas['Application'];

export const connectionQuery = (appId: string) => ({
  queryKey: ['connection', appId],
  queryFn: () => get('/usher/v1/apps/{appId}/connection', { path: { appId } }),
});

export const toAppQuery = (appId: string) => ({
  queryKey: ['provisioning', appId],
  queryFn: () => get('/usher/v1/apps/{appId}/provisioning', { path: { appId } }),
});

export function AppProvisioning({ app }: { readonly app: App }) {
  const connection = useQuery(connectionQuery(app.id));
  const { data, error } = connection;
  if (data === undefined)
    return error === null ? <Waiting /> : <ErrorNote error={error} retry={() => void connection.refetch()} />;
  if (data.connector === null) return <WithoutConnector app={app} />;
  return (
    <>
      <ConnectionCard app={app} connection={data} />
      <ToApp app={app} enabled={data.status === 'ENABLED'} />
    </>
  );
}

/** An app of any sign-on mode can be given provisioning by the wizard, if it has a SCIM server. */
function WithoutConnector({ app }: { readonly app: App }) {
  const may = useMay();
  const { data } = useQuery(toAppQuery(app.id));
  return (
    <>
      <Card>
        <Empty what={t.app.cannotProvision}>
          {may('apps.manage') && (
            <Button component={Link} variant="default" to={`/admin/applications/new?app=${app.id}`}>
              {t.wizard.setUp}
            </Button>
          )}
        </Empty>
      </Card>
      {data !== undefined && <ManualSection appId={app.id} settings={data} />}
    </>
  );
}

/** Saved only after a test that succeeded, so that what is switched on works. */
function ConnectionCard(props: { readonly app: App; readonly connection: Schemas['Connection'] }) {
  const { app, connection } = props;
  const may = useMay();
  const entry = useQuery({
    queryKey: ['catalog-entry', app.name],
    queryFn: () => get('/usher/v1/catalog/apps/{key}', { path: { key: app.name } }),
    retry: false,
  });
  const offered = schemesOf(entry.data?.authModes);
  const [chosen, setChosen] = useState<AuthValues>();
  useUnsaved(chosen ?? null);
  const auth = chosen ?? { scheme: offered[0] ?? 'bearer', values: {} };
  const [editing, setEditing] = useState(!connection.hasCredential);
  const path = { path: { appId: app.id } };
  const body = { settings: { auth: authOf(auth) } };
  const [report, setReport] = useState<Schemas['ConnectionReport']>();
  const test = useChange(async () =>
    setReport(await send('post', '/usher/v1/apps/{appId}/connection/test', { ...path, body: editing ? body : {} })),
  );
  const save = useChange(async () => {
    await send('put', '/usher/v1/apps/{appId}/connection', { ...path, query: { activate: true }, body });
    setEditing(false);
    setChosen(undefined);
  }, t.app.connected);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(undefined);
  };
  const isOn = connection.status === 'ENABLED';
  return (
    <Card
      title={t.app.connection}
      actions={<Badge tone={isOn ? 'good' : 'quiet'}>{isOn ? t.app.connectionOn : t.app.connectionOff}</Badge>}
    >
      <form onSubmit={submit}>
        <Stack maw={560}>
          <Text size="sm" className="u-mono">
            {String(app.settings.app['baseUrl'] ?? connection.settings['baseUrl'] ?? '')}
          </Text>
          {!editing && (
            <Text size="sm">
              {t.app.secretKept} · {t.app.lastTested} <Time at={connection.lastTested} />
            </Text>
          )}
          {editing && <AuthFields auth={auth} offered={offered} onChange={setChosen} />}
          <ErrorNote error={save.error ?? test.error} />
          {report !== undefined && <Findings report={report} />}
          {may('connections.manage') && (
            <Group>
              {editing && (
                <Button type="submit" loading={save.isPending}>
                  {t.app.connect}
                </Button>
              )}
              <Button variant="default" loading={test.isPending} onClick={() => test.mutate(undefined)}>
                {t.app.test}
              </Button>
              {!editing && (
                <Button variant="default" onClick={() => setEditing(true)}>
                  {t.app.editConnection}
                </Button>
              )}
            </Group>
          )}
        </Stack>
      </form>
    </Card>
  );
}

function Findings({ report }: { readonly report: Schemas['ConnectionReport'] }) {
  return (
    <Stack gap="xs" role="status">
      {report.findings.map(({ subject, ok, detail }) => (
        <Group key={subject} gap="sm" align="flex-start" wrap="nowrap">
          <Badge tone={ok ? 'good' : 'bad'}>{ok ? t.app.good : t.app.bad}</Badge>
          <Text size="sm">
            <strong>{subject}</strong> {detail}
          </Text>
        </Group>
      ))}
    </Stack>
  );
}

const switches = ['create', 'update', 'deactivate'] as const;

function ToApp({ app, enabled }: { readonly app: App; readonly enabled: boolean }) {
  const may = useMay();
  const { data } = useQuery(toAppQuery(app.id));
  const [fault, setFault] = useState<unknown>(null);
  const change = useChange(
    (changes: object) =>
      send('patch', '/usher/v1/apps/{appId}/provisioning', { path: { appId: app.id }, body: changes }),
    t.common.saved,
  );
  if (data === undefined) return <Waiting />;
  const off = switches.filter((name) => !data[name] && data.supports[name]);
  return (
    <>
      <Card title={t.app.toApp}>
        <Stack>
          {!enabled && (
            <div className="u-note" data-tone="info">
              <Text size="sm">{t.app.connectFirst}</Text>
            </div>
          )}
          <ErrorNote error={fault ?? change.error} />
          {switches.map((name) => (
            <Switch
              key={name}
              label={t.app.switches[name].label}
              description={t.app.switches[name].what}
              checked={data[name]}
              disabled={!enabled || !may('apps.manage')}
              onChange={(event) => change.mutate({ [name]: event.currentTarget.checked })}
            />
          ))}
          {enabled && off.length > 0 && may('apps.manage') && (
            <Group>
              <PreviewButton
                change={{
                  kind: 'provisioning',
                  appId: app.id,
                  settings: Object.fromEntries(off.map((name) => [name, true])),
                }}
                accessibleLabel={t.toApp.previewOn}
                onError={setFault}
              />
            </Group>
          )}
          <Select
            maw={460}
            label={t.app.existing}
            description={t.app.existingWhat}
            data={[
              { value: 'LINK', label: t.app.existingLink },
              { value: 'ASK', label: t.app.existingAsk },
            ]}
            value={data.existingAccount}
            allowDeselect={false}
            disabled={!may('apps.manage')}
            onChange={(existingAccount) => change.mutate({ existingAccount })}
          />
        </Stack>
      </Card>
      <ToAppSections appId={app.id} settings={data} />
    </>
  );
}
