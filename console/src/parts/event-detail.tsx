import { Button, Group, Modal, Stack, Tabs } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { get } from '../api/client';
import { t } from '../text';
import { useAddress } from './address';
import { EventChanges } from './event-changes';
import { namesIn, type LogEvent } from './event-list';
import { Facts, type Fact } from './facts';
import { Outcome } from './outcome';
import { Empty, ErrorNote, Waiting } from './states';
import { Time } from './time';

const words = t.log;

/** One event in full. Its id is in the address, so that it can be sent to somebody; `known` are those that are listed. */
export function EventDetail({ known }: { readonly known: readonly LogEvent[] }) {
  const { get: asked, set } = useAddress();
  const uuid = asked('event');
  const listed = known.find((event) => event.uuid === uuid);
  const found = useQuery({
    queryKey: ['log-event', uuid],
    queryFn: () =>
      get('/api/v1/logs', { query: { filter: `uuid eq "${uuid ?? ''}"`, since: '1970-01-01T00:00:00Z', limit: 1 } }),
    enabled: uuid !== null && listed === undefined,
  });
  const event = listed ?? found.data?.[0];
  return (
    <Modal
      opened={uuid !== null}
      onClose={() => set('event', null)}
      title={event?.displayMessage ?? words.details}
      size="xl"
      closeButtonProps={{ 'aria-label': t.common.close }}
    >
      <ErrorNote error={found.error} />
      {event !== undefined ? (
        <EventTabs event={event} />
      ) : found.data === undefined ? (
        found.error === null && <Waiting />
      ) : (
        <Empty what={words.gone} />
      )}
    </Modal>
  );
}

function EventTabs({ event }: { readonly event: LogEvent }) {
  return (
    <Tabs defaultValue="summary" keepMounted={false}>
      <Tabs.List mb="md">
        {(['summary', 'changes', 'raw'] as const).map((tab) => (
          <Tabs.Tab key={tab} value={tab}>
            {words.tabs[tab]}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      <Tabs.Panel value="summary">
        <Summary event={event} />
      </Tabs.Panel>
      <Tabs.Panel value="changes">
        <EventChanges event={event} />
      </Tabs.Panel>
      <Tabs.Panel value="raw">
        <pre className="u-raw" tabIndex={0} role="region" aria-label={words.tabs.raw}>
          {JSON.stringify(event, null, 2)}
        </pre>
      </Tabs.Panel>
    </Tabs>
  );
}

function Summary({ event }: { readonly event: LogEvent }) {
  const { actor, client, outcome, target, transaction } = event;
  const { setAll } = useAddress();
  const only = (values: Readonly<Record<string, string | null>>) => setAll({ event: null, ...values });
  const said = (name: string, value: string | null | undefined): readonly Fact[] =>
    value == null || value === '' ? [] : [[name, value]];
  const about = target.find(({ id }) => id !== null);
  return (
    <Stack>
      <Facts
        label={words.tabs.summary}
        facts={[
          [words.time, <Time key="time" at={event.published} />],
          [
            words.type,
            <span key="type" className="u-mono">
              {event.eventType}
            </span>,
          ],
          [words.outcome, <Outcome key="outcome" result={outcome.result} />],
          ...said(words.reason, outcome.reason),
          [words.actor, `${actor.displayName ?? ''} (${actor.alternateId ?? actor.id ?? ''})`],
          ...said(words.target, namesIn(target).join(', ')),
          ...said(words.severity, words.severities[event.severity] ?? event.severity),
          ...said(words.address, client.ipAddress),
          ...said(words.agent, agentOf(client.userAgent)),
          ...said(words.request, textOf(event.debugContext.debugData['requestUri'])),
          ...said(words.transaction, transaction.id),
          [
            words.id,
            <span key="id" className="u-mono">
              {event.uuid}
            </span>,
          ],
        ]}
      />
      <Group gap="xs">
        <Only onClick={() => only({ type: event.eventType })}>{words.onlyType}</Only>
        <Only onClick={() => only({ actor: actor.alternateId ?? actor.id })}>{words.onlyActor}</Only>
        {about?.id != null && (
          <Only onClick={() => only({ target: about.id })}>{words.onlyTarget(about.displayName ?? about.id)}</Only>
        )}
        {transaction.id !== null && (
          <Only onClick={() => only({ filter: `transaction.id eq ${JSON.stringify(transaction.id)}` })}>
            {words.onlyTransaction}
          </Only>
        )}
      </Group>
    </Stack>
  );
}

function Only({ onClick, children }: { readonly onClick: () => void; readonly children: string }) {
  return (
    <Button size="compact-sm" variant="default" onClick={onClick}>
      {children}
    </Button>
  );
}

function agentOf(agent: unknown): string | undefined {
  return typeof agent === 'object' && agent !== null && 'rawUserAgent' in agent
    ? textOf(agent.rawUserAgent)
    : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
