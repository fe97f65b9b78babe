import { Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState, type FormEvent } from 'react';
import { Link, useNavigate } from 'react-router';
import { send } from '../api/client';
import { useMay } from '../frame/session';
import { useAddress } from '../parts/address';
import { AddressField } from '../parts/address-field';
import { groupColumns } from '../parts/links';
import { ListTable, useList } from '../parts/list';
import { PageBody } from '../parts/page';
import { Empty, ErrorNote } from '../parts/states';
import { useUnsaved } from '../parts/unsaved';
import { t } from '../text';

export function GroupsPage() {
  const may = useMay();
  const [adding, setAdding] = useState(false);
  const { get } = useAddress();
  const text = get('q') ?? '';
  const [q] = useDebouncedValue(text, 250);
  const list = useList('/api/v1/groups', { query: { q: q.trim(), expand: 'stats' } });
  return (
    <PageBody
      title={t.groups.title}
      actions={
        <>
          {may('rules.read') && (
            <Button variant="default" component={Link} to="/admin/groups/rules">
              {t.groupRules.open}
            </Button>
          )}
          {may('groups.manage') && <Button onClick={() => setAdding(true)}>{t.groups.add}</Button>}
        </>
      }
    >
      <div className="u-surface">
        <Group p="md">
          <AddressField name="q" style={{ flex: 1 }} type="search" label={t.groups.search} />
        </Group>
        <ListTable
          label={t.groups.title}
          list={list}
          keyOf={(group) => group.id}
          empty={<Empty what={t.groups.empty} />}
          columns={[
            ...groupColumns,
            { title: t.groups.people, cell: (group) => statOf(group._embedded, 'usersCount') },
            { title: t.groups.apps, cell: (group) => statOf(group._embedded, 'appsCount') },
          ]}
        />
      </div>
      {adding && <AddGroup onClose={() => setAdding(false)} />}
    </PageBody>
  );
}

function statOf(embedded: unknown, name: string): string {
  if (typeof embedded !== 'object' || embedded === null || !('stats' in embedded)) return '';
  const { stats } = embedded;
  const count: unknown = typeof stats === 'object' && stats !== null ? Reflect.get(stats, name) : undefined;
  return typeof count === 'number' ? count.toLocaleString(t.locale) : '';
}

function AddGroup({ onClose }: { readonly onClose: () => void }) {
  const [name, setName] = useState('');
  const [description, setDescription] = useState('');
  const { leaving, forget } = useUnsaved({ name, description });
  const [error, setError] = useState<unknown>();
  const navigate = useNavigate();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    try {
      const group = await send('post', '/api/v1/groups', { body: { profile: { name, description } } });
      forget();
      await navigate(`/admin/groups/${group.id}`);
    } catch (problem) {
      setError(problem);
    }
  };
  return (
    <Modal opened onClose={leaving(onClose)} title={t.groups.add} closeButtonProps={{ 'aria-label': t.common.close }}>
      <form onSubmit={(event) => void submit(event)} onChange={() => setError(undefined)}>
        <Stack>
          <ErrorNote error={error} />
          <TextInput
            label={t.groups.name}
            required
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <TextInput
            label={t.groups.description}
            value={description}
            onChange={(event) => setDescription(event.currentTarget.value)}
          />
          <Group justify="flex-end">
            <Button type="submit">{t.groups.add}</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
