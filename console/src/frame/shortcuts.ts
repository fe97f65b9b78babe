const kept = 'usher-shortcuts';

/** Whether single keys do something in this browser. Somebody who speaks to it, or types with a tremor, turns them off. */
export function areShortcutsOn(): boolean {
  return localStorage.getItem(kept) !== 'off';
}

export function turnShortcuts(on: boolean): void {
  if (on) localStorage.removeItem(kept);
  else localStorage.setItem(kept, 'off');
}
