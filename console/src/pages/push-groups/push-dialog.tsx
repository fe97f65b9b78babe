import { Button, Modal, Radio, Select, Stack, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { get, send } from '../../api/client';
import { DialogButtons } from '../../parts/dialog-buttons';
import { GroupSelect, type ChosenGroup } from '../../parts/group-select';
import { useChange } from '../../parts/said';
import { ErrorNote, Waiting } from '../../parts/states';
import { useUnsaved } from '../../parts/unsaved';
import { unsay } from '../../parts/unsay';
import { t } from '../../text';

const words = t.pushGroups;

interface Props {
  readonly appId: string;
  readonly canLink: boolean;
  readonly onClose: () => void;
}

/** Gives the app one group: under a name, or as one the app has already. */
export function PushDialog({ appId, canLink, onClose }: Props) {
  const [group, setGroup] = useState<ChosenGroup>();
  const [by, setBy] = useState('name');
  const [name, setName] = useState<string>();
  const [target, setTarget] = useState<string | null>(null);
  const { leaving } = useUnsaved({ group, by, name, target });
  const wanted = by === 'link' ? (target ?? '') : (name ?? group?.name ?? '').trim();
  const push = useChange(async () => {
    const body = { sourceGroupId: group?.id, targetGroupName: wanted, status: 'ACTIVE' };
    await send('post', '/api/v1/apps/{appId}/group-push/mappings', { path: { appId }, body });
    onClose();
  }, words.pushed);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    push.mutate(undefined);
  };
  return (
    <Modal
      opened
      onClose={leaving(onClose)}
      title={words.pushTitle}
      closeButtonProps={{ 'aria-label': t.common.close }}
    >
      <form onSubmit={submit} onChange={unsay(push)}>
        <Stack>
          <ErrorNote error={push.error} />
          <GroupSelect label={words.group} chosen={group} onChoose={setGroup} />
          {canLink && (
            <Radio.Group label={words.target} value={by} onChange={setBy}>
              <Stack gap="xs" mt="xs">
                {(['name', 'link'] as const).map((value) => (
                  <Radio
                    key={value}
                    value={value}
                    label={words.targets[value].label}
                    description={words.targets[value].what}
                  />
                ))}
              </Stack>
            </Radio.Group>
          )}
          {by === 'link' ? (
            <Existing appId={appId} value={target} onChange={setTarget} />
          ) : (
            <TextInput
              label={words.name}
              required
              maxLength={255}
              value={name ?? group?.name ?? ''}
              onChange={(event) => setName(event.currentTarget.value)}
            />
          )}
          <DialogButtons onCancel={onClose}>
            <Button type="submit" loading={push.isPending} disabled={group === undefined || wanted === ''}>
              {words.push}
            </Button>
          </DialogButtons>
        </Stack>
      </form>
    </Modal>
  );
}

interface ExistingProps {
  readonly appId: string;
  readonly value: string | null;
  readonly onChange: (name: string | null) => void;
}

function Existing({ appId, value, onChange }: ExistingProps) {
  const { data, error, refetch } = useQuery({
    queryKey: ['push-targets', appId],
    queryFn: () => get('/usher/v1/apps/{appId}/group-push/targets', { path: { appId } }),
  });
  if (data === undefined) {
    return error === null ? <Waiting /> : <ErrorNote error={error} retry={() => void refetch()} />;
  }
  const free = [...new Set(data.groups.filter(({ taken }) => !taken).map(({ name }) => name))];
  return (
    <>
      <Select
        label={words.existing}
        description={words.existingWhat}
        required
        searchable
        data={free}
        value={value}
        onChange={onChange}
      />
      {free.length === 0 && <Text size="sm">{words.noneThere}</Text>}
      {!data.complete && <Text size="xs">{words.existingMore}</Text>}
    </>
  );
}
