import type { Actor, EventClient } from '../domain/log-event.ts';
import type { Rights } from '../domain/rights.ts';
import type { Clock } from '../lib/clock.ts';
import type { ConnectionDeps } from '../provisioning/open-connection.ts';
import type { Db } from '../store/database.ts';
import type { Queue } from '../store/queue.ts';
import type { SecretBox } from '../store/secret-box.ts';

/** What every use case gets: where things are, and who asks. */
export interface Context {
  readonly db: Db;
  readonly queue: Queue;
  readonly clock: Clock;
  readonly actor: Actor;
  /** What `actor` may do; left out, a person may do nothing. Usher itself may do everything, whatever stands here. */
  readonly rights?: Rights;
  /** Ties together the log events of one request; undefined where there is none. */
  readonly transactionId?: string;
  /** Where the request came from; undefined where there is none. */
  readonly client?: EventClient;
  /** Undefined where no secret is kept: then no password is pushed either. */
  readonly secrets?: SecretBox;
  /** True where the change will be undone in a moment: what would become work is not marked as work. */
  readonly rehearsal?: boolean;
}

/** Where things are and where somebody comes from, while it is not known yet who they are. */
export type Nobody = Omit<Context, 'actor' | 'rights'>;

/** What use cases about apps need besides. */
export interface AppContext extends Context, ConnectionDeps {
  readonly secrets: SecretBox;
}
