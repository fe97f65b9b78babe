import { Group, SimpleGrid, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { get } from '../api/client';
import { whileWaiting } from '../api/unsettled';
import { useMay, useSession } from '../frame/session';
import { AppLogo } from '../parts/app-logo';
import { Badge } from '../parts/badge';
import { EventList } from '../parts/event-list';
import { useList } from '../parts/list';
import { Card, PageBody } from '../parts/page';
import { ErrorNote } from '../parts/states';
import { t } from '../text';
import { OperationsCard } from './home-operations';
import { SetUpCard } from './home-set-up';

export function HomePage() {
  const { user } = useSession();
  const may = useMay();
  return (
    <PageBody title={t.home.title(user.displayName)}>
      {may('apps.read') && <SetUpCard />}
      {may('logs.read') && <OperationsCard />}
      {may('apps.read') && <AppsCard />}
      {may('logs.read') && <RecentCard />}
      {!may('apps.read') && !may('logs.read') && <Text>{t.home.chooseSection}</Text>}
    </PageBody>
  );
}

/** The first apps, and how each is doing. */
function AppsCard() {
  const { data, error } = useQuery({
    queryKey: ['home-apps'],
    queryFn: () => get('/api/v1/apps', { query: { limit: 8 } }),
  });
  return (
    <Card
      title={t.home.health}
      actions={
        <Link className="u-link" to="/admin/applications">
          {t.home.allApps}
        </Link>
      }
    >
      <ErrorNote error={error} />
      {data?.length === 0 && (
        <Stack gap="xs">
          <Text>{t.home.noApps}</Text>
          <Link className="u-link" to="/admin/applications/catalog">
            {t.apps.browse}
          </Link>
        </Stack>
      )}
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        {data?.map((app) => (
          <AppHealth key={app.id} appId={app.id} picture={<AppLogo app={app} size={38} />} label={app.label} />
        ))}
      </SimpleGrid>
    </Card>
  );
}

function AppHealth(props: { readonly appId: string; readonly picture: React.ReactNode; readonly label: string }) {
  const { appId, picture, label } = props;
  const { data } = useQuery({
    queryKey: ['progress', appId],
    queryFn: () => get('/usher/v1/apps/{appId}/progress', { path: { appId }, unattended: true }),
    refetchInterval: ({ state }) => whileWaiting(state.data?.waiting ?? 0),
  });
  return (
    <Link className="u-surface u-card-link" to={`/admin/applications/${appId}`}>
      <Group wrap="nowrap">
        {picture}
        <div style={{ flex: 1, minWidth: 0 }}>
          <Text fw={600} truncate>
            {label}
          </Text>
          <Text size="sm" c="var(--mantine-color-dimmed)">
            {data === undefined ? t.common.loading : t.home.accounts(data.assigned)}
          </Text>
        </div>
        {data !== undefined && data.failed > 0 ? (
          <Badge tone="bad">{t.home.failed(data.failed)}</Badge>
        ) : data !== undefined && data.health.state !== 'OK' ? (
          <Badge tone="warn">{t.health[data.health.state]}</Badge>
        ) : data !== undefined && data.waiting > 0 ? (
          <Badge tone="info">{t.home.waiting(data.waiting)}</Badge>
        ) : (
          <Badge tone="good">{t.health.OK}</Badge>
        )}
      </Group>
    </Link>
  );
}

function RecentCard() {
  const list = useList('/api/v1/logs', { query: { limit: 8, sortOrder: 'DESCENDING' } });
  return (
    <Card
      title={t.home.recent}
      actions={
        <Link className="u-link" to="/admin/log">
          {t.home.allEvents}
        </Link>
      }
    >
      <EventList list={{ ...list, hasMore: false }} />
    </Card>
  );
}
