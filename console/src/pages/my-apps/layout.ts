export interface Layout {
  readonly apps: readonly string[];
  readonly sections: readonly { readonly name: string; readonly apps: readonly string[] }[];
}

/** Where a tile goes: before another one, or to the end. `section` is null for the tiles that are in none. */
export interface Place {
  readonly section: string | null;
  readonly before: string | null;
}

/** The layout with the apps that have no place yet, in the order they come in. */
export function withAll(layout: Layout, ids: readonly string[]): Layout {
  const placed = new Set([...layout.apps, ...layout.sections.flatMap(({ apps }) => apps)]);
  return { ...layout, apps: [...layout.apps, ...ids.filter((id) => !placed.has(id))] };
}

export function moved(layout: Layout, id: string, { section, before }: Place): Layout {
  if (id === before) return layout;
  const put = (apps: readonly string[], here: boolean) => {
    const rest = apps.filter((each) => each !== id);
    if (!here) return rest;
    const index = before === null ? -1 : rest.indexOf(before);
    return index === -1 ? [...rest, id] : rest.toSpliced(index, 0, id);
  };
  return {
    apps: put(layout.apps, section === null),
    sections: layout.sections.map(({ name, apps }) => ({ name, apps: put(apps, name === section) })),
  };
}

export function withSection(layout: Layout, name: string): Layout {
  return { ...layout, sections: [...layout.sections, { name, apps: [] }] };
}

export function renamed(layout: Layout, from: string, name: string): Layout {
  return { ...layout, sections: layout.sections.map((each) => (each.name === from ? { ...each, name } : each)) };
}

/** What was in the section stands after all that is in none. */
export function withoutSection(layout: Layout, name: string): Layout {
  const freed = layout.sections.find((each) => each.name === name)?.apps ?? [];
  return { apps: [...layout.apps, ...freed], sections: layout.sections.filter((each) => each.name !== name) };
}

/** One place up (-1) or down (1); the same where there is none. */
export function movedSection({ apps, sections }: Layout, name: string, by: -1 | 1): Layout {
  const from = sections.findIndex((each) => each.name === name);
  const section = sections[from];
  if (section === undefined || from + by < 0 || from + by >= sections.length) return { apps, sections };
  return { apps, sections: sections.toSpliced(from, 1).toSpliced(from + by, 0, section) };
}
