import { ActionIcon, Menu, Text } from '@mantine/core';
import type { Schemas } from '../../api/client';
import { Logo } from '../../parts/app-logo';
import { Badge } from '../../parts/badge';
import { t } from '../../text';
import { useTileDrag, type Side } from './drag';
import type { Place } from './layout';

export interface TilePlace {
  /** Null for the tiles that are in no section. */
  readonly section: string | null;
  /** The names of all sections. */
  readonly sections: readonly string[];
  readonly isFirst: boolean;
  readonly isLast: boolean;
}

interface Props {
  readonly app: Schemas['MyApp'];
  /** Undefined where nothing can be moved, as in what a search found. */
  readonly place?: TilePlace;
  /** One place earlier or later, among what is shown. */
  readonly onStep: (by: -1 | 1) => void;
  readonly onMove: (place: Place) => void;
  readonly onDropped: (id: string, side: Side) => void;
}

/** An app: leads to where one signs in, in a tab of its own, and has a menu to move it. */
export function Tile({ app, place, onStep, onMove, onDropped }: Props) {
  const { element, side, dragged } = useTileDrag(place === undefined ? null : app.id, onDropped);
  return (
    <li ref={element} className="u-app" data-side={side} data-dragged={dragged || undefined}>
      <TileLink app={app} />
      {place !== undefined && (
        <Menu position="bottom-end" withinPortal>
          <Menu.Target>
            <ActionIcon className="u-app-menu" variant="subtle" color="gray" aria-label={t.my.arrange(app.label)}>
              <span aria-hidden>⋮</span>
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item disabled={place.isFirst} onClick={() => onStep(-1)}>
              {t.my.earlier}
            </Menu.Item>
            <Menu.Item disabled={place.isLast} onClick={() => onStep(1)}>
              {t.my.later}
            </Menu.Item>
            {place.section !== null && (
              <Menu.Item onClick={() => onMove({ section: null, before: null })}>{t.my.outOf(place.section)}</Menu.Item>
            )}
            {place.sections
              .filter((name) => name !== place.section)
              .map((name) => (
                <Menu.Item key={name} onClick={() => onMove({ section: name, before: null })}>
                  {t.my.moveTo(name)}
                </Menu.Item>
              ))}
          </Menu.Dropdown>
        </Menu>
      )}
    </li>
  );
}

function TileLink({ app }: { readonly app: Schemas['MyApp'] }) {
  const content = (
    <>
      <Logo src={app.logoUrl} name={app.label} size={56} />
      <Text fw={600} size="sm" style={{ overflowWrap: 'anywhere' }}>
        {app.label}
      </Text>
      {app.state === 'PREPARING' && <Badge tone="info">{t.my.preparing}</Badge>}
      {app.state === 'FAILED' && <Badge tone="warn">{t.my.failed}</Badge>}
      {app.note !== null && (
        <Text size="xs" c="var(--mantine-color-dimmed)" style={{ overflowWrap: 'anywhere' }}>
          {app.note}
        </Text>
      )}
    </>
  );
  if (app.linkUrl === null) return <div className="u-surface u-tile">{content}</div>;
  // What is dragged is the tile, not its address.
  return (
    <a className="u-surface u-tile" href={app.linkUrl} target="_blank" rel="noreferrer noopener" draggable={false}>
      {content}
    </a>
  );
}
