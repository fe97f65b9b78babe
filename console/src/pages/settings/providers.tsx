import { Button, Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { get, send, type Schemas } from '../../api/client';
import { useMay } from '../../frame/session';
import { Badge } from '../../parts/badge';
import { ConfirmButton } from '../../parts/confirm';
import { CopyField } from '../../parts/copy-field';
import { Facts } from '../../parts/facts';
import { Card } from '../../parts/page';
import { useChange } from '../../parts/said';
import { Empty, ErrorNote, Waiting } from '../../parts/states';
import { t } from '../../text';
import { ProviderDialog } from './provider-dialog';

type Provider = Schemas['IdentityProvider'];

const words = t.settings.providers;

/** Where people sign in besides here. */
export function Providers() {
  const may = useMay();
  const [adding, setAdding] = useState(false);
  const { data, error, refetch } = useQuery({
    queryKey: ['identity-providers'],
    queryFn: () => get('/usher/v1/identity-providers'),
  });
  if (data === undefined) {
    return error === null ? <Waiting /> : <ErrorNote error={error} retry={() => void refetch()} />;
  }
  return (
    <>
      <Group justify="space-between" mb="md">
        <Text size="sm" c="var(--mantine-color-dimmed)" maw={640}>
          {words.what}
        </Text>
        {may('roles.manage') && <Button onClick={() => setAdding(true)}>{words.add}</Button>}
      </Group>
      <Card title={words.redirectTitle}>
        <Text size="sm" mb="sm">
          {words.redirectWhat}
        </Text>
        <CopyField label={words.redirectUri} value={data.redirectUri} />
      </Card>
      {data.providers.length === 0 ? (
        <div className="u-surface">
          <Empty what={words.empty} />
        </div>
      ) : (
        data.providers.map((provider) => <ProviderCard key={provider.id} provider={provider} />)
      )}
      {adding && <ProviderDialog onClose={() => setAdding(false)} />}
    </>
  );
}

function ProviderCard({ provider }: { readonly provider: Provider }) {
  const may = useMay();
  const isActive = provider.status === 'ACTIVE';
  return (
    <Card
      title={provider.label}
      actions={<Badge tone={isActive ? 'good' : 'quiet'}>{isActive ? t.apps.active : t.apps.inactive}</Badge>}
    >
      <Facts
        label={words.factsOf(provider.label)}
        facts={[
          [words.issuer, provider.issuer],
          [words.clientId, provider.clientId],
          [words.claim, words.claims[provider.matchClaim]],
          [words.links, provider.links.toLocaleString(t.locale)],
        ]}
      />
      {may('roles.manage') && <Actions provider={provider} />}
    </Card>
  );
}

function Actions({ provider }: { readonly provider: Provider }) {
  const { id, label, issuer, clientId, matchClaim, status } = provider;
  const path = { providerId: id };
  const isActive = status === 'ACTIVE';
  const [editing, setEditing] = useState(false);
  const toggle = useChange(
    () =>
      send('put', '/usher/v1/identity-providers/{providerId}', {
        path,
        body: { label, issuer, clientId, matchClaim, status: isActive ? 'INACTIVE' : 'ACTIVE' },
      }),
    t.common.done,
  );
  const remove = useChange(
    () => send('delete', '/usher/v1/identity-providers/{providerId}', { path }),
    words.removed(label),
  );
  return (
    <>
      <Test provider={provider} />
      <Group mt="md" gap="sm">
        <Button variant="default" aria-label={t.common.actionOn(t.common.edit, label)} onClick={() => setEditing(true)}>
          {t.common.edit}
        </Button>
        {isActive ? (
          <ConfirmButton
            label={words.deactivate}
            accessibleLabel={t.common.actionOn(words.deactivate, label)}
            title={words.deactivateTitle(label)}
            consequence={words.deactivateWhat}
            onConfirm={() => toggle.mutateAsync(undefined)}
          />
        ) : (
          <Button
            variant="default"
            aria-label={t.common.actionOn(words.activate, label)}
            loading={toggle.isPending}
            onClick={() => toggle.mutate(undefined)}
          >
            {words.activate}
          </Button>
        )}
        <ConfirmButton
          danger
          label={t.common.remove}
          accessibleLabel={t.common.removeNamed(label)}
          title={words.removeTitle(label)}
          consequence={words.removeWhat}
          onConfirm={() => remove.mutateAsync(undefined)}
        />
      </Group>
      {!isActive && <ErrorNote error={toggle.error} />}
      {editing && <ProviderDialog provider={provider} onClose={() => setEditing(false)} />}
    </>
  );
}

/** What the provider says without a person: its addresses, its keys, and whether it takes our secret. */
function Test({ provider: { id, label } }: { readonly provider: Provider }) {
  const [findings, setFindings] = useState<Schemas['IdentityProviderTest']['findings']>();
  const test = useChange(async () => {
    setFindings(undefined);
    const path = { providerId: id };
    setFindings((await send('post', '/usher/v1/identity-providers/{providerId}/test', { path })).findings);
  });
  return (
    <>
      <Group mt="md">
        <Button
          variant="default"
          aria-label={t.common.actionOn(words.test, label)}
          loading={test.isPending}
          onClick={() => test.mutate(undefined)}
        >
          {words.test}
        </Button>
      </Group>
      <ErrorNote error={test.error} />
      <div role="status" aria-label={words.resultOf(label)}>
        {findings?.map(({ subject, ok, detail }) => (
          <Group key={subject} gap="sm" mt="sm" wrap="nowrap" align="flex-start">
            <Badge tone={ok ? 'good' : 'bad'}>{ok ? words.fine : words.wrong}</Badge>
            <Text size="sm">
              {subject}: {detail}
            </Text>
          </Group>
        ))}
      </div>
    </>
  );
}
