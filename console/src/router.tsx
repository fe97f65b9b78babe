import { createBrowserRouter, Navigate } from 'react-router';
import { AdminFrame } from './frame/admin-frame';
import { MyFrame } from './frame/my-frame';
import { RouteError } from './frame/route-error';
import { SessionGate, StartPage } from './frame/session';
import { LoginPage } from './pages/login';

/** A page of its own chunk, loaded when somebody first goes there. */
const lazily = (load: () => Promise<React.ComponentType>) => ({
  lazy: async () => ({ Component: await load() }),
  HydrateFallback: () => null,
});

const adminPages = [
  { index: true, ...lazily(async () => (await import('./pages/home')).HomePage) },
  { path: 'tasks', ...lazily(async () => (await import('./pages/tasks')).TasksPage) },
  { path: 'tasks/:taskId', ...lazily(async () => (await import('./pages/task')).TaskPage) },
  { path: 'people', ...lazily(async () => (await import('./pages/people')).PeoplePage) },
  { path: 'people/import', ...lazily(async () => (await import('./pages/people-import')).PeopleImportPage) },
  { path: 'people/:userId', ...lazily(async () => (await import('./pages/person')).PersonPage) },
  { path: 'groups', ...lazily(async () => (await import('./pages/groups')).GroupsPage) },
  {
    path: 'groups/rules',
    ...lazily(async () => (await import('./pages/group-rules/group-rules')).GroupRulesPage),
  },
  { path: 'groups/:groupId', ...lazily(async () => (await import('./pages/group')).GroupPage) },
  { path: 'applications', ...lazily(async () => (await import('./pages/apps')).AppsPage) },
  { path: 'applications/catalog', ...lazily(async () => (await import('./pages/catalog')).CatalogPage) },
  { path: 'applications/new', ...lazily(async () => (await import('./pages/wizard/wizard')).WizardPage) },
  {
    path: 'applications/catalog/:key',
    ...lazily(async () => (await import('./pages/catalog-entry')).CatalogEntryPage),
  },
  { path: 'applications/:appId', ...lazily(async () => (await import('./pages/app')).AppPage) },
  { path: 'applications/:appId/:tab', ...lazily(async () => (await import('./pages/app')).AppPage) },
  {
    path: 'profile-editor',
    ...lazily(async () => (await import('./pages/profile-editor/profile-editor')).ProfileEditorPage),
  },
  { path: 'plans', ...lazily(async () => (await import('./pages/plans')).PlansPage) },
  { path: 'plans/:planId', ...lazily(async () => (await import('./pages/plan')).PlanPage) },
  { path: 'runs', ...lazily(async () => (await import('./pages/runs')).RunsPage) },
  { path: 'runs/:runId', ...lazily(async () => (await import('./pages/run')).RunPage) },
  { path: 'system', ...lazily(async () => (await import('./pages/system')).SystemPage) },
  { path: 'settings', ...lazily(async () => (await import('./pages/settings/settings')).SettingsPage) },
  { path: 'settings/:section', ...lazily(async () => (await import('./pages/settings/settings')).SettingsPage) },
  { path: 'reports', ...lazily(async () => (await import('./pages/reports/reports')).ReportsPage) },
  { path: 'reports/:report', ...lazily(async () => (await import('./pages/reports/report')).ReportPage) },
  { path: 'log', ...lazily(async () => (await import('./pages/log')).LogPage) },
];

export const router = createBrowserRouter([
  {
    ErrorBoundary: RouteError,
    children: [
      { path: '/', element: <StartPage /> },
      { path: '/login', element: <LoginPage /> },
      { path: '/login/done', ...lazily(async () => (await import('./pages/login-done')).LoginDonePage) },
      { path: '/welcome/:token', ...lazily(async () => (await import('./pages/set-password')).SetPasswordPage) },
      { path: '/reset_password/:token', ...lazily(async () => (await import('./pages/set-password')).SetPasswordPage) },
      {
        element: <SessionGate />,
        children: [
          {
            path: '/my',
            element: <MyFrame />,
            children: [
              { index: true, ...lazily(async () => (await import('./pages/my-apps/my-apps')).MyAppsPage) },
              { path: 'profile', ...lazily(async () => (await import('./pages/my-profile')).MyProfilePage) },
            ],
          },
          { path: '/admin', element: <AdminFrame />, children: adminPages },
        ],
      },
      { path: '*', element: <Navigate to="/" replace /> },
    ],
  },
]);
