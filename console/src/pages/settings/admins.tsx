import { Button, Group, Text } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'react-router';
import { send, type Schemas } from '../../api/client';
import { useMay, useSession } from '../../frame/session';
import { ConfirmButton } from '../../parts/confirm';
import { Facts } from '../../parts/facts';
import { ListTable, useList } from '../../parts/list';
import { Card } from '../../parts/page';
import { useChange } from '../../parts/said';
import { Empty } from '../../parts/states';
import { Time } from '../../parts/time';
import { t } from '../../text';
import { GiveRole } from './give-role';
import { roles } from './roles';

type Admin = Schemas['Administrator'];

const words = t.settings.admins;

/** Who holds which role for what, and what the roles are. */
export function Admins() {
  const may = useMay();
  const [giving, setGiving] = useState(false);
  const list = useList('/usher/v1/admins', {});
  const manages = may('roles.manage');
  return (
    <>
      <Group justify="space-between" mb="md">
        <Text size="sm" c="var(--mantine-color-dimmed)" maw={640}>
          {words.rolesWhat}
        </Text>
        {manages && <Button onClick={() => setGiving(true)}>{words.give}</Button>}
      </Group>
      <div className="u-surface" style={{ marginBlockEnd: 20 }}>
        <ListTable
          label={words.who}
          list={list}
          keyOf={(admin) => admin.id}
          empty={<Empty what={words.empty} />}
          columns={[
            { title: words.holder, cell: (admin) => <Holder holder={admin.holder} /> },
            { title: words.role, cell: ({ type }) => t.settings.roles[type].label },
            {
              title: words.for,
              cell: (admin) => <div style={{ whiteSpace: 'normal', minInlineSize: 140 }}>{limitsOf(admin)}</div>,
            },
            { title: words.since, cell: (admin) => <Time at={admin.created} /> },
            ...(manages ? [{ title: t.common.actions, cell: (admin: Admin) => <TakeRole admin={admin} /> }] : []),
          ]}
        />
      </div>
      <Card title={words.roles}>
        <Facts
          label={words.roles}
          facts={roles.map((role) => [t.settings.roles[role].label, t.settings.roles[role].what])}
        />
      </Card>
      {giving && <GiveRole onClose={() => setGiving(false)} />}
    </>
  );
}

function Holder({ holder: { type, id, name } }: Pick<Admin, 'holder'>) {
  const isGroup = type === 'GROUP';
  return (
    <>
      <Link className="u-link" to={isGroup ? `/admin/groups/${id}` : `/admin/people/${id}`}>
        {name}
      </Link>
      {isGroup && ` (${words.group})`}
    </>
  );
}

function limitsOf({ apps, groups }: Admin): string {
  const limits = apps ?? groups;
  if (limits === null) return words.everything;
  return limits.map(({ name }) => name).join(', ') || words.nothingLeft;
}

function TakeRole({ admin: { id: roleId, type, holder } }: { readonly admin: Admin }) {
  const { user } = useSession();
  const isGroup = holder.type === 'GROUP';
  const take = useChange(
    () =>
      isGroup
        ? send('delete', '/api/v1/groups/{groupId}/roles/{roleId}', { path: { groupId: holder.id, roleId } })
        : send('delete', '/api/v1/users/{userId}/roles/{roleId}', { path: { userId: holder.id, roleId } }),
    words.taken,
  );
  const role = t.settings.roles[type].label;
  const what = isGroup ? words.takeWhatGroup : words.takeWhat;
  return (
    <ConfirmButton
      danger
      size="compact-sm"
      label={words.take}
      accessibleLabel={words.takeOf(role, holder.name)}
      title={words.takeTitle(role, holder.name)}
      consequence={holder.id === user.id ? `${what} ${words.takeOwn}` : what}
      onConfirm={() => take.mutateAsync(undefined)}
    />
  );
}
