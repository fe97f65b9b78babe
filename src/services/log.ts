import type { EventTarget, EventType, NewLogEvent } from '../domain/log-event.ts';
import type { JsonObject } from '../lib/json.ts';
import type { Context } from './context.ts';

/** A log event of something the caller has done. */
export function succeeded(
  context: Pick<Context, 'actor' | 'transactionId' | 'client'>,
  eventType: EventType,
  targets: readonly EventTarget[],
  debug?: JsonObject,
): NewLogEvent {
  return {
    eventType,
    outcome: 'SUCCESS',
    actor: context.actor,
    targets,
    ...(debug === undefined ? {} : { debug }),
    ...(context.transactionId === undefined ? {} : { transactionId: context.transactionId }),
    // What Usher does of its own accord came from nowhere, whatever set it off.
    ...(context.client === undefined || context.actor.type !== 'User' ? {} : { client: context.client }),
  };
}
