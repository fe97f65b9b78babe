import { Button, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useNavigate, useParams } from 'react-router';
import { get, send, type Schemas } from '../api/client';
import { useMay } from '../frame/session';
import { Logo } from '../parts/app-logo';
import { Badge } from '../parts/badge';
import { Markdown } from '../parts/markdown';
import { Card, PageBody } from '../parts/page';
import { sayDone } from '../parts/said';
import { ErrorNote } from '../parts/states';
import { Unread } from '../parts/unread';
import { useUnsaved } from '../parts/unsaved';
import { t } from '../text';

const above = { to: '/admin/applications/catalog', label: t.catalog.title };

export function CatalogEntryPage() {
  const { key = '' } = useParams();
  const may = useMay();
  const { data, error, refetch } = useQuery({
    queryKey: ['catalog-entry', key],
    queryFn: () => get('/usher/v1/catalog/apps/{key}', { path: { key } }),
  });
  if (data === undefined) return <Unread above={above} error={error} retry={() => void refetch()} />;
  return (
    <PageBody
      title={data.name}
      picture={<Logo src={`/usher/v1/catalog/apps/${key}/logo`} name={data.name} size={56} />}
      above={[{ to: '/admin/applications', label: t.apps.title }, above]}
    >
      <Text mb="lg">{data.description}</Text>
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
        <div>
          {may('apps.manage') && <AddForm entry={data} />}
          <Card title={t.catalog.can}>
            <Capabilities entry={data} />
          </Card>
          {data.unverified.length > 0 && (
            <Card title={t.catalog.unverified}>
              <ul style={{ margin: 0, paddingInlineStart: 20 }}>
                {data.unverified.map((sentence) => (
                  <li key={sentence}>
                    <Text size="sm">{sentence}</Text>
                  </li>
                ))}
              </ul>
            </Card>
          )}
        </div>
        <Guide appKey={key} />
      </SimpleGrid>
    </PageBody>
  );
}

function Guide({ appKey }: { readonly appKey: string }) {
  const { data } = useQuery({
    queryKey: ['guide', appKey],
    queryFn: () => get('/usher/v1/catalog/apps/{key}/guide', { path: { key: appKey } }),
  });
  return <Card title={t.catalog.guide}>{data !== undefined && <Markdown text={withoutTitle(String(data))} />}</Card>;
}

/** The page has the name of the integration already. */
function withoutTitle(guide: string): string {
  return guide.replace(/^# .*\n+/, '');
}

function Capabilities({ entry }: { readonly entry: Schemas['CatalogEntry'] }) {
  if (entry.connector === null) {
    return <Text size="sm">{entry.protocol === 'NONE' ? t.catalog.linkOnlyWhy : t.catalog.notYetWhy}</Text>;
  }
  const { users, groups } = entry.capabilities;
  const rows = [
    ...Object.entries(users).map(([name, can]) => [`users.${name}`, can] as const),
    ...Object.entries(groups).map(([name, can]) => [`groups.${name}`, can] as const),
  ].filter(([name]) => Object.hasOwn(t.capabilities, name));
  return (
    <Stack gap={8}>
      {rows.map(([name, can]) => (
        <div key={name} style={{ display: 'flex', justifyContent: 'space-between' }}>
          <Text size="sm">{t.capabilities[name]}</Text>
          <Badge tone={can ? 'good' : 'quiet'}>{can ? t.common.yes : t.common.no}</Badge>
        </div>
      ))}
    </Stack>
  );
}

function AddForm({ entry }: { readonly entry: Schemas['CatalogEntry'] }) {
  const [label, setLabel] = useState(entry.name);
  const [settings, setSettings] = useState<Readonly<Record<string, string>>>({});
  const [error, setError] = useState<unknown>();
  const { forget } = useUnsaved({ label, settings });
  const navigate = useNavigate();
  const isBookmark = entry.key === 'bookmark';
  const fields = isBookmark
    ? [{ name: 'url', title: t.catalog.address, description: t.catalog.addressWhat, required: true, example: '' }]
    : (entry.connection?.variables ?? []);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    try {
      const filled = Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== ''));
      const app = await send('post', '/usher/v1/apps', { body: { catalogKey: entry.key, label, settings: filled } });
      sayDone(t.catalog.added(label));
      forget();
      await navigate(`/admin/applications/${app.id}/${entry.connector === null ? 'assignments' : 'provisioning'}`);
    } catch (problem) {
      setError(problem);
    }
  };
  return (
    <Card title={t.catalog.addTitle}>
      <form onSubmit={(event) => void submit(event)}>
        <Stack>
          <ErrorNote error={error} />
          <TextInput
            label={t.catalog.label}
            description={t.catalog.labelWhat}
            required
            value={label}
            onChange={(event) => setLabel(event.currentTarget.value)}
          />
          {fields.map(({ name, title, description, required, example }) => (
            <TextInput
              key={name}
              label={title}
              description={description}
              placeholder={example}
              required={required}
              value={settings[name] ?? ''}
              onChange={(event) => {
                const { value } = event.currentTarget;
                setSettings((now) => ({ ...now, [name]: value }));
              }}
            />
          ))}
          <Button type="submit">{t.catalog.add}</Button>
        </Stack>
      </form>
    </Card>
  );
}
