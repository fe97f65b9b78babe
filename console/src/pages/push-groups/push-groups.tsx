import { Button, Group, SegmentedControl, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { get, send, type Schemas } from '../../api/client';
import { whileWaiting } from '../../api/unsettled';
import { useMay } from '../../frame/session';
import { useAddress } from '../../parts/address';
import { Badge } from '../../parts/badge';
import { useChange } from '../../parts/said';
import { Empty, ErrorNote, Waiting } from '../../parts/states';
import { t } from '../../text';
import { PushList } from './push-list';
import { PushRules } from './push-rules';

const words = t.pushGroups;

export type Overview = Schemas['GroupPushOverview'];

export interface PushProps {
  readonly appId: string;
  readonly overview: Overview;
}

export const pushOverviewQuery = (appId: string) => ({
  queryKey: ['push-overview', appId],
  queryFn: () => get('/usher/v1/apps/{appId}/group-push', { path: { appId } }),
});

/** Groups that the app is given: by name or by rule, how far each is, and what stands in the way. */
export function PushGroups({ appId }: { readonly appId: string }) {
  const { get: asked, setAll } = useAddress();
  const overview = useQuery({
    ...pushOverviewQuery(appId),
    refetchInterval: (query) => whileWaiting(query, query.state.data?.waiting ?? 0),
  });
  if (overview.data === undefined) {
    return overview.error === null ? (
      <Waiting />
    ) : (
      <ErrorNote error={overview.error} retry={() => void overview.refetch()} />
    );
  }
  const { data } = overview;
  if (!data.can.create || !data.can.update) {
    return (
      <div className="u-surface">
        <Empty what={words.cannot} />
      </div>
    );
  }
  const view = asked('view') === 'rules' ? 'rules' : 'groups';
  return (
    <>
      <Group justify="space-between" mb="md">
        <Text size="sm" c="var(--mantine-color-dimmed)" maw={640}>
          {words.what}
        </Text>
        <Counts overview={data} />
      </Group>
      <PushSwitch appId={appId} enabled={data.enabled} />
      <SegmentedControl
        mb="md"
        aria-label={t.app.show}
        value={view}
        onChange={(value) => setAll({ view: value === 'rules' ? value : null, q: null, status: null })}
        data={(['groups', 'rules'] as const).map((value) => ({ value, label: words.views[value] }))}
      />
      {view === 'groups' ? <PushList appId={appId} overview={data} /> : <PushRules appId={appId} overview={data} />}
    </>
  );
}

const counted = [
  ['active', 'good'],
  ['waiting', 'info'],
  ['error', 'bad'],
  ['inactive', 'quiet'],
] as const;

function Counts({ overview }: { readonly overview: Overview }) {
  return (
    <Group gap="xs">
      {counted
        .filter(([name]) => overview[name] > 0)
        .map(([name, tone]) => (
          <Badge key={name} tone={tone}>
            {words.counts[name](overview[name])}
          </Badge>
        ))}
    </Group>
  );
}

function PushSwitch({ appId, enabled }: { readonly appId: string; readonly enabled: boolean }) {
  const may = useMay();
  const change = useChange(
    (groupPush: boolean) =>
      send('patch', '/usher/v1/apps/{appId}/provisioning', { path: { appId }, body: { groupPush } }),
    t.common.saved,
  );
  if (enabled) return null;
  return (
    <div className="u-note" data-tone="warn" style={{ marginBlockEnd: 16 }}>
      <Group justify="space-between">
        <Text size="sm">{words.off}</Text>
        {may('apps.manage') && (
          <Button size="compact-sm" variant="default" loading={change.isPending} onClick={() => change.mutate(true)}>
            {words.switchOn}
          </Button>
        )}
      </Group>
      <ErrorNote error={change.error} />
    </div>
  );
}
