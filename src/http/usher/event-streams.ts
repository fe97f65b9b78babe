import { PassThrough } from 'node:stream';
import { UsherError } from '../../lib/errors.ts';
import type { Changes, ChangeFeed } from '../../services/change-feed.ts';
import { staleFor } from '../../services/stale.ts';
import type { Principal } from '../authenticate.ts';

/** Streams a server keeps open, and one session or token may have: a browser with many windows. */
const streamsMax = 500;
const streamsEachMax = 12;
/** Shows a reader that the line is up, and us that the session is. */
const beatEveryMs = 10_000;
/** A reader who leaves more than this unread has gone, or will look everything up when it comes back. */
const unreadBytesMax = 65_536;

export interface EventStreams {
  /**
   * Tells whoever asks what has become stale, until their session or token ends, they hang up, or the server stops.
   * `again` says who they are now.
   *
   * @throws {UsherError} `rate_limited` with too many streams.
   */
  open(principal: Principal, again: () => Promise<Principal>): Promise<PassThrough>;
  /** Ends every stream, and at once those that are opened later. */
  close(): void;
}

export function createEventStreams(feed: ChangeFeed): EventStreams {
  const open = new Map<PassThrough, string>();
  let closed = false;
  return {
    open: async (principal, again) => {
      const holder = principal.tokenId ?? principal.session?.id ?? '';
      const held = [...open.values()].filter((other) => other === holder).length;
      if (open.size >= streamsMax || held >= streamsEachMax) throw tooMany(held >= streamsEachMax);
      const stream = new PassThrough();
      open.set(stream, holder);
      stream.on('close', () => open.delete(stream));
      try {
        await tell(feed, stream, principal, again);
      } catch (error) {
        stream.destroy();
        throw error;
      }
      if (closed) stream.end();
      return stream;
    },
    close: () => {
      closed = true;
      for (const stream of open.keys()) stream.end();
    },
  };
}

async function tell(
  feed: ChangeFeed,
  stream: PassThrough,
  principal: Principal,
  again: () => Promise<Principal>,
): Promise<void> {
  let who = principal;
  const say = (event: string, data: unknown) => {
    if (stream.writableEnded || stream.destroyed) return;
    if (stream.writableLength + stream.readableLength > unreadBytesMax) stream.destroy();
    else stream.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  };
  const checkAnd = async (next: () => void) => {
    try {
      who = await again();
      next();
    } catch (error) {
      if (!(error instanceof UsherError) || error.code !== 'unauthenticated') return;
      say('end', {});
      stream.end();
    }
  };
  const onChanges = (changes: Changes) => {
    const sayStale = () => {
      const stale = staleFor({ userId: who.userId, rights: who.rights }, changes);
      if (stale !== undefined) say('stale', stale);
    };
    if (changes.access) void checkAnd(sayStale);
    else sayStale();
  };
  const { stop } = await feed.follow(onChanges);
  const beat = setInterval(() => void checkAnd(() => say('beat', {})), beatEveryMs);
  const end = () => {
    clearInterval(beat);
    stop();
  };
  stream.on('close', end).on('finish', end);
  say('hello', {});
}

function tooMany(ofOne: boolean): UsherError {
  const whose = ofOne ? 'This session or token has' : 'This server has';
  return new UsherError('rate_limited', `${whose} too many event streams open. Close some, or try again later.`, {
    retryAfterSeconds: 30,
  });
}
