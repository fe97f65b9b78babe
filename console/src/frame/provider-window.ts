import { useEffect, useEffectEvent } from 'react';

const channelName = 'usher-sign-in';
/** Where the window ends. The server knows it too. */
const lastPage = '/login/done';

/**
 * Opens a provider in a window of its own, so that this page stays as it is; `fresh` asks them to sign in there anew.
 * What comes of it is heard by `useProviderWindow`.
 */
export function openProviderWindow(providerId: string, fresh: boolean): void {
  const query = new URLSearchParams({ from: lastPage, ...(fresh ? { fresh: 'true' } : {}) });
  window.open(
    `/usher/v1/sign-in/providers/${providerId}?${query.toString()}`,
    channelName,
    'popup,width=520,height=680',
  );
}

/** Told from the last page of the window; null where all went well. It has no opener: their pages stand apart. */
export function tellProviderWindow(problem: string | null): void {
  const channel = new BroadcastChannel(channelName);
  channel.postMessage(problem);
  channel.close();
}

/** Hears how it went in the window. The server alone knows whether it is true. */
export function useProviderWindow(onEnd: (problem: string | null) => void): void {
  const tell = useEffectEvent(onEnd);
  useEffect(() => {
    const channel = new BroadcastChannel(channelName);
    channel.onmessage = ({ data }: MessageEvent<unknown>) => tell(typeof data === 'string' ? data : null);
    return () => channel.close();
  }, []);
}
