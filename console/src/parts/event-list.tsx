import { Text, UnstyledButton } from '@mantine/core';
import { Fragment } from 'react';
import type { Schemas } from '../api/client';
import { t } from '../text';
import { ListTable, type ListQuery } from './list';
import { Outcome } from './outcome';
import { Empty } from './states';
import { Time } from './time';

export type LogEvent = Schemas['LogEvent'];

interface Props {
  readonly list: ListQuery<LogEvent>;
  /** Shows one in full. */
  readonly onOpen?: (event: LogEvent) => void;
}

export function EventList({ list, onOpen }: Props) {
  return (
    <ListTable
      label={t.log.title}
      list={list}
      keyOf={(event) => event.uuid}
      empty={<Empty what={t.log.empty} />}
      columns={[
        { title: t.log.time, cell: (event) => <Time at={event.published} /> },
        {
          title: t.log.actor,
          cell: ({ actor }) => (
            <>
              <Text size="sm">{actor.id === 'unknown' ? t.log.notSignedIn : actor.displayName}</Text>
              {actor.id !== 'unknown' && (
                <Text size="xs" c="var(--mantine-color-dimmed)">
                  {actor.alternateId}
                </Text>
              )}
            </>
          ),
        },
        {
          title: t.log.event,
          heads: true,
          cell: (event) => (
            <div style={{ minInlineSize: 150 }}>
              {onOpen === undefined ? (
                <Text size="sm" fw={550}>
                  {event.displayMessage}
                </Text>
              ) : (
                <UnstyledButton
                  className="u-link"
                  fz="sm"
                  aria-label={t.log.detailsOf(event.displayMessage)}
                  onClick={() => onOpen(event)}
                >
                  {event.displayMessage}
                </UnstyledButton>
              )}
              <Text size="xs" c="var(--mantine-color-dimmed)" className="u-mono" visibleFrom="sm">
                {breakable(event.eventType)}
              </Text>
            </div>
          ),
        },
        {
          title: t.log.target,
          cell: ({ target }) => namesIn(target).map((name) => <div key={name}>{name}</div>),
        },
        {
          title: t.log.outcome,
          cell: ({ outcome }) => (
            <>
              <Outcome result={outcome.result} />
              {outcome.reason != null && (
                <Text size="xs" mt={4} style={{ maxWidth: 320, overflowWrap: 'anywhere' }}>
                  {outcome.reason}
                </Text>
              )}
            </>
          ),
        },
      ]}
    />
  );
}

/** May break after a dot, not within a word. */
function breakable(eventType: string) {
  return eventType.split(/(?<=\.)/).map((part) => (
    <Fragment key={part}>
      {part}
      <wbr />
    </Fragment>
  ));
}

/** A person and their account have one name. */
export function namesIn(targets: LogEvent['target']): readonly string[] {
  return [...new Set((targets ?? []).map(({ id, displayName }) => displayName ?? id ?? ''))];
}
