import { Button, Group, Text } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'react-router';
import { send, type Schemas } from '../../api/client';
import { useMay } from '../../frame/session';
import { ConfirmButton } from '../../parts/confirm';
import { ListTable, useList } from '../../parts/list';
import { useChange } from '../../parts/said';
import { Empty } from '../../parts/states';
import { Time } from '../../parts/time';
import { t } from '../../text';
import { NewToken } from './new-token';

type Token = Schemas['ApiTokenUse'];

const words = t.settings.tokens;
const moment = new Intl.DateTimeFormat(t.locale, { dateStyle: 'medium', timeStyle: 'short' });

/** Everybody's to who administers tokens, one's own to everybody else. */
export function Tokens() {
  const [making, setMaking] = useState(false);
  const list = useList('/usher/v1/api-tokens', {});
  return (
    <>
      <Group justify="space-between" mb="md">
        <Text size="sm" c="var(--mantine-color-dimmed)" maw={640}>
          {words.what}
        </Text>
        <Button onClick={() => setMaking(true)}>{words.make}</Button>
      </Group>
      <div className="u-surface">
        <ListTable
          label={words.list}
          list={list}
          keyOf={(token) => token.id}
          empty={<Empty what={words.empty} />}
          columns={[
            { title: words.name, cell: ({ name }) => name },
            { title: words.holder, cell: (token) => <Holder holder={token.holder} /> },
            { title: words.used, cell: (token) => <Time at={token.lastUsed} /> },
            { title: words.created, cell: (token) => <Time at={token.created} /> },
            {
              title: words.expires,
              cell: ({ expires }) => (expires === null ? words.forever : moment.format(new Date(expires))),
            },
            { title: t.common.actions, cell: (token) => <Revoke token={token} /> },
          ]}
        />
      </div>
      {making && <NewToken onClose={() => setMaking(false)} />}
    </>
  );
}

function Holder({ holder: { id, login } }: Pick<Token, 'holder'>) {
  const may = useMay();
  if (!may('users.read')) return login;
  return (
    <Link className="u-link" to={`/admin/people/${id}`}>
      {login}
    </Link>
  );
}

function Revoke({ token: { id, name, holder, lastUsed } }: { readonly token: Token }) {
  const revoke = useChange(
    () => send('delete', '/api/v1/api-tokens/{tokenId}', { path: { tokenId: id } }),
    words.revoked(name),
  );
  const used =
    lastUsed === null
      ? words.revokeNever(holder.login)
      : words.revokeUsed(holder.login, moment.format(new Date(lastUsed)));
  return (
    <ConfirmButton
      danger
      size="compact-sm"
      label={words.revoke}
      accessibleLabel={t.common.actionOn(words.revoke, name)}
      title={words.revokeTitle(name)}
      consequence={`${used} ${words.revokeWhat}`}
      onConfirm={() => revoke.mutateAsync(undefined)}
    />
  );
}
