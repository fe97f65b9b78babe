import { Button, Code, Menu, Modal, Stack, Tabs, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useParams, useSearchParams } from 'react-router';
import { get, send } from '../api/client';
import { useMay } from '../frame/session';
import { Initials } from '../parts/app-logo';
import { UserStatus } from '../parts/badge';
import { ConfirmButton } from '../parts/confirm';
import { EventTab } from '../parts/event-tab';
import { groupColumns } from '../parts/links';
import { ListTable, useList } from '../parts/list';
import { PageBody } from '../parts/page';
import { nameOf } from '../parts/person';
import { useChange } from '../parts/said';
import { Empty, ErrorNote } from '../parts/states';
import { TabStrip } from '../parts/tab-strip';
import { Unread } from '../parts/unread';
import { t } from '../text';
import { PersonAccounts } from './person-accounts';
import { PersonProfile } from './person-profile';

/** What can be done besides deactivating, and to whom. */
const verbs = [
  { verb: 'activate', from: ['STAGED', 'DEPROVISIONED'] },
  { verb: 'suspend', from: ['ACTIVE'] },
  { verb: 'unsuspend', from: ['SUSPENDED'] },
  { verb: 'unlock', from: ['LOCKED_OUT'] },
] as const;
type Verb = (typeof verbs)[number]['verb'] | 'deactivate';

const above = { to: '/admin/people', label: t.people.title };

export function PersonPage() {
  const { userId = '' } = useParams();
  const [params, setParams] = useSearchParams();
  const tab = params.get('tab') ?? 'profile';
  const may = useMay();
  const user = useQuery({
    queryKey: ['user', userId],
    queryFn: () => get('/api/v1/users/{userId}', { path: { userId } }),
  });
  const { data } = user;
  if (data === undefined) {
    return <Unread above={above} error={user.error} retry={() => void user.refetch()} />;
  }
  const name = nameOf(data.profile);
  return (
    <PageBody
      title={name}
      picture={<Initials name={name} size={52} round />}
      above={[above]}
      actions={
        <>
          <UserStatus status={data.status} />
          {may('users.manage') && <Lifecycle userId={userId} name={name} status={data.status} />}
        </>
      }
    >
      <Tabs
        value={tab}
        onChange={(name) => setParams(name === null || name === 'profile' ? {} : { tab: name }, { replace: true })}
        keepMounted={false}
      >
        <TabStrip current={tab}>
          <Tabs.Tab value="profile">{t.person.profile}</Tabs.Tab>
          {may('apps.read') && <Tabs.Tab value="apps">{t.person.apps}</Tabs.Tab>}
          <Tabs.Tab value="groups">{t.person.groups}</Tabs.Tab>
          {may('logs.read') && <Tabs.Tab value="activity">{t.person.activity}</Tabs.Tab>}
        </TabStrip>
        <Tabs.Panel value="profile">
          <PersonProfile user={data} />
        </Tabs.Panel>
        <Tabs.Panel value="apps">
          <PersonAccounts userId={userId} name={name} />
        </Tabs.Panel>
        <Tabs.Panel value="groups">
          <Groups userId={userId} />
        </Tabs.Panel>
        <Tabs.Panel value="activity">
          <EventTab filter={`target.id eq "${userId}" or actor.id eq "${userId}"`} />
        </Tabs.Panel>
      </Tabs>
    </PageBody>
  );
}

function Lifecycle(props: { readonly userId: string; readonly name: string; readonly status: string }) {
  const { userId, name, status } = props;
  const may = useMay();
  const [link, setLink] = useState<string>();
  const allowed = verbs.filter(({ from }) => from.some((each) => each === status));
  const change = useChange(
    (verb: Verb) =>
      send('post', `/api/v1/users/{userId}/lifecycle/${verb}`, { path: { userId }, query: { sendEmail: false } }),
    t.common.done,
  );
  const reset = useChange(async () => {
    const answer = await send('post', '/api/v1/users/{userId}/lifecycle/reset_password', {
      path: { userId },
      query: { sendEmail: false },
    });
    setLink(answer.resetPasswordUrl);
  });
  const signOut = useChange(
    () => send('delete', '/api/v1/users/{userId}/sessions', { path: { userId } }),
    t.person.signedOut,
  );
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default">{t.person.moreActions}</Button>
        </Menu.Target>
        <Menu.Dropdown>
          {allowed.map(({ verb }) => (
            <Menu.Item key={verb} onClick={() => change.mutate(verb)}>
              {t.person.verbs[verb]}
            </Menu.Item>
          ))}
          {may('users.credentials') && (
            <>
              <Menu.Item onClick={() => reset.mutate(undefined)}>{t.person.resetLink}</Menu.Item>
              <Menu.Item onClick={() => signOut.mutate(undefined)}>{t.person.endSessions}</Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
      {status !== 'DEPROVISIONED' && (
        <ConfirmButton
          danger
          label={t.person.verbs.deactivate}
          title={t.person.deactivateTitle(name)}
          consequence={t.person.deactivateWhat}
          onConfirm={() => change.mutateAsync('deactivate')}
        />
      )}
      <ErrorNote error={change.error ?? reset.error ?? signOut.error} />
      <Modal
        opened={link !== undefined}
        onClose={() => setLink(undefined)}
        title={t.person.linkTitle}
        closeButtonProps={{ 'aria-label': t.common.close }}
      >
        <Stack>
          <Text size="sm">{t.person.linkWhat(name)}</Text>
          <Code block>{link}</Code>
        </Stack>
      </Modal>
    </>
  );
}

function Groups({ userId }: { readonly userId: string }) {
  const list = useList('/api/v1/users/{userId}/groups', { path: { userId } });
  return (
    <div className="u-surface">
      <ListTable
        label={t.person.groups}
        list={list}
        keyOf={(group) => group.id}
        empty={<Empty what={t.person.noGroups} />}
        columns={groupColumns}
      />
    </div>
  );
}
