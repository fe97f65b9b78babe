import { Button, Group, Switch, Text } from '@mantine/core';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { send, type Schemas } from '../api/client';
import { useMay } from '../frame/session';
import { Card } from '../parts/page';
import { RunList } from '../parts/run-list';
import { useChange } from '../parts/said';
import { ErrorNote } from '../parts/states';
import { t } from '../text';

const words = t.appAccounts;

/** The bulk work of an app, and the one kind that is begun here: looking at everybody again. */
export function AppRuns({ app }: { readonly app: Schemas['Application'] }) {
  const may = useMay();
  return (
    <>
      {may('mappings.manage') && app.status === 'ACTIVE' && <Synchronize appId={app.id} />}
      <RunList label={words.runs} empty={words.noRuns} appId={app.id} />
    </>
  );
}

function Synchronize({ appId }: { readonly appId: string }) {
  const navigate = useNavigate();
  const [reads, setReads] = useState(false);
  const begin = useChange(async () => {
    const run = await send('post', '/usher/v1/apps/{appId}/synchronize', { path: { appId }, body: { read: reads } });
    await navigate(`/admin/runs/${run.id}`);
  });
  return (
    <Card title={words.synchronize}>
      <Text size="sm" mb="md">
        {words.synchronizeWhat}
      </Text>
      <ErrorNote error={begin.error} />
      <Group justify="space-between" align="flex-end">
        <Switch
          label={words.readFirst}
          description={words.readFirstWhat}
          checked={reads}
          onChange={(event) => setReads(event.currentTarget.checked)}
        />
        <Button loading={begin.isPending} onClick={() => begin.mutate(undefined)}>
          {words.synchronizeNow}
        </Button>
      </Group>
    </Card>
  );
}
