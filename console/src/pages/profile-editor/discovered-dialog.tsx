import { Button, Checkbox, Modal, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { get } from '../../api/client';
import { DialogButtons } from '../../parts/dialog-buttons';
import { useChange } from '../../parts/said';
import { ErrorNote, Waiting } from '../../parts/states';
import { useUnsaved } from '../../parts/unsaved';
import { t } from '../../text';
import { saveAttributes } from './schema';

const words = t.profileEditor;

/** What the app has and its profile does not, asked of the app now. */
export function DiscoveredDialog({ appId, onClose }: { readonly appId: string; readonly onClose: () => void }) {
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const { leaving } = useUnsaved(chosen);
  const found = useQuery({
    queryKey: ['discovered', appId],
    queryFn: () => get('/usher/v1/apps/{appId}/schema/discovered', { path: { appId } }),
    retry: false,
    gcTime: 0,
    meta: { live: false },
  });
  const attributes = found.data?.properties ?? {};
  const names = Object.keys(attributes);
  const add = useChange(async () => {
    await saveAttributes(
      appId,
      Object.fromEntries(chosen.flatMap((name) => (attributes[name] ? [[name, attributes[name]] as const] : []))),
    );
    onClose();
  }, words.saved);
  return (
    <Modal
      opened
      onClose={leaving(onClose)}
      title={words.discover}
      size="lg"
      closeButtonProps={{ 'aria-label': t.common.close }}
    >
      <Stack>
        <ErrorNote error={found.error ?? add.error} />
        {found.isPending && <Waiting />}
        {found.data !== undefined && (
          <Checkbox.Group
            label={names.length === 0 ? words.discoverNothing : words.discoverWhat}
            value={[...chosen]}
            onChange={setChosen}
          >
            <Stack gap="xs" mt="sm">
              {names.map((name) => (
                <Checkbox
                  key={name}
                  value={name}
                  label={name}
                  description={String(attributes[name]?.['title'] ?? '')}
                />
              ))}
            </Stack>
          </Checkbox.Group>
        )}
        <DialogButtons onCancel={onClose}>
          <Button disabled={chosen.length === 0} loading={add.isPending} onClick={() => add.mutate(undefined)}>
            {words.addChosen(chosen.length)}
          </Button>
        </DialogButtons>
      </Stack>
    </Modal>
  );
}
