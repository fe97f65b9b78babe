import { Button, Group, SegmentedControl } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { progressOf } from '../api/app-progress';
import { useMay } from '../frame/session';
import { useAddress } from '../parts/address';
import { AddressField } from '../parts/address-field';
import { AppHealth } from '../parts/app-health';
import { Badge } from '../parts/badge';
import { AppLink } from '../parts/links';
import { ListTable, useList } from '../parts/list';
import { PageBody } from '../parts/page';
import { Empty } from '../parts/states';
import { t } from '../text';
import { Unfinished } from './wizard/unfinished';

export function AppsPage() {
  const may = useMay();
  const { get, set } = useAddress();
  const text = get('q') ?? '';
  const status = get('status') ?? 'ACTIVE';
  const [q] = useDebouncedValue(text, 250);
  const list = useList('/api/v1/apps', { query: { q: q.trim(), filter: `status eq "${status}"` } });
  const progress = useQuery(progressOf(list.items?.map(({ id }) => id) ?? []));
  const progressIn = (appId: string) => progress.data?.get(appId);
  const actions = (
    <>
      {may('connections.manage') && (
        <Button component={Link} variant="default" to="/admin/applications/new">
          {t.wizard.create}
        </Button>
      )}
      {may('catalog.read') && (
        <Button component={Link} to="/admin/applications/catalog">
          {t.apps.browse}
        </Button>
      )}
    </>
  );
  return (
    <PageBody title={t.apps.title} actions={actions}>
      {may('apps.manage') && <Unfinished />}
      <div className="u-surface">
        <Group p="md" align="flex-end">
          <AddressField name="q" style={{ flex: 1, minWidth: 200 }} type="search" label={t.apps.search} />
          <SegmentedControl
            aria-label={t.apps.status}
            value={status}
            onChange={(value) => set('status', value === 'ACTIVE' ? null : value)}
            data={[
              { value: 'ACTIVE', label: t.apps.active },
              { value: 'INACTIVE', label: t.apps.inactive },
            ]}
          />
        </Group>
        <ListTable
          label={t.apps.title}
          list={list}
          keyOf={(app) => app.id}
          empty={<Empty what={q === '' ? t.apps.empty : t.apps.nothing} />}
          columns={[
            {
              title: t.apps.name,
              cell: (app) => <AppLink app={app} />,
            },
            {
              title: t.apps.status,
              cell: (app) => (
                <Badge tone={app.status === 'ACTIVE' ? 'good' : 'quiet'}>
                  {app.status === 'ACTIVE' ? t.apps.active : t.apps.inactive}
                </Badge>
              ),
            },
            {
              title: t.apps.health,
              cell: ({ id }) => {
                const found = progressIn(id);
                return found !== undefined && <AppHealth {...found} />;
              },
            },
            { title: t.apps.people, cell: ({ id }) => progressIn(id)?.assigned.toLocaleString(t.locale) },
            { title: t.apps.provisioning, cell: (app) => <Features names={app.features} /> },
            { title: t.apps.signOn, cell: (app) => t.signOnModes[app.signOnMode] ?? app.signOnMode },
          ]}
        />
      </div>
    </PageBody>
  );
}

/** What is done in the app. That it is done by SCIM is on its page, not in a list of what. */
function Features({ names }: { readonly names: readonly string[] }) {
  const done = names.filter((name) => name !== 'SCIM_PROVISIONING');
  if (done.length === 0) return null;
  return (
    <Group gap={6}>
      {done.map((name) => (
        <span className="u-chip" key={name}>
          {t.features[name] ?? name}
        </span>
      ))}
    </Group>
  );
}
