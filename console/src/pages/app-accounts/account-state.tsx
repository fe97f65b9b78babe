import { Group, Text } from '@mantine/core';
import type { Schemas } from '../../api/client';
import { AccountState, Badge } from '../../parts/badge';
import { t } from '../../text';

export type Account = Schemas['Account'];

const words = t.appAccounts;

/** How far an account is, and what stands in the way. */
export function State({ account }: { readonly account: Account }) {
  const { assigned, syncState, externalId, lastError } = account;
  return (
    <>
      <Group gap={4}>
        <AccountState syncState={syncState} hasAccount={externalId !== null} />
        {!assigned && <Badge tone="warn">{words.former}</Badge>}
      </Group>
      {lastError !== null && (
        <Text size="xs" mt={4} maw={340} style={{ overflowWrap: 'anywhere' }}>
          {lastError}
        </Text>
      )}
    </>
  );
}
