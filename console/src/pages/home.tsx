import { Group, SimpleGrid, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { firstProgress } from '../api/app-progress';
import { useMay, useSession } from '../frame/session';
import { AppHealth } from '../parts/app-health';
import { Logo } from '../parts/app-logo';
import { EventList } from '../parts/event-list';
import { useList } from '../parts/list';
import { Card, PageBody } from '../parts/page';
import { ErrorNote } from '../parts/states';
import { t } from '../text';
import { FiguresCard, TasksCard } from './home-figures';
import { OperationsCard } from './home-operations';
import { SetUpCard } from './home-set-up';

export function HomePage() {
  const { user } = useSession();
  const may = useMay();
  return (
    <PageBody title={t.home.title(user.displayName)}>
      {may('apps.read') && <SetUpCard />}
      {may('apps.read') && <FiguresCard />}
      {may('apps.read') && <TasksCard />}
      {may('logs.read') && <OperationsCard />}
      {may('apps.read') && <AppsCard />}
      {may('logs.read') && <RecentCard />}
      {!may('apps.read') && !may('logs.read') && <Text>{t.home.chooseSection}</Text>}
    </PageBody>
  );
}

/** The apps to look at first, and how each is doing. */
function AppsCard() {
  const { data, error } = useQuery(firstProgress(8));
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
          <Link key={app.id} className="u-surface u-card-link" to={`/admin/applications/${app.id}`}>
            <Group wrap="nowrap">
              <Logo src={app.logo} name={app.label} size={38} />
              <div style={{ flex: 1, minWidth: 0 }}>
                <Text fw={600} truncate>
                  {app.label}
                </Text>
                <Text size="sm" c="var(--mantine-color-dimmed)">
                  {t.home.accounts(app.assigned)}
                </Text>
              </div>
              <AppHealth {...app} />
            </Group>
          </Link>
        ))}
      </SimpleGrid>
    </Card>
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
