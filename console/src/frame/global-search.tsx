import { Modal, Stack, Text, TextInput, UnstyledButton } from '@mantine/core';
import { useDebouncedValue, useHotkeys } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { get } from '../api/client';
import { AppLogo, Initials } from '../parts/app-logo';
import { Icon } from '../parts/icon';
import { nameOf } from '../parts/person';
import { t } from '../text';
import { useMay } from './session';
import { areShortcutsOn } from './shortcuts';

/** People, groups and applications whose names begin with what is typed. */
export function GlobalSearch() {
  const [opened, setOpened] = useState(false);
  useHotkeys([
    ['/', () => setOpened((before) => before || areShortcutsOn())],
    ['mod+K', () => setOpened(true)],
  ]);
  return (
    <>
      <UnstyledButton
        onClick={() => setOpened(true)}
        style={{
          flex: 1,
          maxWidth: 420,
          minWidth: 40,
          overflow: 'hidden',
          whiteSpace: 'nowrap',
          display: 'flex',
          alignItems: 'center',
          gap: 8,
          padding: '7px 12px',
          borderRadius: 10,
          border: '1px solid var(--u-line)',
          background: 'var(--u-raised)',
          color: 'var(--mantine-color-dimmed)',
          fontSize: '0.88rem',
        }}
      >
        <Icon name="search" />
        {t.search.prompt}
      </UnstyledButton>
      <Modal
        opened={opened}
        onClose={() => setOpened(false)}
        title={t.search.title}
        yOffset="8vh"
        centered={false}
        closeButtonProps={{ 'aria-label': t.common.close }}
      >
        <Results onPick={() => setOpened(false)} />
      </Modal>
    </>
  );
}

function Results({ onPick }: { readonly onPick: () => void }) {
  const [text, setText] = useState('');
  const [q] = useDebouncedValue(text.trim(), 150);
  const may = useMay();
  const query = { q, limit: 5 };
  const enabled = q !== '';
  const people = useQuery({
    queryKey: ['search', 'users', q],
    queryFn: () => get('/api/v1/users', { query }),
    enabled: enabled && may('users.read'),
  });
  const groups = useQuery({
    queryKey: ['search', 'groups', q],
    queryFn: () => get('/api/v1/groups', { query }),
    enabled: enabled && may('groups.read'),
  });
  const apps = useQuery({
    queryKey: ['search', 'apps', q],
    queryFn: () => get('/api/v1/apps', { query }),
    enabled: enabled && may('apps.read'),
  });
  const found = [
    ...(apps.data ?? []).map((app) => ({
      to: `/admin/applications/${app.id}`,
      label: app.label,
      kind: t.search.app,
      picture: <AppLogo app={app} size={28} />,
    })),
    ...(people.data ?? []).map((user) => ({
      to: `/admin/people/${user.id}`,
      label: nameOf(user.profile),
      kind: String(user.profile['login'] ?? ''),
      picture: <Initials name={nameOf(user.profile)} size={28} round />,
    })),
    ...(groups.data ?? []).map((group) => ({
      to: `/admin/groups/${group.id}`,
      label: String(group.profile['name']),
      kind: t.search.group,
      picture: <Icon name="group" />,
    })),
  ];
  const busy = people.isFetching || groups.isFetching || apps.isFetching;
  return (
    <Stack gap="xs">
      <TextInput
        aria-label={t.search.title}
        placeholder={t.search.prompt}
        data-autofocus
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <div className="u-nav" role="list" aria-live="polite">
        {found.map(({ to, label, kind, picture }) => (
          <div role="listitem" key={to}>
            <Link to={to} onClick={onPick}>
              {picture}
              <span>
                {label}
                <Text size="xs" c="var(--mantine-color-dimmed)">
                  {kind}
                </Text>
              </span>
            </Link>
          </div>
        ))}
        {enabled && !busy && found.length === 0 && <Text size="sm">{t.search.nothing(q)}</Text>}
      </div>
    </Stack>
  );
}
