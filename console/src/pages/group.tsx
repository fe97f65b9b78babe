import { Button, Group, Tabs, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate, useParams, useSearchParams } from 'react-router';
import { get, send } from '../api/client';
import { useMay } from '../frame/session';
import { UserStatus } from '../parts/badge';
import { ConfirmButton } from '../parts/confirm';
import { PersonLink } from '../parts/links';
import { ListTable, useList } from '../parts/list';
import { PageBody } from '../parts/page';
import { nameOf } from '../parts/person';
import { PickButton } from '../parts/pick';
import { useChange } from '../parts/said';
import { Empty } from '../parts/states';
import { TabStrip } from '../parts/tab-strip';
import { Unread } from '../parts/unread';
import { t } from '../text';
import { EditGroup, valuesOf } from './group-edit';
import { GroupApps, GroupPushes, GroupRules } from './group-uses';

const above = { to: '/admin/groups', label: t.groups.title };

export function GroupPage() {
  const { groupId = '' } = useParams();
  const [params, setParams] = useSearchParams();
  const tab = params.get('tab') ?? 'people';
  const may = useMay();
  const navigate = useNavigate();
  const [editing, setEditing] = useState(false);
  const { data, error, refetch } = useQuery({
    queryKey: ['group', groupId],
    queryFn: () => get('/api/v1/groups/{groupId}', { path: { groupId } }),
  });
  if (data === undefined) return <Unread above={above} error={error} retry={() => void refetch()} />;
  const name = String(data.profile['name']);
  const ours = data.type === 'OKTA_GROUP';
  return (
    <PageBody
      title={name}
      above={[above]}
      actions={
        ours &&
        may('groups.manage') && (
          <>
            <Button variant="default" onClick={() => setEditing(true)}>
              {t.groups.edit}
            </Button>
            <ConfirmButton
              danger
              label={t.groups.delete}
              title={t.groups.deleteTitle(name)}
              consequence={t.groups.deleteWhat}
              onConfirm={async () => {
                await send('delete', '/api/v1/groups/{groupId}', { path: { groupId } });
                await navigate('/admin/groups');
              }}
            />
          </>
        )
      }
    >
      {editing && <EditGroup groupId={groupId} begun={valuesOf(data.profile)} onClose={() => setEditing(false)} />}
      <Text mb="md" c="var(--mantine-color-dimmed)">
        {String(data.profile['description'] ?? '')}
      </Text>
      <Tabs
        value={tab}
        onChange={(name) => setParams(name === null || name === 'people' ? {} : { tab: name }, { replace: true })}
        keepMounted={false}
      >
        <TabStrip current={tab}>
          <Tabs.Tab value="people">{t.groups.people}</Tabs.Tab>
          {may('apps.read') && <Tabs.Tab value="apps">{t.groups.apps}</Tabs.Tab>}
          {may('apps.read') && <Tabs.Tab value="pushes">{t.groups.pushes}</Tabs.Tab>}
          {may('rules.read') && <Tabs.Tab value="rules">{t.groups.rules}</Tabs.Tab>}
        </TabStrip>
        <Tabs.Panel value="people">
          <Members groupId={groupId} mayChange={ours && may('groups.members')} />
        </Tabs.Panel>
        <Tabs.Panel value="apps">
          <GroupApps groupId={groupId} />
        </Tabs.Panel>
        <Tabs.Panel value="pushes">
          <GroupPushes groupId={groupId} />
        </Tabs.Panel>
        <Tabs.Panel value="rules">
          <GroupRules groupId={groupId} />
        </Tabs.Panel>
      </Tabs>
    </PageBody>
  );
}

function Members({ groupId, mayChange }: { readonly groupId: string; readonly mayChange: boolean }) {
  const list = useList('/api/v1/groups/{groupId}/users', { path: { groupId } });
  const path = (userId: string) => ({ path: { groupId, userId } });
  const add = useChange(
    (userId: string) => send('put', '/api/v1/groups/{groupId}/users/{userId}', path(userId)),
    t.common.done,
  );
  const remove = useChange((userId: string) => send('delete', '/api/v1/groups/{groupId}/users/{userId}', path(userId)));
  return (
    <div className="u-surface">
      {mayChange && (
        <Group p="md" justify="flex-end">
          <PickButton kind="people" label={t.groups.addPeople} action={t.common.add} onPick={add.mutateAsync} />
        </Group>
      )}
      <ListTable
        label={t.groups.people}
        list={list}
        keyOf={(user) => user.id}
        empty={<Empty what={t.groups.noPeople} />}
        columns={[
          {
            title: t.people.name,
            cell: ({ id, profile }) => <PersonLink id={id} name={nameOf(profile)} />,
          },
          { title: t.people.login, cell: ({ profile }) => String(profile['login']) },
          { title: t.people.status, cell: (user) => <UserStatus status={user.status} /> },
          {
            title: t.common.actions,
            cell: ({ id, profile }) =>
              mayChange && (
                <ConfirmButton
                  size="compact-sm"
                  label={t.common.remove}
                  accessibleLabel={t.common.removeNamed(nameOf(profile))}
                  title={t.common.removeNamed(nameOf(profile))}
                  consequence={t.groups.removeWhat}
                  onConfirm={() => remove.mutateAsync(id)}
                />
              ),
          },
        ]}
      />
    </div>
  );
}
