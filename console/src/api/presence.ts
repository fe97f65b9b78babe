let lastInputMs = performance.now();

for (const kind of ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart']) {
  window.addEventListener(kind, () => (lastInputMs = performance.now()), { capture: true, passive: true });
}

/** Nobody has touched the page for a minute: what it looks up then does not keep the session alive. */
export function isUnattended(): boolean {
  return performance.now() - lastInputMs > 60_000;
}
