import { Button, TextInput, VisuallyHidden } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { get } from '../../api/client';
import { useSession } from '../../frame/session';
import { PageBody } from '../../parts/page';
import { Empty, ErrorNote, Waiting } from '../../parts/states';
import { t } from '../../text';
import { Arranged } from './arranged';
import { withSection } from './layout';
import { SectionName } from './section-name';
import { Tile } from './tile';
import { useLayout } from './use-layout';

export function MyAppsPage() {
  const { user } = useSession();
  const [text, setText] = useState('');
  const [adding, setAdding] = useState(false);
  const [said, setSaid] = useState('');
  const { data, error, refetch } = useQuery({
    queryKey: ['my-apps'],
    queryFn: () => get('/usher/v1/me/apps', { unattended: true }),
  });
  const { layout, error: layoutError, save } = useLayout();
  const words = text.trim().toLocaleLowerCase();
  const apps = data?.filter(({ hidden }) => !hidden);
  const found = apps?.filter(({ label }) => label.toLocaleLowerCase().includes(words));
  const isWaiting = error === null && (found === undefined || (layout === undefined && layoutError === null));
  const still = { onStep: ignore, onMove: ignore, onDropped: ignore };
  return (
    <PageBody
      title={t.my.title}
      actions={
        <>
          <TextInput
            type="search"
            aria-label={t.my.search}
            placeholder={t.my.search}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          <Button disabled={layout === undefined || apps?.length === 0} onClick={() => setAdding(true)}>
            {t.my.addSection}
          </Button>
        </>
      }
    >
      <ErrorNote error={error} retry={() => void refetch()} />
      <ErrorNote error={layoutError} />
      {isWaiting && <Waiting />}
      {found?.length === 0 && <Empty what={words === '' ? t.my.empty(user.displayName) : t.my.nothing(text)} />}
      {found !== undefined && found.length > 0 && !isWaiting && (
        <>
          {words === '' && layout !== undefined ? (
            <Arranged apps={found} layout={layout} onChange={save} say={setSaid} />
          ) : (
            <ul className="u-grid u-my-grid">
              {found.map((app) => (
                <Tile key={app.id} app={app} {...still} />
              ))}
            </ul>
          )}
        </>
      )}
      <VisuallyHidden role="status">{said}</VisuallyHidden>
      {adding && layout !== undefined && (
        <SectionName
          title={t.my.addSection}
          first=""
          taken={layout.sections.map(({ name }) => name)}
          onClose={() => setAdding(false)}
          onName={(name) => {
            save(withSection(layout, name));
            setSaid(t.my.sectionAdded(name));
          }}
        />
      )}
    </PageBody>
  );
}

const ignore = () => undefined;
