import { Button, Group, PasswordInput, Select, Stack, Switch, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { get, send, type Schemas } from '../api/client';
import { useMay } from '../frame/session';
import { Badge } from '../parts/badge';
import { Card } from '../parts/page';
import { useChange } from '../parts/said';
import { ErrorNote, Waiting } from '../parts/states';
import { Time } from '../parts/time';
import { t } from '../text';

type App = Schemas['Application'];

export function AppProvisioning({ app }: { readonly app: App }) {
  const connection = useQuery({
    queryKey: ['connection', app.id],
    queryFn: () => get('/usher/v1/apps/{appId}/connection', { path: { appId: app.id } }),
  });
  const { data, error } = connection;
  if (data === undefined) return error === null ? <Waiting /> : <ErrorNote error={error} />;
  if (data.connector === null) return <Card>{t.app.cannotProvision}</Card>;
  return (
    <>
      <ConnectionCard app={app} connection={data} />
      <ToApp app={app} enabled={data.status === 'ENABLED'} />
    </>
  );
}

const schemes = ['bearer', 'basic', 'header', 'oauth2_client_credentials'] as const;
type Scheme = (typeof schemes)[number];
const fieldsOf: Readonly<Record<Scheme, readonly string[]>> = {
  bearer: ['token'],
  basic: ['username', 'password'],
  header: ['value'],
  oauth2_client_credentials: ['tokenUrl', 'clientId', 'clientSecret'],
};
const secrets = ['token', 'password', 'value', 'clientSecret'];

/** Saved only after a test that succeeded, so that what is switched on works. */
function ConnectionCard(props: { readonly app: App; readonly connection: Schemas['Connection'] }) {
  const { app, connection } = props;
  const may = useMay();
  const entry = useQuery({
    queryKey: ['catalog-entry', app.name],
    queryFn: () => get('/usher/v1/catalog/apps/{key}', { path: { key: app.name } }),
    retry: false,
  });
  const offered = schemes.filter((scheme) => entry.data === undefined || entry.data.authModes.includes(scheme));
  const [chosen, setChosen] = useState<Scheme>();
  const scheme = chosen ?? offered[0] ?? 'bearer';
  const [values, setValues] = useState<Readonly<Record<string, string>>>({});
  const [editing, setEditing] = useState(!connection.hasCredential);
  const path = { path: { appId: app.id } };
  const auth = { scheme, ...Object.fromEntries(fieldsOf[scheme].map((name) => [name, values[name] ?? ''])) };
  const body = { settings: { auth } };
  const [report, setReport] = useState<Schemas['ConnectionReport']>();
  const test = useChange(async () =>
    setReport(await send('post', '/usher/v1/apps/{appId}/connection/test', { ...path, body: editing ? body : {} })),
  );
  const save = useChange(async () => {
    await send('put', '/usher/v1/apps/{appId}/connection', { ...path, query: { activate: true }, body });
    setEditing(false);
    setValues({});
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
          {editing && offered.length > 1 && (
            <Select
              label={t.app.scheme}
              data={offered.map((value) => ({ value, label: t.app.schemes[value] }))}
              value={scheme}
              allowDeselect={false}
              onChange={(value) => setChosen(schemes.find((each) => each === value))}
            />
          )}
          {editing &&
            fieldsOf[scheme].map((name) => {
              const field = {
                key: name,
                label: t.app.fields[name] ?? name,
                required: true,
                autoComplete: 'off',
                value: values[name] ?? '',
                onChange: (event: { currentTarget: { value: string } }) => {
                  const { value } = event.currentTarget;
                  setValues((now) => ({ ...now, [name]: value }));
                },
              };
              const { key, ...rest } = field;
              return secrets.includes(name) ? <PasswordInput key={key} {...rest} /> : <TextInput key={key} {...rest} />;
            })}
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
  const { data } = useQuery({
    queryKey: ['provisioning', app.id],
    queryFn: () => get('/usher/v1/apps/{appId}/provisioning', { path: { appId: app.id } }),
  });
  const change = useChange(
    (changes: object) =>
      send('patch', '/usher/v1/apps/{appId}/provisioning', { path: { appId: app.id }, body: changes }),
    t.common.saved,
  );
  if (data === undefined) return <Waiting />;
  return (
    <Card title={t.app.toApp}>
      <Stack>
        {!enabled && (
          <div className="u-note" data-tone="info">
            <Text size="sm">{t.app.connectFirst}</Text>
          </div>
        )}
        <ErrorNote error={change.error} />
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
  );
}
