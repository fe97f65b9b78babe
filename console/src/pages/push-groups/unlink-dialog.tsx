import { Button, Group, Modal, Radio, Stack } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { send } from '../../api/client';
import { useChange } from '../../parts/said';
import { ErrorNote } from '../../parts/states';
import { t } from '../../text';
import { nameOfPush, type Pushed } from './pushed';

const words = t.pushGroups;

interface Props {
  readonly appId: string;
  readonly push: Pushed;
  readonly canDelete: boolean;
  readonly onClose: () => void;
}

/** Unties a group from the one in the app, which stays or goes. */
export function UnlinkDialog({ appId, push, canDelete, onClose }: Props) {
  const [fate, setFate] = useState('keep');
  const path = { appId, pushId: push.id };
  const unlink = useChange(async () => {
    const one = '/api/v1/apps/{appId}/group-push/mappings/{pushId}';
    if (push.status !== 'INACTIVE') await send('patch', one, { path, body: { status: 'INACTIVE' } });
    await send('delete', one, { path, query: { deleteTargetGroup: fate === 'delete' } });
    onClose();
  }, words.unlinked);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    unlink.mutate(undefined);
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={words.unlinkTitle(nameOfPush(push))}
      closeButtonProps={{ 'aria-label': t.common.close }}
    >
      <form onSubmit={submit}>
        <Stack>
          <ErrorNote error={unlink.error} />
          <Radio.Group label={words.unlinkChoice} value={fate} onChange={setFate}>
            <Stack gap="xs" mt="xs">
              <Radio value="keep" label={words.unlinkChoices.keep.label} description={words.unlinkChoices.keep.what} />
              <Radio
                value="delete"
                disabled={!canDelete}
                label={words.unlinkChoices.delete.label}
                description={canDelete ? words.unlinkChoices.delete.what : words.cannotDelete}
              />
            </Stack>
          </Radio.Group>
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t.common.cancel}
            </Button>
            <Button type="submit" loading={unlink.isPending} {...(fate === 'delete' ? { color: '#b3261e' } : {})}>
              {words.unlink}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
