import { AppShell, Burger, Group, Loader } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useIsFetching } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useState } from 'react';
import { NavLink, Outlet, useLocation, useNavigate } from 'react-router';
import { Icon, type IconName } from '../parts/icon';
import { Waiting } from '../parts/states';
import { t } from '../text';
import { AccountMenu } from './account-menu';
import { Brand } from './brand';
import { TaskBadge } from './task-badge';
import { GlobalSearch } from './global-search';
import { useMay, type Permission } from './session';
import { areShortcutsOn } from './shortcuts';

interface Section {
  readonly to: string;
  readonly label: string;
  readonly icon: IconName;
  readonly key: string;
  readonly permission?: Permission;
}

const sections: readonly Section[] = [
  { to: '/admin', label: t.nav.home, icon: 'home', key: 'h' },
  { to: '/admin/tasks', label: t.nav.tasks, icon: 'tasks', key: 't', permission: 'apps.read' },
  { to: '/admin/people', label: t.nav.people, icon: 'person', key: 'p', permission: 'users.read' },
  { to: '/admin/groups', label: t.nav.groups, icon: 'group', key: 'u', permission: 'groups.read' },
  { to: '/admin/applications', label: t.nav.applications, icon: 'apps', key: 'a', permission: 'apps.read' },
  {
    to: '/admin/profile-editor',
    label: t.nav.profileEditor,
    icon: 'profile',
    key: 'd',
    permission: 'schemas.read',
  },
  { to: '/admin/plans', label: t.nav.plans, icon: 'plans', key: 'n', permission: 'apps.read' },
  { to: '/admin/runs', label: t.nav.runs, icon: 'runs', key: 'r', permission: 'runs.read' },
  { to: '/admin/log', label: t.nav.log, icon: 'log', key: 'l', permission: 'logs.read' },
  { to: '/admin/reports', label: t.nav.reports, icon: 'reports', key: 'e', permission: 'reports.read' },
  { to: '/admin/system', label: t.nav.system, icon: 'system', key: 's', permission: 'org.read' },
  { to: '/admin/settings', label: t.nav.settings, icon: 'settings', key: ',', permission: 'tokens.own' },
];

export function AdminFrame() {
  const [opened, { toggle, close }] = useDisclosure(false);
  const may = useMay();
  const { pathname } = useLocation();
  const visible = sections.filter(({ permission }) => permission === undefined || may(permission));
  useEffect(close, [pathname, close]);
  const [open, setOpen] = useState<'calls' | 'keys'>();
  const shut = () => setOpen(undefined);
  useGoKeys(visible, setOpen);
  return (
    <AppShell
      header={{ height: 60 }}
      navbar={{ width: 230, breakpoint: 'sm', collapsed: { mobile: !opened } }}
      padding={{ base: 'md', sm: 'xl' }}
    >
      <AppShell.Header style={{ background: 'var(--u-surface)', borderColor: 'var(--u-line)' }}>
        <a className="u-skip" href="#content">
          {t.frame.skip}
        </a>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap">
            <Burger opened={opened} onClick={toggle} hiddenFrom="sm" size="sm" aria-label={t.frame.menu} />
            <Brand to="/admin" />
          </Group>
          <GlobalSearch />
          <Group gap="sm" wrap="nowrap">
            <Busy />
            <AccountMenu onCalls={() => setOpen('calls')} onKeys={() => setOpen('keys')} />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="sm" style={{ background: 'var(--u-surface)', borderColor: 'var(--u-line)' }}>
        <nav className="u-nav" aria-label={t.frame.sections}>
          {visible.map(({ to, label, icon }) => (
            <NavLink key={to} to={to} end={to === '/admin'}>
              <Icon name={icon} />
              {label}
              {to === '/admin/tasks' && <TaskBadge />}
            </NavLink>
          ))}
        </nav>
      </AppShell.Navbar>
      <AppShell.Main id="content">
        <div style={{ maxWidth: 1200, marginInline: 'auto' }}>
          <Suspense fallback={<Waiting />}>
            <Outlet />
          </Suspense>
        </div>
      </AppShell.Main>
      <Suspense>
        {open === 'calls' && <CallsDrawer onClose={shut} />}
        {open === 'keys' && <KeysDialog sections={visible} onClose={shut} />}
      </Suspense>
    </AppShell>
  );
}

function Busy() {
  // What is looked up again because something changed comes by itself: nobody waits for it.
  const busy = useIsFetching({ predicate: ({ state }) => state.dataUpdatedAt === 0 }) > 0;
  return <span style={{ inlineSize: 18 }}>{busy && <Loader size={16} aria-hidden />}</span>;
}

// What few open does not hold up the first page.
const CallsDrawer = lazy(async () => ({ default: (await import('./calls/calls-drawer')).CallsDrawer }));
const KeysDialog = lazy(async () => ({ default: (await import('./keys-dialog')).KeysDialog }));

/** Outside of fields `g` and then a letter goes to a section, or opens the calls, and `?` the list of keys. */
function useGoKeys(targets: readonly Section[], open: (what: 'calls' | 'keys') => void): void {
  const navigate = useNavigate();
  useEffect(() => {
    let begun = false;
    const onKey = (event: KeyboardEvent) => {
      const { target } = event;
      const typing = target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable]');
      if (typing !== null && typing !== false) return;
      if (event.ctrlKey || event.metaKey || event.altKey || !areShortcutsOn()) return;
      const found = begun ? targets.find(({ key }) => key === event.key) : undefined;
      if (begun && event.key === 'c') open('calls');
      if (!begun && event.key === '?') open('keys');
      begun = event.key === 'g';
      if (found !== undefined) void navigate(found.to);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [navigate, targets, open]);
}
