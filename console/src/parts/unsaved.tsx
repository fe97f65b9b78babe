import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useBlocker } from 'react-router';
import { t } from '../text';

/** Asks before somebody leaves a form for another page or tab, while it holds what is not saved. */
export function Unsaved({ typed }: { readonly typed: object }) {
  const holds = Object.keys(typed).length > 0;
  // A link into the page itself, as the one that skips the menu, leaves nothing; who has signed out cannot save any more.
  const { state, proceed, reset } = useBlocker(
    ({ currentLocation: from, nextLocation: to }) =>
      holds && to.pathname !== '/login' && (from.pathname !== to.pathname || from.search !== to.search),
  );
  if (state !== 'blocked') return null;
  const { title, what, stay, leave } = t.common.unsaved;
  return (
    <Modal opened onClose={reset} title={title} closeButtonProps={{ 'aria-label': t.common.close }}>
      <Stack>
        <Text size="sm">{what}</Text>
        <Group justify="flex-end">
          <Button variant="default" c="var(--u-bad)" onClick={proceed}>
            {leave}
          </Button>
          <Button data-autofocus onClick={reset}>
            {stay}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
