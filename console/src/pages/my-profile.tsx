import { Button, Group, PasswordInput, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { get, send, type Schemas } from '../api/client';
import { useSession } from '../frame/session';
import { Badge } from '../parts/badge';
import { ConfirmButton } from '../parts/confirm';
import { browserIn } from '../parts/browser-name';
import { Facts, type Fact } from '../parts/facts';
import { Card, PageBody } from '../parts/page';
import { sayDone, useChange } from '../parts/said';
import { ErrorNote, Waiting } from '../parts/states';
import { Table } from '../parts/table';
import { Time } from '../parts/time';
import { useUnsaved } from '../parts/unsaved';
import { t } from '../text';

export function MyProfilePage() {
  const { user } = useSession();
  const { data, error } = useQuery({ queryKey: ['my-profile'], queryFn: () => get('/usher/v1/me/profile') });
  return (
    <PageBody title={user.displayName} above={[{ to: '/my', label: t.my.title }]}>
      <Card title={t.my.details}>
        <ErrorNote error={error} />
        {data === undefined && error === null && <Waiting />}
        <Text size="sm" mb="sm" c="var(--mantine-color-dimmed)">
          {t.my.managed}
        </Text>
        {data !== undefined && (
          <Facts
            label={t.my.details}
            facts={[
              ...inOrder(data.attributes).map(({ title, value }): Fact => [title, String(value)]),
              [t.my.groups, data.groups.join(', ')],
            ]}
          />
        )}
      </Card>
      <AccountsCard />
      <PasswordCard />
      <SessionsCard />
    </PageBody>
  );
}

/** Who somebody is comes before what else is known of them. */
const firstNames = ['firstName', 'lastName', 'login', 'email'];

function inOrder<Attribute extends { readonly name: string }>(attributes: readonly Attribute[]): readonly Attribute[] {
  const placeOf = ({ name }: Attribute) => (firstNames.includes(name) ? firstNames.indexOf(name) : firstNames.length);
  return attributes.toSorted((a, b) => placeOf(a) - placeOf(b));
}

function AccountsCard() {
  const { data, error, refetch } = useQuery({ queryKey: ['my-apps'], queryFn: () => get('/usher/v1/me/apps') });
  return (
    <Card title={t.my.accounts}>
      <ErrorNote error={error} retry={() => void refetch()} />
      {data === undefined && error === null && <Waiting />}
      <Text size="sm" mb="sm" c="var(--mantine-color-dimmed)">
        {data?.length === 0 ? t.my.noAccounts : t.my.accountsHelp}
      </Text>
      {data !== undefined && data.length > 0 && (
        <Table
          label={t.my.accounts}
          flush
          items={data}
          keyOf={({ id }) => id}
          columns={[
            { title: t.my.app, cell: ({ label }) => label },
            { title: t.my.state, cell: ({ state }) => <Badge tone={tones[state]}>{words[state]}</Badge> },
            { title: t.my.userName, cell: ({ userName }) => userName },
          ]}
        />
      )}
    </Card>
  );
}

const tones = { READY: 'good', PREPARING: 'info', FAILED: 'warn' } as const;
const words = { READY: t.my.ready, PREPARING: t.my.preparing, FAILED: t.my.failed };

function PasswordCard() {
  const [oldPassword, setOld] = useState('');
  const [newPassword, setNew] = useState('');
  const { forget } = useUnsaved({ oldPassword, newPassword });
  const [error, setError] = useState<unknown>();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    try {
      await send('post', '/usher/v1/me/password', { body: { oldPassword, newPassword } });
      // The session is another one now, and so is its token.
      sayDone(t.my.passwordChanged);
      forget();
      window.location.reload();
    } catch (problem) {
      setError(problem);
    }
  };
  return (
    <Card title={t.my.password}>
      <form onSubmit={(event) => void submit(event)}>
        <Stack maw={380}>
          <ErrorNote error={error} />
          <PasswordInput
            label={t.my.oldPassword}
            autoComplete="current-password"
            value={oldPassword}
            onChange={(event) => setOld(event.currentTarget.value)}
          />
          <PasswordInput
            label={t.my.newPassword}
            autoComplete="new-password"
            value={newPassword}
            onChange={(event) => setNew(event.currentTarget.value)}
          />
          <Group>
            <Button type="submit" variant="default" disabled={oldPassword === '' || newPassword === ''}>
              {t.my.changePassword}
            </Button>
          </Group>
        </Stack>
      </form>
    </Card>
  );
}

function nameOfBrowser(userAgent: string | null): string {
  const known = userAgent === null ? undefined : browserIn(userAgent);
  return known === undefined ? (userAgent ?? t.my.unknownBrowser) : t.my.browserOn(known.browser, known.system);
}

function SessionsCard() {
  const { data } = useQuery({ queryKey: ['my-sessions'], queryFn: () => get('/usher/v1/me/sessions') });
  const end = useChange((session: Schemas['MySession']) =>
    send('delete', '/usher/v1/me/sessions/{sessionId}', { path: { sessionId: session.id } }),
  );
  return (
    <Card
      title={t.my.sessions}
      actions={
        <ConfirmButton
          label={t.my.endOthers}
          title={t.my.endOthers}
          consequence={t.my.endOthersWhat}
          onConfirm={async () => {
            await send('delete', '/usher/v1/me/sessions');
            window.location.reload();
          }}
        />
      }
    >
      <Stack gap="sm">
        {data?.map((session) => (
          <Group key={session.id} justify="space-between" wrap="nowrap">
            <div style={{ minWidth: 0 }}>
              <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
                {nameOfBrowser(session.userAgent)}
              </Text>
              <Text size="xs" c="var(--mantine-color-dimmed)">
                {session.address} · <Time at={session.lastSeen} />
              </Text>
            </div>
            {session.current ? (
              <Badge tone="good">{t.my.thisOne}</Badge>
            ) : (
              <Button size="compact-sm" variant="default" onClick={() => end.mutate(session)}>
                {t.my.end}
              </Button>
            )}
          </Group>
        ))}
      </Stack>
    </Card>
  );
}
