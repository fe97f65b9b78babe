import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { get } from '../api/client';
import { Facts } from '../parts/facts';
import { Card, PageBody } from '../parts/page';
import { ErrorNote, Waiting } from '../parts/states';
import { Time } from '../parts/time';
import { t } from '../text';

const words = t.system;

/** What runs here and on what: to be read before asking for help. */
export function SystemPage() {
  const { data, error, refetch } = useQuery({ queryKey: ['system'], queryFn: () => get('/usher/v1/system') });
  if (data === undefined) {
    return (
      <PageBody title={words.title}>
        {error === null ? <Waiting /> : <ErrorNote error={error} retry={() => void refetch()} />}
      </PageBody>
    );
  }
  const { database, lock } = data;
  return (
    <PageBody title={words.title}>
      <Card title={words.program}>
        <Facts
          label={words.program}
          facts={[
            [words.version, data.version],
            [words.node, data.nodeVersion],
            [words.started, <Time key="started" at={data.started} />],
            [words.organization, data.org.name],
            [words.catalog, data.catalogEntries.toLocaleString(t.locale)],
            [words.workers, data.workerSlots.toLocaleString(t.locale)],
          ]}
        />
      </Card>
      <Card title={words.database}>
        <Facts
          label={words.database}
          facts={[
            [words.kind, words.kinds[database.kind]],
            [words.durability, words.durabilities[database.kind]],
            [words.schema, words.schemaOf(database.schemaVersion, database.schemaVersionNewest)],
            ...(lock === null ? [] : [[words.folder, lock.dataFolder] as const]),
          ]}
        />
      </Card>
      <Card title={words.network}>
        {data.egressAllow.length === 0 ? (
          <Text size="sm">{words.networkOnly}</Text>
        ) : (
          data.egressAllow.map((network) => (
            <Text key={network} className="u-mono">
              {network}
            </Text>
          ))
        )}
        <Text size="sm" mt="sm" c="var(--mantine-color-dimmed)">
          {words.networkWhy}
        </Text>
      </Card>
    </PageBody>
  );
}
