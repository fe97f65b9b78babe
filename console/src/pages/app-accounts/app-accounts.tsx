import { Button, Group, Select, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import type { Schemas } from '../../api/client';
import { useAddress } from '../../parts/address';
import { AddressField } from '../../parts/address-field';
import { PersonLink } from '../../parts/links';
import { ListTable, useList } from '../../parts/list';
import { nameOf } from '../../parts/person';
import { Empty } from '../../parts/states';
import { Time } from '../../parts/time';
import { t } from '../../text';
import { AccountDialog } from './account-dialog';
import { State, type Account } from './account-state';

const words = t.appAccounts;
const states = ['ERROR', 'OUT_OF_SYNC', 'SYNCING', 'SYNCHRONIZED', 'DISABLED'] as const;
const choices: readonly { readonly value: string; readonly label: string }[] = [
  ...states.map((value) => ({ value, label: t.syncState[value] })),
  { value: 'FORMER', label: words.former },
];

/** Every account of the app, how far it is and what stands in the way. */
export function AppAccounts({ app }: { readonly app: Schemas['Application'] }) {
  const { get, set } = useAddress();
  const [opened, setOpened] = useState<Account>();
  const [q] = useDebouncedValue((get('q') ?? '').trim(), 250);
  const state = get('state');
  const list = useList('/usher/v1/apps/{appId}/accounts', {
    path: { appId: app.id },
    query: { q, state: state ?? '' },
  });
  return (
    <>
      <Text size="sm" c="var(--mantine-color-dimmed)" mb="md">
        {words.what}
      </Text>
      <div className="u-surface">
        <Group p="md" align="flex-end">
          <AddressField name="q" style={{ flex: '1 1 260px' }} type="search" label={words.search} />
          <Select
            w={200}
            label={words.state}
            placeholder={words.anyState}
            clearable
            clearButtonProps={{ 'aria-label': t.common.clear }}
            data={choices}
            value={state}
            onChange={(value) => set('state', value)}
          />
        </Group>
        <ListTable
          label={words.list}
          list={list}
          keyOf={(account) => account.userId}
          empty={<Empty what={q === '' && state === null ? words.empty : words.emptyFiltered} />}
          columns={[
            {
              title: words.person,
              cell: (account) => (
                <PersonLink id={account.userId} name={nameOf({ ...account })} below={account.userName} />
              ),
            },
            {
              title: words.externalId,
              cell: ({ externalId }) => (
                <Text className="u-mono" truncate maw={130} title={externalId ?? undefined}>
                  {externalId}
                </Text>
              ),
            },
            { title: words.state, cell: (account) => <State account={account} /> },
            { title: words.lastWrite, cell: ({ lastOperation }) => <LastWrite operation={lastOperation} /> },
            {
              title: t.common.actions,
              cell: (account) => (
                <Button
                  size="compact-sm"
                  variant="default"
                  aria-label={t.common.actionOn(words.open, nameOf({ ...account }))}
                  onClick={() => setOpened(account)}
                >
                  {words.open}
                </Button>
              ),
            },
          ]}
        />
      </div>
      {opened !== undefined && <AccountDialog app={app} account={opened} onClose={() => setOpened(undefined)} />}
    </>
  );
}

function LastWrite({ operation }: { readonly operation: Account['lastOperation'] }) {
  if (operation === null) return null;
  const { kind, outcome, at } = operation;
  return (
    <>
      <div>
        {t.operationKinds[kind] ?? kind}
        {outcome !== 'SUCCESS' && `, ${words.outcomes[outcome]}`}
      </div>
      <Text size="xs" c="var(--mantine-color-dimmed)" component="div">
        <Time at={at} />
      </Text>
    </>
  );
}
