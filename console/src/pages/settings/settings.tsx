import { Tabs } from '@mantine/core';
import type { ComponentType } from 'react';
import { Navigate, useNavigate, useParams } from 'react-router';
import { useMay, type Permission } from '../../frame/session';
import { PageBody } from '../../parts/page';
import { TabStrip } from '../../parts/tab-strip';
import { t } from '../../text';
import { Admins } from './admins';
import { Appearance } from './appearance';
import { Egress } from './egress';
import { Keys } from './keys';
import { Providers } from './providers';
import { Tokens } from './tokens';

const tabs = ['administrators', 'api-tokens', 'identity-providers', 'keys', 'egress', 'appearance'] as const;
type Tab = (typeof tabs)[number];

/** Each is for whoever has one of the permissions. */
const parts: Readonly<Record<Tab, { readonly permissions: readonly Permission[]; readonly Part: ComponentType }>> = {
  administrators: { permissions: ['roles.read'], Part: Admins },
  'api-tokens': { permissions: ['tokens.own'], Part: Tokens },
  'identity-providers': { permissions: ['roles.read'], Part: Providers },
  keys: { permissions: ['org.read'], Part: Keys },
  egress: { permissions: ['org.read', 'connections.manage'], Part: Egress },
  appearance: { permissions: ['tokens.own'], Part: Appearance },
};

/** What is set for Usher itself, in the parts somebody may see. */
export function SettingsPage() {
  const { section } = useParams();
  const may = useMay();
  const navigate = useNavigate();
  const shown = tabs.filter((tab) => parts[tab].permissions.some(may));
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
        <TabStrip current={current}>
          {shown.map((tab) => (
            <Tabs.Tab value={tab} key={tab}>
              {t.settings.sections[tab]}
            </Tabs.Tab>
          ))}
        </TabStrip>
        <Tabs.Panel value={current}>
          <Part />
        </Tabs.Panel>
      </Tabs>
    </PageBody>
  );
}
