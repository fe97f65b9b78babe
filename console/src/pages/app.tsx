import { Button, Tabs } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from 'react-router';
import { get, send } from '../api/client';
import { mappingQuery } from '../api/mapping';
import { useMay } from '../frame/session';
import { AppLogo } from '../parts/app-logo';
import { Badge } from '../parts/badge';
import { EventTab } from '../parts/event-tab';
import { PageBody } from '../parts/page';
import { peopleFoundQuery } from '../parts/person-select';
import { usePrefetch } from '../parts/prefetch';
import { useChange } from '../parts/said';
import { ErrorNote } from '../parts/states';
import { TabStrip } from '../parts/tab-strip';
import { Unread } from '../parts/unread';
import { t } from '../text';
import { AppAccounts } from './app-accounts/app-accounts';
import { AppAssignments } from './app-assignments';
import { AppGeneral } from './app-general';
import { AppMappings } from './app-mappings';
import { AppOverview } from './app-overview';
import { AppProvisioning, connectionQuery, toAppQuery } from './app-provisioning';
import { AppRuns } from './app-runs';
import { AppSignOn, firstPersonQuery } from './app-sign-on';
import { PushGroups, pushOverviewQuery } from './push-groups/push-groups';

const tabs = [
  'overview',
  'general',
  'sign-on',
  'provisioning',
  'mappings',
  'assignments',
  'push-groups',
  'accounts',
  'runs',
  'log',
] as const;

/** What a tab asks for by the app's id alone, and would otherwise ask for when it has the app or a first answer. */
const early: { readonly [tab: string]: (appId: string) => Parameters<typeof usePrefetch>[0] } = {
  'sign-on': () => [firstPersonQuery, peopleFoundQuery('')],
  provisioning: (appId) => [connectionQuery(appId), toAppQuery(appId), mappingQuery(appId)],
  mappings: (appId) => [mappingQuery(appId), peopleFoundQuery('')],
  'push-groups': (appId) => [pushOverviewQuery(appId)],
};

const above = { to: '/admin/applications', label: t.apps.title };

/** One app, in the tabs people know from Okta. */
export function AppPage() {
  const { appId = '', tab = 'overview' } = useParams();
  const may = useMay();
  const navigate = useNavigate();
  usePrefetch(early[tab]?.(appId) ?? []);
  const app = useQuery({ queryKey: ['app', appId], queryFn: () => get('/api/v1/apps/{appId}', { path: { appId } }) });
  const verb = app.data?.status === 'ACTIVE' ? 'deactivate' : 'activate';
  const toggle = useChange(
    () => send('post', `/api/v1/apps/{appId}/lifecycle/${verb}`, { path: { appId } }),
    t.common.done,
  );
  if (app.data === undefined) {
    return <Unread above={above} error={app.error} retry={() => void app.refetch()} />;
  }
  const { data } = app;
  const shown = tabs.filter((name) => (name !== 'log' || may('logs.read')) && (name !== 'runs' || may('runs.read')));
  return (
    <PageBody
      title={data.label}
      picture={<AppLogo app={data} size={56} />}
      above={[above]}
      actions={
        <>
          <Badge tone={data.status === 'ACTIVE' ? 'good' : 'quiet'}>
            {data.status === 'ACTIVE' ? t.apps.active : t.apps.inactive}
          </Badge>
          {may('apps.manage') && verb === 'activate' && (
            <Button variant="default" loading={toggle.isPending} onClick={() => toggle.mutate(undefined)}>
              {t.app.activate}
            </Button>
          )}
        </>
      }
    >
      <ErrorNote error={toggle.error} />
      <Tabs
        value={tab}
        keepMounted={false}
        onChange={(name) => void navigate(`/admin/applications/${appId}${name === 'overview' ? '' : `/${name}`}`)}
      >
        <TabStrip current={tab}>
          {shown.map((name) => (
            <Tabs.Tab value={name} key={name}>
              {t.app.tabs[name]}
            </Tabs.Tab>
          ))}
        </TabStrip>
        <Tabs.Panel value="overview">
          <AppOverview app={data} />
        </Tabs.Panel>
        <Tabs.Panel value="general">
          <AppGeneral app={data} />
        </Tabs.Panel>
        <Tabs.Panel value="sign-on">
          <AppSignOn app={data} />
        </Tabs.Panel>
        <Tabs.Panel value="provisioning">
          <AppProvisioning app={data} />
        </Tabs.Panel>
        <Tabs.Panel value="mappings">
          <AppMappings app={data} />
        </Tabs.Panel>
        <Tabs.Panel value="assignments">
          <AppAssignments app={data} />
        </Tabs.Panel>
        <Tabs.Panel value="push-groups">
          <PushGroups appId={appId} />
        </Tabs.Panel>
        <Tabs.Panel value="accounts">
          <AppAccounts app={data} />
        </Tabs.Panel>
        <Tabs.Panel value="runs">
          <AppRuns app={data} />
        </Tabs.Panel>
        <Tabs.Panel value="log">
          <EventTab filter={`target.id eq "${appId}"`} />
        </Tabs.Panel>
      </Tabs>
    </PageBody>
  );
}
