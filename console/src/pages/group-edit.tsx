import { Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { get, send } from '../api/client';
import { refuseOvertaken } from '../parts/meanwhile';
import { useChange } from '../parts/said';
import { ErrorNote } from '../parts/states';
import { useUnsaved } from '../parts/unsaved';
import { unsay } from '../parts/unsay';
import { t } from '../text';

interface Values {
  readonly name: string;
  readonly description: string;
}

interface Props {
  readonly groupId: string;
  readonly begun: Values;
  readonly onClose: () => void;
}

/** The name and the description of a group; what else its profile holds stays. */
export function EditGroup({ groupId, begun: first, onClose }: Props) {
  const [begun, setBegun] = useState(first);
  const [typed, setTyped] = useState<Partial<Values>>({});
  const { name, description } = { ...begun, ...typed };
  const { leaving, forget } = useUnsaved(typed);
  const path = { path: { groupId } };
  const save = useChange(async () => {
    const { profile } = await get('/api/v1/groups/{groupId}', path);
    const now = valuesOf(profile);
    setBegun(now);
    refuseOvertaken({ begun: { ...begun }, now: { ...now }, typed, titleOf: (key) => titles[key] ?? key });
    await send('put', '/api/v1/groups/{groupId}', { ...path, body: { profile: { ...profile, ...now, ...typed } } });
    forget();
    onClose();
  }, t.common.saved);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(undefined);
  };
  return (
    <Modal opened onClose={leaving(onClose)} title={t.groups.edit} closeButtonProps={{ 'aria-label': t.common.close }}>
      <form onSubmit={submit} onChange={unsay(save)}>
        <Stack>
          <ErrorNote error={save.error} />
          <TextInput
            label={t.groups.name}
            required
            value={name}
            onChange={(event) => setTyped({ ...typed, name: event.currentTarget.value })}
          />
          <TextInput
            label={t.groups.description}
            value={description}
            onChange={(event) => setTyped({ ...typed, description: event.currentTarget.value })}
          />
          <Group justify="flex-end">
            <Button type="submit" loading={save.isPending}>
              {t.common.save}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

/** What can be edited here. */
export function valuesOf(profile: Readonly<Record<string, unknown>>): Values {
  return { name: String(profile['name'] ?? ''), description: String(profile['description'] ?? '') };
}

const titles: Readonly<Record<string, string>> = { name: t.groups.name, description: t.groups.description };
