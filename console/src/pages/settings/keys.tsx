import { Group, Progress, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { get, send, type Schemas } from '../../api/client';
import { useMay } from '../../frame/session';
import { Badge, type Tone } from '../../parts/badge';
import { ConfirmButton } from '../../parts/confirm';
import { Facts } from '../../parts/facts';
import { Card } from '../../parts/page';
import { useChange } from '../../parts/said';
import { ErrorNote, Waiting } from '../../parts/states';
import { Table } from '../../parts/table';
import { Time } from '../../parts/time';
import { t } from '../../text';

type Keys = Schemas['Keys'];

const words = t.settings.keys;
const tones: Readonly<Record<Schemas['DataKey']['state'], Tone>> = {
  ACTIVE: 'good',
  RETIRING: 'info',
  RETIRED: 'warn',
};
/** Milliseconds between two looks while keys are rotated. */
const lookEveryMs = 1_000;

/** What secrets are sealed with. How far a rotation is comes from the server: it goes on whoever looks. */
export function Keys() {
  const may = useMay();
  const { data, error, refetch } = useQuery({
    queryKey: ['keys'],
    queryFn: () => get('/usher/v1/keys', { unattended: true }),
    refetchInterval: ({ state }) => (state.data?.rotation == null ? false : lookEveryMs),
  });
  const rotate = useChange(() => send('post', '/usher/v1/keys/rotate'), words.begun);
  if (data === undefined) {
    return error === null ? <Waiting /> : <ErrorNote error={error} retry={() => void refetch()} />;
  }
  return (
    <>
      <Group justify="space-between" mb="md">
        <Text size="sm" c="var(--mantine-color-dimmed)" maw={640}>
          {words.what}
        </Text>
        {may('roles.manage') && data.rotation === null && (
          <ConfirmButton
            label={words.rotate}
            title={words.rotateTitle}
            consequence={words.rotateWhat}
            onConfirm={() => rotate.mutateAsync(undefined)}
          />
        )}
      </Group>
      <Rotation rotation={data.rotation} />
      <div className="u-surface" style={{ marginBlockEnd: 20 }}>
        <KeyTable keys={data.keys} />
      </div>
      <Card title={words.masterTitle}>
        <Facts
          label={words.masterTitle}
          facts={[
            [
              words.masterId,
              <span key="id" className="u-mono">
                {data.master.id}
              </span>,
            ],
            [words.direct, words.directCount(data.master.secrets)],
            [words.unreadable, words.unreadableCount(data.unreadable)],
          ]}
        />
        <Text size="sm" mt="md">
          {words.masterHow}
        </Text>
      </Card>
    </>
  );
}

/** Always there, so that its beginning and its end are said. */
function Rotation({ rotation }: Pick<Keys, 'rotation'>) {
  return (
    <div role="status" aria-label={words.rotation}>
      {rotation !== null && (
        <Card title={words.rotation}>
          <Text size="sm" mb="sm">
            {words.progress(rotation.done, rotation.total)}
          </Text>
          <Progress.Root size="lg">
            <Progress.Section
              value={rotation.total === 0 ? 0 : (100 * rotation.done) / rotation.total}
              animated
              aria-label={words.rotation}
              aria-valuetext={words.progress(rotation.done, rotation.total)}
            />
          </Progress.Root>
        </Card>
      )}
    </div>
  );
}

function KeyTable({ keys }: Pick<Keys, 'keys'>) {
  return (
    <Table
      label={words.list}
      items={keys}
      keyOf={({ id }) => id}
      columns={[
        { title: words.id, cell: ({ id }) => id, mono: true },
        { title: words.state, cell: ({ state }) => <Badge tone={tones[state]}>{words.states[state]}</Badge> },
        { title: words.secrets, cell: ({ secrets }) => secrets.toLocaleString(t.locale) },
        { title: words.created, cell: ({ created }) => <Time at={created} /> },
      ]}
    />
  );
}
