import { Tabs } from '@mantine/core';
import type { ComponentType } from 'react';
import { Navigate, useNavigate, useParams } from 'react-router';
import { useMay, type Permission } from '../../frame/session';
import { PageBody } from '../../parts/page';
import { t } from '../../text';
import { Admins } from './admins';
import { Providers } from './providers';
import { Tokens } from './tokens';

const tabs = ['administrators', 'api-tokens', 'identity-providers'] as const;
type Tab = (typeof tabs)[number];

const parts: Readonly<Record<Tab, { readonly permission: Permission; readonly Part: ComponentType }>> = {
  administrators: { permission: 'roles.read', Part: Admins },
  'api-tokens': { permission: 'tokens.own', Part: Tokens },
  'identity-providers': { permission: 'roles.read', Part: Providers },
};

/** What is set for Usher itself, in the parts somebody may see. */
export function SettingsPage() {
  const { section } = useParams();
  const may = useMay();
  const navigate = useNavigate();
  const shown = tabs.filter((tab) => may(parts[tab].permission));
  const current = shown.find((tab) => tab === section);
  if (current === undefined) {
    return <Navigate to={shown[0] === undefined ? '/admin' : `/admin/settings/${shown[0]}`} replace />;
  }
  const { Part } = parts[current];
  return (
    <PageBody title={t.settings.title}>
      <Tabs
        value={current}
        keepMounted={false}
        onChange={(tab) => void navigate(`/admin/settings/${tab ?? current}`, { replace: true })}
      >
        <Tabs.List mb="lg" style={{ overflowX: 'auto' }}>
          {shown.map((tab) => (
            <Tabs.Tab value={tab} key={tab}>
              {t.settings.sections[tab]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={current}>
          <Part />
        </Tabs.Panel>
      </Tabs>
    </PageBody>
  );
}
