import type { Static, TObject } from 'typebox';
import type { Connection, OpenOptions, ProbeOptions, ProbeReport } from './contract.ts';

/**
 * A connector is one value. Its settings schema draws the form, validates the API's input and types `open`;
 * a property with `secret: true` is sealed at rest and never shown again.
 */
export interface Connector {
  readonly key: string;
  readonly displayName: string;
  readonly settings: TObject;
  open(options: OpenOptions<unknown>): Connection;
  /** Holds a server against the rules of its protocol, where the protocol has any. Never rejects. */
  probe?(options: ProbeOptions<unknown>): Promise<ProbeReport>;
}

export function defineConnector<Schema extends TObject>(definition: {
  readonly key: string;
  readonly displayName: string;
  readonly settings: Schema;
  open(options: OpenOptions<Static<Schema>>): Connection;
  probe?(options: ProbeOptions<Static<Schema>>): Promise<ProbeReport>;
}): Connector {
  const { probe, ...rest } = definition;
  // The engine validates settings against `settings` before it calls `open`; that is what makes this cast true.
  return {
    ...rest,
    open: (options) => definition.open(options as OpenOptions<Static<Schema>>),
    ...(probe === undefined ? {} : { probe: (options) => probe(options as ProbeOptions<Static<Schema>>) }),
  };
}
