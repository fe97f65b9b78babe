import { Button, Group, SegmentedControl, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import { useQuery } from '@tanstack/react-query';
import { progressOf } from '../api/app-progress';
import { send, type Schemas } from '../api/client';
import { useMay } from '../frame/session';
import { AccountState } from '../parts/badge';
import { ConfirmButton } from '../parts/confirm';
import { useAddress } from '../parts/address';
import { AddressField } from '../parts/address-field';
import { PersonLink } from '../parts/links';
import { ListTable, useList } from '../parts/list';
import { nameOf } from '../parts/person';
import { PickButton } from '../parts/pick';
import { useChange } from '../parts/said';
import { Empty } from '../parts/states';
import { t } from '../text';
import { UnprovisionedNote } from './app-unprovisioned';
import { BulkDialog } from './assignments/bulk-dialog';
import { ConvertButton } from './assignments/convert-button';
import { GroupValues } from './assignments/group-values';
import { OrderButtons } from './assignments/order-buttons';
import { PersonValues } from './assignments/person-values';
import { Unprovisioned } from './assignments/unprovisioned';

type App = Schemas['Application'];

/** Who has the app, and why; how far their account is; and giving it to others. */
export function AppAssignments({ app }: { readonly app: App }) {
  const may = useMay();
  const [params, setParams] = useSearchParams();
  const [many, setMany] = useState(false);
  const asked = params.get('kind');
  const kind = asked === 'groups' || asked === 'unprovisioned' ? asked : 'people';
  const { data: progress } = useQuery(progressOf([app.id]));
  const without = progress?.get(app.id)?.unprovisioned ?? 0;
  const path = { appId: app.id };
  const assignPerson = useChange(
    (id: string) => send('post', '/api/v1/apps/{appId}/users', { path, body: { id, scope: 'USER' } }),
    t.app.assignedNow,
  );
  const assignGroup = useChange(
    (groupId: string) => send('put', '/api/v1/apps/{appId}/groups/{groupId}', { path: { ...path, groupId }, body: {} }),
    t.app.assignedNow,
  );
  return (
    <>
      {kind !== 'unprovisioned' && <UnprovisionedNote appId={app.id} />}
      <div className="u-surface">
        <Group p="md" justify="space-between">
          <SegmentedControl
            aria-label={t.app.show}
            value={kind}
            onChange={(value) => setParams(value === 'people' ? {} : { kind: value }, { replace: true })}
            data={[
              { value: 'people', label: t.people.title },
              { value: 'groups', label: t.groups.title },
              ...(without > 0 || kind === 'unprovisioned'
                ? [{ value: 'unprovisioned', label: t.unprovisioned.tab(without) }]
                : []),
            ]}
          />
          {may('apps.assign') && (
            <Group gap="sm">
              <Button variant="default" onClick={() => setMany(true)}>
                {t.assignments.many}
              </Button>
              <PickButton
                kind="groups"
                label={t.app.assignGroups}
                action={t.app.assign}
                onPick={assignGroup.mutateAsync}
                previewOf={(groupId) => ({ kind: 'group_assignment', appId: app.id, groupId })}
              />
              <PickButton
                kind="people"
                label={t.app.assignPeople}
                action={t.app.assign}
                onPick={assignPerson.mutateAsync}
              />
            </Group>
          )}
        </Group>
        {kind === 'people' && <People app={app} />}
        {kind === 'groups' && <Groups app={app} />}
        {kind === 'unprovisioned' && <Unprovisioned appId={app.id} />}
        {many && <BulkDialog app={app} onClose={() => setMany(false)} />}
      </div>
    </>
  );
}

function People({ app }: { readonly app: App }) {
  const may = useMay();
  const { get } = useAddress();
  const text = get('q') ?? '';
  const [edited, setEdited] = useState<Schemas['AppUser']>();
  const [q] = useDebouncedValue(text.trim(), 250);
  const list = useList('/api/v1/apps/{appId}/users', { path: { appId: app.id }, query: { q, expand: 'user' } });
  const remove = useChange((userId: string) =>
    send('delete', '/api/v1/apps/{appId}/users/{userId}', { path: { appId: app.id, userId } }),
  );
  const name = ({ _embedded, credentials, id }: Schemas['AppUser']) =>
    _embedded === undefined ? (credentials.userName ?? id) : nameOf(_embedded.user.profile);
  return (
    <>
      <Group px="md" pb="md">
        <AddressField name="q" style={{ flex: 1 }} type="search" label={t.people.search} />
      </Group>
      <ListTable
        label={t.app.people}
        list={list}
        keyOf={(user) => user.id}
        empty={<Empty what={q === '' ? t.app.nobody : t.people.nothing} />}
        columns={[
          {
            title: t.people.name,
            cell: (user) => <PersonLink id={user.id} name={name(user)} />,
          },
          { title: t.app.userName, cell: (user) => user.credentials.userName ?? '' },
          {
            title: t.app.why,
            cell: (user) => (
              <span style={{ whiteSpace: 'nowrap' }}>{user.scope === 'USER' ? t.app.individual : t.app.byGroup}</span>
            ),
          },
          {
            title: t.app.account,
            cell: (user) => (
              <>
                <AccountState syncState={user.syncState} hasAccount={user.externalId !== null} />
                {user.lastError !== undefined && (
                  <Text size="xs" mt={4} maw={340}>
                    {user.lastError}
                  </Text>
                )}
              </>
            ),
          },
          {
            title: t.common.actions,
            cell: (user) =>
              may('apps.assign') && (
                <Group gap="xs">
                  <ValuesButton name={name(user)} onClick={() => setEdited(user)} />
                  <ConvertButton appId={app.id} user={user} name={name(user)} />
                  {user.scope === 'USER' && (
                    <ConfirmButton
                      size="compact-sm"
                      label={t.app.unassign}
                      accessibleLabel={t.common.actionOn(t.app.unassign, name(user))}
                      title={t.common.actionOn(t.app.unassign, name(user))}
                      consequence={t.app.unassignWhat(app.label)}
                      onConfirm={() => remove.mutateAsync(user.id)}
                      preview={{ kind: 'unassignment', appId: app.id, userIds: [user.id] }}
                    />
                  )}
                </Group>
              ),
          },
        ]}
      />
      {edited !== undefined && (
        <PersonValues app={app} user={edited} name={name(edited)} onClose={() => setEdited(undefined)} />
      )}
    </>
  );
}

function Groups({ app }: { readonly app: App }) {
  const may = useMay();
  const [edited, setEdited] = useState<Schemas['ApplicationGroupAssignment']>();
  const list = useList('/api/v1/apps/{appId}/groups', { path: { appId: app.id }, query: { expand: 'group' } });
  const remove = useChange((groupId: string) =>
    send('delete', '/api/v1/apps/{appId}/groups/{groupId}', { path: { appId: app.id, groupId } }),
  );
  const name = ({ _embedded, id }: Schemas['ApplicationGroupAssignment']) =>
    String(_embedded?.group.profile['name'] ?? id);
  return (
    <>
      <ListTable
        label={t.app.groups}
        list={list}
        keyOf={(group) => group.id}
        empty={<Empty what={t.app.noGroups} />}
        columns={[
          {
            title: t.groups.name,
            cell: (group) => (
              <Link className="u-link" to={`/admin/groups/${group.id}`}>
                {name(group)}
              </Link>
            ),
          },
          {
            title: t.app.priority,
            cell: (group) => (
              <Group gap="sm" wrap="nowrap">
                {String(group.priority)}
                {may('apps.assign') && (
                  <OrderButtons appId={app.id} group={group} name={name(group)} groups={list.items ?? []} />
                )}
              </Group>
            ),
          },
          {
            title: t.common.actions,
            cell: (group) =>
              may('apps.assign') && (
                <Group gap="xs">
                  <ValuesButton name={name(group)} onClick={() => setEdited(group)} />
                  <ConfirmButton
                    size="compact-sm"
                    label={t.app.unassign}
                    accessibleLabel={t.common.actionOn(t.app.unassign, name(group))}
                    title={t.common.actionOn(t.app.unassign, name(group))}
                    consequence={t.app.unassignGroupWhat(app.label)}
                    onConfirm={() => remove.mutateAsync(group.id)}
                    preview={{ kind: 'group_unassignment', appId: app.id, groupId: group.id }}
                  />
                </Group>
              ),
          },
        ]}
      />
      {edited !== undefined && (
        <GroupValues app={app} group={edited} name={name(edited)} onClose={() => setEdited(undefined)} />
      )}
    </>
  );
}

function ValuesButton({ name, onClick }: { readonly name: string; readonly onClick: () => void }) {
  return (
    <Button
      size="compact-sm"
      variant="default"
      aria-label={t.common.actionOn(t.assignments.values, name)}
      onClick={onClick}
    >
      {t.assignments.values}
    </Button>
  );
}
