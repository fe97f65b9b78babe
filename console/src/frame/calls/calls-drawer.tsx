import { Button, Drawer, Group, Stack, Text, Title } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { useSyncExternalStore } from 'react';
import { addressOf } from '../../api/client';
import { onSentRequests, sentRequests, type SentRequest } from '../../api/sent';
import { Empty } from '../../parts/states';
import { Time } from '../../parts/time';
import { t } from '../../text';
import { cliOf, curlOf } from './shell';

const words = t.calls;

/** What was changed on this visit, each as a request and as a command to be copied. */
export function CallsDrawer({ onClose }: { readonly onClose: () => void }) {
  const sent = useSyncExternalStore(onSentRequests, sentRequests);
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size="lg"
      title={words.title}
      closeButtonProps={{ 'aria-label': t.common.close }}
      styles={{ content: { background: 'var(--u-surface)' }, header: { background: 'var(--u-surface)' } }}
    >
      {sent.length === 0 ? (
        <Empty what={words.empty} />
      ) : (
        <Stack gap="xl">
          <Text size="sm" c="var(--mantine-color-dimmed)">
            {words.what}
          </Text>
          {sent.map((request) => (
            <Call key={request.id} request={request} />
          ))}
        </Stack>
      )}
    </Drawer>
  );
}

function Call({ request }: { readonly request: SentRequest }) {
  const { method, path, parts, query, at } = request;
  const address = addressOf(path, { path: parts, query });
  const name = `${method.toUpperCase()} ${address}`;
  const command = cliOf(request);
  return (
    <section aria-label={name}>
      <Group justify="space-between" wrap="nowrap" align="baseline">
        <Title order={3} size="sm" className="u-mono" style={{ overflowWrap: 'anywhere', minInlineSize: 0 }}>
          {name}
        </Title>
        <Text size="xs" c="var(--mantine-color-dimmed)">
          <Time at={at.toISOString()} />
        </Text>
      </Group>
      <Copied title={words.curl} what={words.asCurl} name={name} text={curlOf(request, location.origin + address)} />
      {command === undefined ? (
        <Text size="sm" mt="sm" c="var(--mantine-color-dimmed)">
          {words.noCommand}
        </Text>
      ) : (
        <Copied title={words.command} what={words.asCommand} name={name} text={command} />
      )}
    </section>
  );
}

function Copied(props: {
  readonly title: string;
  readonly what: string;
  readonly name: string;
  readonly text: string;
}) {
  const { title, what, name, text } = props;
  const clipboard = useClipboard();
  return (
    <>
      <Group justify="space-between" mt="sm" mb={4} wrap="nowrap">
        <Text size="sm">{title}</Text>
        <Button
          size="compact-sm"
          variant="default"
          style={{ flex: 'none' }}
          aria-label={words.copyOf(what, name)}
          onClick={() => clipboard.copy(text)}
        >
          {words.copy}
        </Button>
      </Group>
      <pre className="u-raw" tabIndex={0} role="region" aria-label={`${title}: ${name}`} style={{ margin: 0 }}>
        {text}
      </pre>
      <div role="status">
        {clipboard.copied && <Text size="xs">{words.copied}</Text>}
        {clipboard.error !== null && <Text size="xs">{words.cannotCopy}</Text>}
      </div>
    </>
  );
}
