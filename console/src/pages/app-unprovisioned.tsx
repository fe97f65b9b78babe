import { Button, Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { progressOf } from '../api/app-progress';
import { send } from '../api/client';
import { useMay } from '../frame/session';
import { useChange } from '../parts/said';
import { ErrorNote } from '../parts/states';
import { t } from '../text';

/** People who had the app before provisioning was on, and what to do about it: all of them in one step. */
export function UnprovisionedNote({ appId }: { readonly appId: string }) {
  const may = useMay();
  const { data } = useQuery(progressOf([appId]));
  const unprovisioned = data?.get(appId)?.unprovisioned ?? 0;
  const all = useChange(
    () => send('post', '/usher/v1/apps/{appId}/provision', { path: { appId }, body: { all: true } }),
    t.app.provisionBegun,
  );
  if (unprovisioned === 0) return null;
  return (
    <div className="u-note" data-tone="warn" style={{ marginBlockEnd: 20 }}>
      <Group justify="space-between">
        <Text size="sm" fw={600}>
          {t.app.unprovisioned(unprovisioned)}
        </Text>
        <Group gap="sm">
          <Link className="u-link" to={`/admin/applications/${appId}/assignments?kind=unprovisioned`}>
            {t.unprovisioned.look}
          </Link>
          {may('apps.assign') && (
            <Button variant="default" loading={all.isPending} onClick={() => all.mutate(undefined)}>
              {t.app.provisionAll(unprovisioned)}
            </Button>
          )}
        </Group>
      </Group>
      <ErrorNote error={all.error} />
    </div>
  );
}
