import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { get } from '../api/client';
import { t } from '../text';
import { Icon } from './icon';
import { Initials } from './app-logo';
import { nameOf } from './person';
import { PreviewButton } from './preview';
import { Empty, ErrorNote, Waiting } from './states';

interface Choice {
  readonly id: string;
  readonly name: string;
  readonly detail: string;
}

interface Props {
  readonly kind: 'people' | 'groups';
  readonly label: string;
  /** What is done with one, as its button says. */
  readonly action: string;
  /** Another button of the page is the main one. */
  readonly quiet?: boolean;
  readonly onPick: (id: string) => Promise<unknown>;
  /** What picking one changes, as a plan takes it. */
  readonly previewOf?: (id: string) => object;
}

/** A dialog as Okta has it: search, and one button per row; it stays open for the next one. */
export function PickButton({ kind, label, quiet = false, ...rest }: Props) {
  const [opened, setOpened] = useState(false);
  return (
    <>
      <Button variant={kind === 'people' && !quiet ? 'filled' : 'default'} onClick={() => setOpened(true)}>
        {label}
      </Button>
      <Modal
        opened={opened}
        onClose={() => setOpened(false)}
        title={label}
        size="lg"
        closeButtonProps={{ 'aria-label': t.common.close }}
      >
        <Choices kind={kind} {...rest} onDone={() => setOpened(false)} />
      </Modal>
    </>
  );
}

function Choices(props: Omit<Props, 'label'> & { readonly onDone: () => void }) {
  const { kind, action, onPick, previewOf, onDone } = props;
  const [text, setText] = useState('');
  const [q] = useDebouncedValue(text.trim(), 200);
  const [picked, setPicked] = useState<readonly string[]>([]);
  const [error, setError] = useState<unknown>();
  const found = useQuery({
    queryKey: ['pick', kind, q],
    queryFn: () => look(kind, q),
    // A row that stays, stays where it is: the focus may be on its button.
    placeholderData: keepPreviousData,
  });
  const pick = async (id: string) => {
    setError(undefined);
    try {
      await onPick(id);
      setPicked((now) => [...now, id]);
    } catch (problem) {
      setError(problem);
    }
  };
  return (
    <Stack>
      <TextInput
        type="search"
        label={kind === 'people' ? t.people.search : t.groups.search}
        data-autofocus
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <ErrorNote error={error ?? found.error} />
      {found.data === undefined && found.error === null && <Waiting />}
      {found.data?.length === 0 && <Empty what={t.people.nothing} />}
      <Stack gap={4} mah={380} style={{ overflowY: 'auto' }} tabIndex={0} role="region" aria-label={t.common.choices}>
        {found.data?.map(({ id, name, detail }) => (
          <Group key={id} justify="space-between" wrap="nowrap" py={6} px={4}>
            <Group gap="sm" wrap="nowrap" style={{ minWidth: 0 }}>
              {kind === 'people' ? <Initials name={name} size={32} round /> : <Icon name="group" />}
              <div style={{ minWidth: 0 }}>
                <Text size="sm" fw={550}>
                  {name}
                </Text>
                <Text size="xs" c="var(--mantine-color-dimmed)" truncate>
                  {detail}
                </Text>
              </div>
            </Group>
            <Group gap="xs" wrap="nowrap">
              {previewOf !== undefined && !picked.includes(id) && (
                <PreviewButton
                  size="compact-sm"
                  change={previewOf(id)}
                  accessibleLabel={t.common.actionOn(t.plans.preview, name)}
                  onError={setError}
                />
              )}
              <Button
                size="compact-sm"
                variant="default"
                // Not `disabled`, which would throw out the focus of who goes on by keyboard.
                data-disabled={picked.includes(id)}
                aria-disabled={picked.includes(id)}
                aria-label={t.common.actionOn(action, name)}
                onClick={() => void (picked.includes(id) || pick(id))}
              >
                {picked.includes(id) ? t.common.done : action}
              </Button>
            </Group>
          </Group>
        ))}
      </Stack>
      <Group justify="flex-end">
        <Button onClick={onDone}>{t.common.finish}</Button>
      </Group>
    </Stack>
  );
}

async function look(kind: Props['kind'], q: string): Promise<readonly Choice[]> {
  const query = { q, limit: 20 };
  if (kind === 'groups') {
    const groups = await get('/api/v1/groups', { query });
    return groups.map(({ id, profile }) => ({
      id,
      name: String(profile['name']),
      detail: String(profile['description'] ?? ''),
    }));
  }
  const users = await get('/api/v1/users', { query });
  return users.map(({ id, profile }) => ({ id, name: nameOf(profile), detail: String(profile['login']) }));
}
