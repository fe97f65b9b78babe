import type { Schemas } from '../../api/client';
import { t } from '../../text';
import type { Side } from './drag';
import { moved, movedSection, renamed, withAll, withoutSection, type Layout, type Place } from './layout';
import { Section } from './section';
import { Tile } from './tile';

interface Props {
  readonly apps: readonly Schemas['MyApp'][];
  readonly layout: Layout;
  readonly onChange: (layout: Layout) => void;
  /** Says to who cannot see it what has happened. */
  readonly say: (sentence: string) => void;
}

/** The tiles as the person has arranged them: those in no section first. */
export function Arranged({ apps, layout: kept, onChange, say }: Props) {
  const layout = withAll(
    kept,
    apps.map(({ id }) => id),
  );
  const appsById = new Map(apps.map((app) => [app.id, app]));
  const names = layout.sections.map(({ name }) => name);
  const move = (id: string, place: Place) => {
    const next = moved(layout, id, place);
    onChange(next);
    const ids = place.section === null ? next.apps : next.sections.find(({ name }) => name === place.section)?.apps;
    const shown = (ids ?? []).filter((each) => appsById.has(each));
    say(t.my.moved(appsById.get(id)?.label ?? '', place.section ?? t.my.title, shown.indexOf(id) + 1, shown.length));
  };
  const groups = [{ name: null, apps: layout.apps }, ...layout.sections];
  return groups.map(({ name: section, apps: ids }) => {
    const shown = ids.flatMap((id) => appsById.get(id) ?? []);
    if (section === null && shown.length === 0) return null;
    /** Before the tile at this place among those shown. */
    const at = (index: number): Place => ({ section, before: shown[index]?.id ?? null });
    return (
      <Section
        key={section ?? ''}
        name={section}
        names={names}
        onDropped={move}
        onRename={(name) => onChange(renamed(layout, section ?? '', name))}
        onStep={(by) => onChange(movedSection(layout, section ?? '', by))}
        onRemove={() => onChange(withoutSection(layout, section ?? ''))}
      >
        {shown.length === 0
          ? null
          : shown.map((app, index) => (
              <Tile
                key={app.id}
                app={app}
                place={{ section, sections: names, isFirst: index === 0, isLast: index === shown.length - 1 }}
                onStep={(by) => move(app.id, at(by === -1 ? index - 1 : index + 2))}
                onMove={(place) => move(app.id, place)}
                onDropped={(id: string, side: Side) => move(id, dropped(shown, id, index, side, section))}
              />
            ))}
      </Section>
    );
  });
}

/** The place beside a tile, on one side of it; the one that is dragged leaves its own. */
function dropped(
  shown: readonly Schemas['MyApp'][],
  id: string,
  index: number,
  side: Side,
  section: Place['section'],
): Place {
  const after = shown.slice(index + 1).find((app) => app.id !== id);
  return { section, before: side === 'before' ? (shown[index]?.id ?? null) : (after?.id ?? null) };
}
