import type { ErrorCause } from '../lib/errors.ts';
import type { AppId } from '../lib/ids.ts';

/**
 * How somebody has arranged their tiles. An app that is in no list stands after `apps`; one they no longer have keeps
 * its place for when it comes back.
 */
export interface MyLayout {
  /** What is in no section, in order. */
  readonly apps: readonly AppId[];
  readonly sections: readonly { readonly name: string; readonly apps: readonly AppId[] }[];
}

/** Enough for anybody's screen, and some 40 KB at most. */
export const layoutLimits = { sections: 50, nameLength: 60, apps: 1_000 } as const;

export const emptyLayout: MyLayout = { apps: [], sections: [] };

/** Names without spaces around them, as they are kept. */
export function trimLayout({ apps, sections }: MyLayout): MyLayout {
  return { apps, sections: sections.map((section) => ({ name: section.name.trim(), apps: section.apps })) };
}

/** What is wrong with a trimmed layout, by field; empty where nothing is. */
export function layoutFaults({ apps, sections }: MyLayout): readonly ErrorCause[] {
  const faults: ErrorCause[] = [];
  const names = new Set<string>();
  sections.forEach(({ name }, index) => {
    const field = `sections[${index}].name`;
    if (name === '') faults.push({ field, reason: 'A section needs a name.' });
    else if (names.has(name.toLowerCase())) faults.push({ field, reason: 'Another section has this name already.' });
    names.add(name.toLowerCase());
  });
  const placed = new Set<AppId>();
  const lists = [
    ['apps', apps] as const,
    ...sections.map((section, index) => [`sections[${index}].apps`, section.apps] as const),
  ];
  for (const [field, ids] of lists) {
    for (const id of ids) {
      if (placed.has(id)) faults.push({ field, reason: `The app ${id} has a place already.` });
      placed.add(id);
    }
  }
  if (placed.size > layoutLimits.apps) {
    faults.push({ field: 'apps', reason: `A layout has places for ${layoutLimits.apps} apps at most.` });
  }
  return faults.slice(0, 20);
}
