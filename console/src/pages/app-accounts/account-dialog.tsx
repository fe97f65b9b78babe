import { Modal, Stack, Tabs, Text } from '@mantine/core';
import type { Schemas } from '../../api/client';
import { Badge, type Tone } from '../../parts/badge';
import { ChangeTable, changesOf, wordOf } from '../../parts/event-changes';
import { Explanation } from '../../parts/explanation';
import { Facts } from '../../parts/facts';
import { useList } from '../../parts/list';
import { nameOf } from '../../parts/person';
import { Empty, ErrorNote, Waiting } from '../../parts/states';
import { Time } from '../../parts/time';
import { t } from '../../text';
import { State, type Account } from './account-state';

const words = t.appAccounts;

interface Props {
  readonly app: Schemas['Application'];
  readonly account: Account;
  readonly onClose: () => void;
}

/** One account: what the app confirmed, what was written to it, and why it is so. */
export function AccountDialog({ app, account, onClose }: Props) {
  const title = words.title(nameOf({ ...account }), app.label);
  return (
    <Modal opened onClose={onClose} title={title} size="xl" closeButtonProps={{ 'aria-label': t.common.close }}>
      <Tabs defaultValue="account" keepMounted={false}>
        <Tabs.List mb="md">
          {(['account', 'writes', 'why'] as const).map((tab) => (
            <Tabs.Tab value={tab} key={tab}>
              {words.tabs[tab]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="account">
          <Confirmed account={account} />
        </Tabs.Panel>
        <Tabs.Panel value="writes">
          <Writes appId={app.id} userId={account.userId} />
        </Tabs.Panel>
        <Tabs.Panel value="why">
          {account.assigned ? <Explanation appId={app.id} userId={account.userId} /> : <Empty what={words.noWhy} />}
        </Tabs.Panel>
      </Tabs>
    </Modal>
  );
}

function Confirmed({ account }: { readonly account: Account }) {
  const { userName, externalId, lastError, nextAttemptAt, attempts, profile } = account;
  const waits = lastError !== null && nextAttemptAt !== null;
  return (
    <Stack>
      <Facts
        label={words.list}
        facts={[
          [words.state, <State key="state" account={account} />],
          [words.userName, userName ?? ''],
          [words.externalId, externalId ?? ''],
          ...(lastError === null ? [] : [[words.attempts, String(attempts)] as const]),
          ...(waits ? [[words.nextAttempt, <Time key="next" at={nextAttemptAt} />] as const] : []),
        ]}
      />
      {profile === null ? (
        <Text size="sm">{words.unconfirmed}</Text>
      ) : (
        <section aria-label={words.confirmed}>
          <Text fw={600}>{words.confirmed}</Text>
          <Facts
            label={words.confirmed}
            facts={Object.entries(profile).map(([name, value]) => [name, wordOf(value)] as const)}
          />
        </section>
      )}
    </Stack>
  );
}

const tones: Readonly<Record<string, Tone>> = { SUCCESS: 'good', FAILURE: 'bad', UNKNOWN: 'warn' };

function Writes({ appId, userId }: { readonly appId: string; readonly userId: string }) {
  const list = useList('/usher/v1/apps/{appId}/operations', { path: { appId }, query: { userId, limit: 20 } });
  if (list.items === undefined) return list.error === null ? <Waiting /> : <ErrorNote error={list.error} />;
  if (list.items.length === 0) return <Empty what={words.noWrites} />;
  return (
    <Stack>
      {list.items.map((operation) => {
        const changes = changesOf(operation);
        return (
          <section key={operation.id} className="u-surface" style={{ padding: 16 }}>
            <Text fw={600} component="div">
              {t.operationKinds[operation.kind] ?? operation.kind}{' '}
              <Badge tone={tones[operation.outcome] ?? 'quiet'}>{words.outcomes[operation.outcome]}</Badge>
            </Text>
            <Text size="sm" c="var(--mantine-color-dimmed)" component="div">
              <Time at={operation.at} /> · {t.app.ms(operation.durationMs)} · {words.attempt(operation.attempt)}
            </Text>
            {operation.error !== null && <Text size="sm">{operation.error}</Text>}
            {operation.ignored.length > 0 && <Text size="sm">{words.ignored(operation.ignored)}</Text>}
            {changes.length > 0 && <ChangeTable changes={changes} />}
          </section>
        );
      })}
    </Stack>
  );
}
