import { Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { get, type Schemas } from '../api/client';
import { useSession } from '../frame/session';
import { Logo } from '../parts/app-logo';
import { Badge } from '../parts/badge';
import { PageBody } from '../parts/page';
import { Empty, ErrorNote, Waiting } from '../parts/states';
import { t } from '../text';

export function MyAppsPage() {
  const { user } = useSession();
  const [text, setText] = useState('');
  const { data, error, refetch } = useQuery({
    queryKey: ['my-apps'],
    queryFn: () => get('/usher/v1/me/apps', { unattended: true }),
  });
  const words = text.trim().toLocaleLowerCase();
  const shown = data?.filter(({ hidden, label }) => !hidden && label.toLocaleLowerCase().includes(words));
  return (
    <PageBody
      title={t.my.title}
      actions={
        <TextInput
          type="search"
          aria-label={t.my.search}
          placeholder={t.my.search}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
      }
    >
      <ErrorNote error={error} retry={() => void refetch()} />
      {shown === undefined ? (
        error === null && <Waiting />
      ) : shown.length === 0 ? (
        <Empty what={words === '' ? t.my.empty(user.displayName) : t.my.nothing(text)} />
      ) : (
        <ul className="u-grid">
          {shown.map((app) => (
            <li key={app.id}>
              <Tile app={app} />
            </li>
          ))}
        </ul>
      )}
    </PageBody>
  );
}

function Tile({ app }: { readonly app: Schemas['MyApp'] }) {
  const content = (
    <>
      <Logo src={app.logoUrl} name={app.label} size={56} />
      <Text fw={600} size="sm" style={{ overflowWrap: 'anywhere' }}>
        {app.label}
      </Text>
      {app.state === 'PREPARING' && <Badge tone="info">{t.my.preparing}</Badge>}
      {app.state === 'FAILED' && <Badge tone="warn">{t.my.failed}</Badge>}
      {app.note !== null && (
        <Text size="xs" c="var(--mantine-color-dimmed)">
          {app.note}
        </Text>
      )}
    </>
  );
  if (app.linkUrl === null) return <div className="u-surface u-tile">{content}</div>;
  return (
    <a className="u-surface u-tile" href={app.linkUrl} target="_blank" rel="noreferrer noopener">
      {content}
    </a>
  );
}
