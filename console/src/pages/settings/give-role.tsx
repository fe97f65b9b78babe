import { Button, Group, Modal, MultiSelect, Radio, Select, Stack, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { get, send } from '../../api/client';
import { DialogButtons } from '../../parts/dialog-buttons';
import { GroupSelect, GroupsSelect, type ChosenGroup } from '../../parts/group-select';
import { PersonSelect } from '../../parts/person-select';
import { useChange } from '../../parts/said';
import { ErrorNote } from '../../parts/states';
import { useUnsaved } from '../../parts/unsaved';
import { unsay } from '../../parts/unsay';
import { t } from '../../text';
import { limitOf, roles, type Role } from './roles';

const words = t.settings.admins;

interface App {
  readonly id: string;
  readonly label: string;
}

/** A role with its limits in one step: at no moment is it for more. */
export function GiveRole({ onClose }: { readonly onClose: () => void }) {
  const [to, setTo] = useState('person');
  const [userId, setUserId] = useState<string | null>(null);
  const [group, setGroup] = useState<ChosenGroup>();
  const [role, setRole] = useState<Role>('READ_ONLY_ADMIN');
  const [apps, setApps] = useState<readonly App[]>([]);
  const [groups, setGroups] = useState<readonly ChosenGroup[]>([]);
  const { leaving } = useUnsaved({ to, userId, group, role, apps, groups });
  const limit = limitOf(role);
  const holder = to === 'group' ? group && { groupId: group.id } : userId === null ? undefined : { userId };
  const give = useChange(async () => {
    const appIds = limit === 'apps' && apps.length > 0 ? { apps: apps.map(({ id }) => id) } : {};
    const groupIds = limit === 'groups' && groups.length > 0 ? { groups: groups.map(({ id }) => id) } : {};
    await send('post', '/usher/v1/admins', { body: { ...holder, type: role, ...appIds, ...groupIds } });
    onClose();
  }, words.given);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    give.mutate(undefined);
  };
  return (
    <Modal
      opened
      onClose={leaving(onClose)}
      title={words.giveTitle}
      closeButtonProps={{ 'aria-label': t.common.close }}
    >
      <form onSubmit={submit} onChange={unsay(give)}>
        <Stack>
          <ErrorNote error={give.error} />
          <Radio.Group label={words.to} value={to} onChange={setTo}>
            <Group mt="xs">
              <Radio value="person" label={words.holders.person} />
              <Radio value="group" label={words.holders.group} />
            </Group>
          </Radio.Group>
          {to === 'group' ? (
            <GroupSelect label={words.inGroup} description={words.inGroupWhat} chosen={group} onChoose={setGroup} />
          ) : (
            <PersonSelect
              required
              label={words.person}
              placeholder={words.choosePerson}
              userId={userId}
              onChoose={setUserId}
            />
          )}
          <Select
            label={words.role}
            allowDeselect={false}
            data={roles.map((value) => ({ value, label: t.settings.roles[value].label }))}
            value={role}
            onChange={(value) => setRole(roles.find((each) => each === value) ?? role)}
          />
          <Text size="sm" c="var(--mantine-color-dimmed)">
            {t.settings.roles[role].what}
          </Text>
          {limit === 'apps' && <AppsSelect chosen={apps} onChoose={setApps} />}
          {limit === 'groups' && (
            <GroupsSelect
              label={words.limits.groups}
              description={words.limitsWhat}
              chosen={groups}
              onChoose={setGroups}
            />
          )}
          <DialogButtons onCancel={onClose}>
            <Button type="submit" loading={give.isPending} disabled={holder === undefined}>
              {words.give}
            </Button>
          </DialogButtons>
        </Stack>
      </form>
    </Modal>
  );
}

interface AppsProps {
  readonly chosen: readonly App[];
  readonly onChoose: (apps: readonly App[]) => void;
}

function AppsSelect({ chosen, onChoose }: AppsProps) {
  const [text, setText] = useState('');
  const [q] = useDebouncedValue(text.trim(), 200);
  const { data = [] } = useQuery({
    queryKey: ['pick', 'apps', q],
    queryFn: () => get('/api/v1/apps', { query: { q, limit: 20 } }),
    placeholderData: keepPreviousData,
  });
  const missing = chosen.filter(({ id }) => data.every((app) => app.id !== id));
  const known: readonly App[] = [...missing, ...data];
  return (
    <MultiSelect
      label={words.limits.apps}
      description={words.limitsWhat}
      placeholder={words.chooseApps}
      searchable
      hidePickedOptions
      // The server has searched.
      filter={({ options }) => options}
      data={known.map(({ id, label }) => ({ value: id, label }))}
      value={chosen.map(({ id }) => id)}
      onChange={(ids) => onChoose(known.filter(({ id }) => ids.includes(id)))}
      searchValue={text}
      onSearchChange={setText}
    />
  );
}
