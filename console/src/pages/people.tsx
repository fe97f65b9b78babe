import { Button, Group, Modal, Select, Stack, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState, type FormEvent } from 'react';
import { Link, useNavigate } from 'react-router';
import { send } from '../api/client';
import { useMay } from '../frame/session';
import { useAddress } from '../parts/address';
import { AddressField } from '../parts/address-field';
import { UserStatus } from '../parts/badge';
import { PersonLink } from '../parts/links';
import { ListTable, useList } from '../parts/list';
import { PageBody } from '../parts/page';
import { nameOf } from '../parts/person';
import { sayDone } from '../parts/said';
import { Empty, ErrorNote } from '../parts/states';
import { Time } from '../parts/time';
import { useUnsaved } from '../parts/unsaved';
import { t } from '../text';

const statuses = ['ACTIVE', 'STAGED', 'PROVISIONED', 'PASSWORD_EXPIRED', 'LOCKED_OUT', 'SUSPENDED', 'DEPROVISIONED'];

export function PeoplePage() {
  const may = useMay();
  const [adding, setAdding] = useState(false);
  const { get, set } = useAddress();
  const text = get('q') ?? '';
  const status = get('status');
  const [q] = useDebouncedValue(text, 250);
  const filter = status === null ? undefined : `status eq "${status}"`;
  const list = useList('/api/v1/users', { query: { q: q.trim(), filter } });
  return (
    <PageBody
      title={t.people.title}
      actions={
        <>
          {may('users.import') && (
            <Button component={Link} to="/admin/people/import" variant="default">
              {t.people.import}
            </Button>
          )}
          {may('users.manage') && <Button onClick={() => setAdding(true)}>{t.people.add}</Button>}
        </>
      }
    >
      <div className="u-surface">
        <Group p="md" align="flex-end">
          <AddressField name="q" style={{ flex: 1, minWidth: 220 }} type="search" label={t.people.search} />
          <Select
            label={t.people.status}
            placeholder={t.people.allStatuses}
            clearable
            clearButtonProps={{ 'aria-label': t.common.clear }}
            data={statuses.map((value) => ({ value, label: t.userStatus[value] ?? value }))}
            value={status}
            onChange={(value) => set('status', value)}
          />
        </Group>
        <ListTable
          label={t.people.title}
          list={list}
          keyOf={(user) => user.id}
          empty={<Empty what={q === '' ? t.people.empty : t.people.nothing} />}
          columns={[
            {
              title: t.people.name,
              cell: ({ id, profile }) => <PersonLink id={id} name={nameOf(profile)} />,
            },
            { title: t.people.login, cell: ({ profile }) => String(profile['login']) },
            { title: t.people.department, cell: ({ profile }) => String(profile['department'] ?? '') },
            { title: t.people.status, cell: (user) => <UserStatus status={user.status} /> },
            { title: t.people.changed, cell: (user) => <Time at={user.lastUpdated} /> },
          ]}
        />
      </div>
      {adding && <AddPerson onClose={() => setAdding(false)} />}
    </PageBody>
  );
}

function AddPerson({ onClose }: { readonly onClose: () => void }) {
  const [profile, setProfile] = useState<Readonly<Record<string, string>>>({});
  const { leaving, forget } = useUnsaved(profile);
  const [error, setError] = useState<unknown>();
  const navigate = useNavigate();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    try {
      const body = { profile: { ...profile, login: profile['email'] } };
      const user = await send('post', '/api/v1/users', { body });
      sayDone(t.people.added);
      forget();
      await navigate(`/admin/people/${user.id}`);
    } catch (problem) {
      setError(problem);
    }
  };
  return (
    <Modal opened onClose={leaving(onClose)} title={t.people.add} closeButtonProps={{ 'aria-label': t.common.close }}>
      <form onSubmit={(event) => void submit(event)} onChange={() => setError(undefined)}>
        <Stack>
          <ErrorNote error={error} />
          {(['firstName', 'lastName', 'email', 'department'] as const).map((name) => (
            <TextInput
              key={name}
              label={t.people.fields[name]}
              required={name !== 'department'}
              type={name === 'email' ? 'email' : 'text'}
              value={profile[name] ?? ''}
              onChange={(event) => {
                const { value } = event.currentTarget;
                setProfile((now) => ({ ...now, [name]: value }));
              }}
            />
          ))}
          <Text size="xs" c="var(--mantine-color-dimmed)">
            {t.people.addHelp}
          </Text>
          <Group justify="flex-end">
            <Button type="submit">{t.people.add}</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
