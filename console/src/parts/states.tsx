import { Button, Center, Group, Loader, Stack, Text } from '@mantine/core';
import { useTimeout } from '@mantine/hooks';
import { useState, type ReactNode } from 'react';
import { ApiError } from '../api/client';
import { t } from '../text';

/** Nothing for a moment, so that what comes at once does not flicker. */
export function Waiting() {
  const [shown, setShown] = useState(false);
  useTimeout(() => setShown(true), 250, { autoInvoke: true });
  return (
    <Center mih={160} role="status" aria-label={t.common.loading}>
      {shown && <Loader aria-hidden />}
    </Center>
  );
}

/** What went wrong, in the words of the server: they say why and what to do. */
export function ErrorNote({ error, retry }: { readonly error: unknown; readonly retry?: () => void }) {
  if (error == null) return null;
  const { sentence, causes, errorId } = wordsOf(error);
  return (
    <div className="u-note" data-tone="bad" role="alert">
      <Text size="sm" fw={600}>
        {sentence}
      </Text>
      {causes.map((cause) => (
        <Text size="sm" key={cause}>
          {cause}
        </Text>
      ))}
      <Group justify="space-between" mt={4}>
        <Text size="xs" className="u-mono">
          {errorId}
        </Text>
        {retry && (
          <Button size="compact-sm" variant="default" onClick={retry}>
            {t.common.tryAgain}
          </Button>
        )}
      </Group>
    </div>
  );
}

function wordsOf(error: unknown): { sentence: string; causes: readonly string[]; errorId: string } {
  if (error instanceof ApiError) {
    const sentence = error.message === '' ? t.common.failed(error.status) : error.message;
    // A cause that the sentence tells already, behind the field it is about.
    const causes = error.causes.filter((cause) => !sentence.includes(cause.replace(/^[\w.]+: /, '')));
    return { sentence, causes: causes.slice(0, 8), errorId: error.errorId };
  }
  if (error instanceof TypeError) return { sentence: t.common.noConnection, causes: [], errorId: '' };
  return { sentence: t.common.broken, causes: [], errorId: '' };
}

/** What this is, and what to do first. */
export function Empty({ what, children }: { readonly what: string; readonly children?: ReactNode }) {
  return (
    <Center mih={180} p="lg">
      <Stack align="center" gap="md">
        <Text c="var(--mantine-color-dimmed)" ta="center" maw={420}>
          {what}
        </Text>
        {children}
      </Stack>
    </Center>
  );
}
