import { Group } from '@mantine/core';
import { Suspense } from 'react';
import { Outlet } from 'react-router';
import { Waiting } from '../parts/states';
import { t } from '../text';
import { AccountMenu } from './account-menu';
import { Brand } from './brand';

export function MyFrame() {
  return (
    <>
      <header style={{ background: 'var(--u-surface)', borderBlockEnd: '1px solid var(--u-line)' }}>
        <a className="u-skip" href="#content">
          {t.frame.skip}
        </a>
        <Group px="md" h={60} justify="space-between" maw={1100} mx="auto">
          <Brand to="/my" />
          <AccountMenu />
        </Group>
      </header>
      <main id="content" style={{ maxWidth: 1100, marginInline: 'auto', padding: '28px 16px 48px' }}>
        <Suspense fallback={<Waiting />}>
          <Outlet />
        </Suspense>
      </main>
    </>
  );
}
