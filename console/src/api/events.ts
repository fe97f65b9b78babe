import type { Stale } from './stale';

interface Listener {
  /** From now on nothing is missed; what was looked up before may be stale. */
  readonly onFollowing: () => void;
  readonly onStale: (stale: Stale) => void;
  readonly onLost: () => void;
  /** The session is over, or may be: whoever listens asks. */
  readonly onEnded: () => void;
}

/** The server says something every ten seconds. */
const silenceMaxMs = 25_000;
const retryFirstMs = 1_000;
const retryMostMs = 15_000;

/**
 * Follows what changes while the page can be seen, and comes back by itself. Pages that cannot be seen hold no
 * connection: a browser has six for all of its windows.
 */
export function followEvents(listener: Listener): () => void {
  let source: EventSource | undefined;
  let timer: number | undefined;
  let retryMs = retryFirstMs;
  const close = () => {
    source?.close();
    source = undefined;
    window.clearTimeout(timer);
  };
  const lose = () => {
    close();
    listener.onLost();
    timer = window.setTimeout(open, retryMs);
    retryMs = Math.min(2 * retryMs, retryMostMs);
  };
  const heard = () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(lose, silenceMaxMs);
  };
  const open = () => {
    close();
    if (document.hidden) return;
    source = new EventSource('/usher/v1/events');
    source.onerror = lose;
    source.addEventListener('beat', heard);
    source.addEventListener('hello', () => {
      heard();
      retryMs = retryFirstMs;
      listener.onFollowing();
    });
    source.addEventListener('stale', ({ data }: MessageEvent<string>) => {
      heard();
      listener.onStale(JSON.parse(data));
    });
    source.addEventListener('end', () => {
      close();
      listener.onEnded();
    });
  };
  const onVisibility = () => {
    if (document.hidden) close();
    else if (source === undefined) open();
  };
  const onOnline = () => open();
  document.addEventListener('visibilitychange', onVisibility);
  window.addEventListener('online', onOnline);
  open();
  return () => {
    close();
    document.removeEventListener('visibilitychange', onVisibility);
    window.removeEventListener('online', onOnline);
  };
}
