import { Button, Group, Menu, Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { Link } from 'react-router';
import { send } from '../../api/client';
import { useMay } from '../../frame/session';
import { useAddress } from '../../parts/address';
import { AddressField } from '../../parts/address-field';
import { ListTable, useList } from '../../parts/list';
import { useChange } from '../../parts/said';
import { Empty, ErrorNote } from '../../parts/states';
import { Time } from '../../parts/time';
import { t } from '../../text';
import { PushDetail } from './push-detail';
import { PushDialog } from './push-dialog';
import type { PushProps } from './push-groups';
import { PushState } from './push-state';
import { membersIn, nameOfPush, type Pushed } from './pushed';
import { UnlinkDialog } from './unlink-dialog';

const words = t.pushGroups;
const statuses = ['ACTIVE', 'ERROR', 'INACTIVE'] as const;

export function PushList({ appId, overview }: PushProps) {
  const may = useMay();
  const { get, set } = useAddress();
  const [pushing, setPushing] = useState(false);
  const [q] = useDebouncedValue((get('q') ?? '').trim(), 250);
  const status = get('status');
  const list = useList('/usher/v1/apps/{appId}/group-push/mappings', {
    path: { appId },
    query: { q, status: status ?? '' },
  });
  const retryAll = useChange(
    () => send('post', '/usher/v1/apps/{appId}/group-push/retry', { path: { appId } }),
    words.retried,
  );
  return (
    <div className="u-surface">
      <Group p="md" align="flex-end" justify="space-between">
        <Group align="flex-end" style={{ flex: '1 1 320px' }}>
          <AddressField name="q" style={{ flex: 1 }} type="search" label={words.search} />
          <Select
            w={150}
            label={words.status}
            placeholder={words.anyStatus}
            clearable
            clearButtonProps={{ 'aria-label': t.common.clear }}
            data={statuses.map((value) => ({ value, label: words.statuses[value] }))}
            value={status}
            onChange={(value) => set('status', value)}
          />
        </Group>
        <Group gap="sm">
          {may('apps.assign') && overview.error > 0 && (
            <Button variant="default" loading={retryAll.isPending} onClick={() => retryAll.mutate(undefined)}>
              {words.retryAll(overview.error)}
            </Button>
          )}
          {may('apps.manage') && <Button onClick={() => setPushing(true)}>{words.push}</Button>}
        </Group>
      </Group>
      <ErrorNote error={retryAll.error} />
      <ListTable
        label={words.list}
        list={list}
        keyOf={(push) => push.id}
        empty={<Empty what={q === '' && status === null ? words.empty : words.emptyFiltered} />}
        columns={[
          { title: words.group, cell: (push) => <Source push={push} /> },
          { title: words.inApp, cell: (push) => push.targetName },
          { title: words.members, cell: membersIn },
          { title: words.state, cell: (push) => <PushState push={push} /> },
          { title: words.lastPush, cell: (push) => <Time at={push.lastPush} /> },
          {
            title: t.common.actions,
            cell: (push) => <Actions appId={appId} push={push} canDelete={overview.can.delete} />,
          },
        ]}
      />
      {pushing && <PushDialog appId={appId} canLink={overview.can.link} onClose={() => setPushing(false)} />}
    </div>
  );
}

function Source({ push }: { readonly push: Pushed }) {
  if (push.sourceName === null) return <>{words.deleted}</>;
  return (
    <Link className="u-link" to={`/admin/groups/${push.sourceGroupId}`}>
      {push.sourceName}
    </Link>
  );
}

interface ActionsProps {
  readonly appId: string;
  readonly push: Pushed;
  readonly canDelete: boolean;
}

function Actions({ appId, push, canDelete }: ActionsProps) {
  const may = useMay();
  const [opened, setOpened] = useState<'detail' | 'unlink'>();
  const path = { appId, pushId: push.id };
  const now = useChange(
    () => send('post', '/usher/v1/apps/{appId}/group-push/mappings/{pushId}/push', { path }),
    words.begun,
  );
  const paused = push.status === 'INACTIVE';
  const toggle = useChange(
    () =>
      send('patch', '/api/v1/apps/{appId}/group-push/mappings/{pushId}', {
        path,
        body: { status: paused ? 'ACTIVE' : 'INACTIVE' },
      }),
    paused ? words.resumed : words.paused,
  );
  const name = nameOfPush(push);
  const again = push.status === 'ERROR' ? words.retry : words.now;
  return (
    <>
      <Group gap="xs" wrap="nowrap">
        {may('apps.manage') && !paused && (
          <Button
            size="compact-sm"
            variant="default"
            loading={now.isPending}
            aria-label={t.common.actionOn(again, name)}
            onClick={() => now.mutate(undefined)}
          >
            {again}
          </Button>
        )}
        <Menu position="bottom-end">
          <Menu.Target>
            <Button size="compact-sm" variant="default" aria-label={t.common.actionOn(words.more, name)}>
              {words.more}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => setOpened('detail')}>{words.details}</Menu.Item>
            {may('apps.manage') && (
              <>
                <Menu.Item onClick={() => toggle.mutate(undefined)}>{paused ? words.resume : words.pause}</Menu.Item>
                <Menu.Item onClick={() => setOpened('unlink')}>{words.unlink}</Menu.Item>
              </>
            )}
          </Menu.Dropdown>
        </Menu>
      </Group>
      <ErrorNote error={now.error ?? toggle.error} />
      {opened === 'detail' && <PushDetail appId={appId} push={push} onClose={() => setOpened(undefined)} />}
      {opened === 'unlink' && (
        <UnlinkDialog appId={appId} push={push} canDelete={canDelete} onClose={() => setOpened(undefined)} />
      )}
    </>
  );
}
