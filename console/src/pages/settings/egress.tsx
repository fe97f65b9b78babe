import { Button, Group, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { get, send, type Schemas } from '../../api/client';
import { useMay } from '../../frame/session';
import { Badge } from '../../parts/badge';
import { CopyField } from '../../parts/copy-field';
import { Card } from '../../parts/page';
import { ErrorNote, Waiting } from '../../parts/states';
import { Table } from '../../parts/table';
import { t } from '../../text';

type Check = Schemas['EgressCheck'];

const words = t.settings.egress;

/** Where Usher may connect to. It is set where Usher is started, so that nobody opens a network from a browser. */
export function Egress() {
  const may = useMay();
  return (
    <>
      <Text size="sm" c="var(--mantine-color-dimmed)" mb="md" maw={640}>
        {words.what}
      </Text>
      {may('org.read') && <Networks />}
      {may('connections.manage') && <Question />}
    </>
  );
}

function Networks() {
  const { data, error, refetch } = useQuery({ queryKey: ['system'], queryFn: () => get('/usher/v1/system') });
  if (data === undefined) {
    return error === null ? <Waiting /> : <ErrorNote error={error} retry={() => void refetch()} />;
  }
  const { egressAllow: networks } = data;
  return (
    <>
      <Card title={words.rules}>
        <Table
          label={words.rules}
          flush
          items={[
            { where: words.internet, isOpen: true, why: words.internetWhy },
            ...networks.map((network) => ({ where: network, isOpen: true, why: words.openedWhy })),
            { where: words.inside, isOpen: false, why: words.insideWhy },
            { where: words.self, isOpen: false, why: words.selfWhy },
          ]}
          keyOf={({ where }) => where}
          columns={[
            { title: words.where, cell: ({ where }) => where },
            {
              prose: true,
              title: words.open,
              cell: ({ isOpen, why }) => (
                <Group gap="sm">
                  <Answer allowed={isOpen} />
                  <span style={{ flex: 1, minWidth: 140 }}>{why}</span>
                </Group>
              ),
            },
          ]}
        />
      </Card>
      <Card title={words.how}>
        <Text size="sm" mb="sm">
          {words.howWhat}
        </Text>
        <CopyField label={words.setting} value={`USHER_EGRESS_ALLOW=${[...networks, '10.20.0.0/16'].join(',')}`} />
      </Card>
    </>
  );
}

function Answer({ allowed }: { readonly allowed: boolean }) {
  return <Badge tone={allowed ? 'good' : 'bad'}>{allowed ? words.yes : words.no}</Badge>;
}

/** Asks the server, which judges as it would judge a connection. */
function Question() {
  const [url, setUrl] = useState('');
  const check = useMutation({
    mutationFn: () => send('post', '/usher/v1/egress/check', { body: { url: url.trim() } }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    check.mutate();
  };
  return (
    <Card title={words.question}>
      <form onSubmit={submit}>
        <Group align="flex-end" gap="sm">
          <TextInput
            style={{ flex: 1, minWidth: 200 }}
            label={words.address}
            description={words.addressWhat}
            value={url}
            maxLength={2_000}
            onChange={(event) => {
              setUrl(event.currentTarget.value);
              check.reset();
            }}
          />
          <Button type="submit" loading={check.isPending} disabled={url.trim() === ''}>
            {words.ask}
          </Button>
        </Group>
      </form>
      <ErrorNote error={check.error} />
      <div role="status" aria-label={words.answer}>
        {check.data !== undefined && <Verdict check={check.data} />}
      </div>
    </Card>
  );
}

function Verdict({ check: { host, port, allowed, addresses } }: { readonly check: Check }) {
  return (
    <>
      <Group gap="sm" mt="md" wrap="nowrap">
        <Answer allowed={allowed} />
        <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
          {addresses.length === 0 ? words.unknownName(host) : words.verdict(allowed, host, port)}
        </Text>
      </Group>
      {addresses.map(({ address, reason, network }) => (
        <Text size="sm" mt="xs" key={address} style={{ overflowWrap: 'anywhere' }}>
          <span className="u-mono">{address}</span>: {words.reasons[reason]} {network}
        </Text>
      ))}
    </>
  );
}
