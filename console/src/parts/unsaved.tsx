import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useWindowEvent } from '@mantine/hooks';
import { createContext, use, useEffect, useId, useMemo, useState, type ReactNode } from 'react';
import { useBlocker } from 'react-router';
import { t } from '../text';

interface Forms {
  /** The forms that hold what is not saved. */
  readonly holding: Set<string>;
  readonly ask: (go: () => void) => void;
}

export interface Unsaved {
  /** What closes a dialog: asks first while the form holds what is not saved. */
  readonly leaving: (go: () => void) => () => void;
  /** What was typed is saved, kept by a plan, or gone with what it was typed for: nobody is asked about it. */
  readonly forget: () => void;
}

const FormsContext = createContext<Forms | undefined>(undefined);

/** Asks before the form is left while its values are not those that are saved; without `saved`, those at first. */
export function useUnsaved(values: unknown, saved?: unknown): Unsaved {
  const forms = use(FormsContext);
  if (forms === undefined) throw new Error('A form stands outside of what asks about unsaved forms.');
  const { holding, ask } = forms;
  const id = useId();
  const [first] = useState(() => JSON.stringify(values));
  const holds = JSON.stringify(values) !== (saved === undefined ? first : JSON.stringify(saved));
  useEffect(() => {
    if (holds) holding.add(id);
    return () => void holding.delete(id);
  }, [holding, id, holds]);
  return {
    leaving: (go) => () => (holding.has(id) ? ask(go) : go()),
    forget: () => void holding.delete(id),
  };
}

interface Props {
  /** True while something that lies over all forms waits for an answer: a key that closes is not for them. */
  readonly waiting: boolean;
  readonly children: ReactNode;
}

/** Asks before somebody leaves for another page, another tab or out of a dialog what is typed and not saved. */
export function UnsavedForms({ waiting, children }: Props) {
  const [asked, setAsked] = useState<{ readonly go: () => void }>();
  const [holding] = useState(() => new Set<string>());
  const forms = useMemo<Forms>(
    // A second key that closes, while the question is there, is not another question.
    () => ({ holding, ask: (go) => !waiting && setAsked((now) => now ?? { go }) }),
    [holding, waiting],
  );
  // A link into the page itself, as the one that skips the menu, leaves nothing; who has signed out cannot save any more.
  const { state, proceed, reset } = useBlocker(
    ({ currentLocation: from, nextLocation: to }) =>
      holding.size > 0 && to.pathname !== '/login' && (from.pathname !== to.pathname || from.search !== to.search),
  );
  useWindowEvent('beforeunload', (event) => {
    if (holding.size > 0) event.preventDefault();
  });
  const stay = () => {
    setAsked(undefined);
    reset?.();
  };
  const leave = () => {
    setAsked(undefined);
    if (state === 'blocked') proceed();
    else asked?.go();
  };
  return (
    <FormsContext value={forms}>
      {children}
      {(asked !== undefined || state === 'blocked') && <Question stay={stay} leave={leave} />}
    </FormsContext>
  );
}

function Question({ stay, leave }: { readonly stay: () => void; readonly leave: () => void }) {
  const words = t.common.unsaved;
  return (
    <Modal
      opened
      onClose={stay}
      // The dialog below hears the same key, and would ask again after the answer.
      closeOnEscape={false}
      onKeyDown={({ key }) => key === 'Escape' && stay()}
      title={words.title}
      closeButtonProps={{ 'aria-label': t.common.close }}
    >
      <Stack>
        <Text size="sm">{words.what}</Text>
        <Group justify="flex-end">
          <Button variant="default" c="var(--u-bad)" onClick={leave}>
            {words.leave}
          </Button>
          <Button data-autofocus onClick={stay}>
            {words.stay}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
