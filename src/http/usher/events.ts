import { UsherError } from '../../lib/errors.ts';
import { createChangeFeed } from '../../services/change-feed.ts';
import type { Api } from '../api.ts';
import { authenticate } from '../authenticate.ts';
import { credentialOf } from '../credential.ts';
import type { ServerDeps } from '../deps.ts';
import { own } from '../policy.ts';
import { principalOf } from '../request-context.ts';
import { createEventStreams } from './event-streams.ts';

/** What has become stale, as it happens, as server-sent events. */
export function eventRoutes(api: Api, deps: ServerDeps): void {
  const feed = createChangeFeed(deps.db, (error) => deps.logger?.warn({ err: error }, 'looking for changes failed'));
  const streams = createEventStreams(feed);
  api.addHook('preClose', async () => streams.close());

  const config = { ...own, unattended: true };
  // A HEAD of what never ends would never end either.
  api.get('/events', { config, exposeHeadRoute: false }, async (request, reply) => {
    if (!/\btext\/event-stream\b/i.test(request.headers.accept ?? '')) {
      throw new UsherError(
        'not_acceptable',
        'The answer is a stream of events that does not end. Ask for it with "Accept: text/event-stream".',
      );
    }
    const credential = credentialOf(request);
    const stream = await streams.open(principalOf(request), () => authenticate(deps.db, credential));
    return reply.headers(streamHeaders).send(stream);
  });
}

const streamHeaders = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-store',
  // nginx would keep events until it has a page of them.
  'x-accel-buffering': 'no',
  // The stream ends when the server does, which then waits for no connection that could be used again.
  connection: 'close',
};
