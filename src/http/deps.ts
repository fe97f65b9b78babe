import type { FastifyBaseLogger } from 'fastify';
import type { AppContext } from '../services/context.ts';
import type { Org } from '../store/org.ts';
import type { EgressRules } from '../lib/egress.ts';
import type { Metrics } from './metrics.ts';

/** What `/usher/v1/system` says of the process besides what the database knows. */
export interface SystemFacts {
  readonly version: string;
  readonly started: Date;
  /** The folder this process holds the lock of; undefined where it holds none. */
  readonly dataFolder: string | undefined;
  /** Apps one process works on at once. */
  readonly workerSlots: number;
  /** Networks opened besides the public internet. */
  readonly egressAllow: readonly string[];
}

export interface HttpSettings {
  /** What links begin with, without a slash at the end; undefined means as the request addressed us. */
  readonly baseUrl?: string | undefined;
  /** True behind a proxy whose `X-Forwarded-…` headers may be believed. */
  readonly trustProxy?: boolean;
  /** Attempts to sign in an address may make per minute. Default 30. */
  readonly signInsPerMinute?: number;
  /** Requests a token may make per minute. Default 1,200. */
  readonly requestsPerMinute?: number;
  /** What a whole request may take, from its first byte to its last. Default 30,000. */
  readonly requestTimeoutMs?: number;
}

/** Everything the HTTP server needs; who asks comes with each request. */
export interface ServerDeps extends Omit<AppContext, 'actor' | 'rights' | 'transactionId'> {
  readonly org: Org;
  readonly metrics: Metrics;
  readonly settings: HttpSettings;
  readonly system: SystemFacts;
  /** Where this process may connect to. */
  readonly egress: () => EgressRules;
  /** Why this process should get no requests now, e.g. that it is stopping; empty when it should. */
  readonly readiness: () => readonly string[];
  /** Where the build put the console's files; undefined where it did not. */
  readonly consoleFolder?: string | undefined;
  /** Undefined: nothing is logged. */
  readonly logger?: FastifyBaseLogger;
}
