import type { ProbeReport } from '../connectors/contract.ts';
import type { Connector } from '../connectors/definition.ts';
import { defaultLimits } from '../domain/app.ts';
import { UsherError } from '../lib/errors.ts';
import { newId, type ProbeId } from '../lib/ids.ts';
import type { JsonObject } from '../lib/json.ts';
import { assertSettings } from '../provisioning/connection-settings.ts';
import {
  findProbe,
  finishProbe,
  insertProbe,
  listProbes,
  type ProbeSummary,
  type StoredProbe,
} from '../store/probes.ts';
import { authorize } from './authorize.ts';
import type { AppContext } from './context.ts';

export interface NewProbe {
  /** The connector's settings; they are not kept. */
  readonly settings: JsonObject;
  /** Whether a throw-away account may be made. */
  readonly allowWrites: boolean;
}

/** Milliseconds for all requests of a probe together. */
const probeTimeoutMs = 90_000;

/**
 * Holds a server against the rules and keeps the report. What was started and never finished was killed meanwhile.
 *
 * @throws {UsherError} `invalid_input` for settings that cannot be.
 */
export async function runProbe(context: AppContext, { settings, allowWrites }: NewProbe): Promise<StoredProbe> {
  await authorize(context, context.db, 'connections.manage', { integration: null });
  const connector = probeConnector(context);
  assertSettings(connector, settings);
  const id = newId('probe');
  const url = String(settings['baseUrl']);
  await context.db.transaction((tx) => insertProbe(tx, { id, url, wrote: allowWrites, startedBy: context.actor }));
  const report = await probeServer(context, connector, settings, allowWrites);
  await context.db.transaction((tx) => finishProbe(tx, id, report));
  return getProbe(context, id);
}

/** @throws {UsherError} `not_found` */
export async function getProbe(context: AppContext, id: ProbeId): Promise<StoredProbe> {
  await authorize(context, context.db, 'connections.manage', { integration: null });
  const probe = await findProbe(context.db, id);
  if (probe !== undefined) return probe;
  throw new UsherError('not_found', `There is no probe with the id ${id}.`);
}

export async function listAllProbes(
  context: AppContext,
  page: { readonly before?: Pick<ProbeSummary, 'id' | 'started'>; readonly limit: number },
): Promise<ProbeSummary[]> {
  await authorize(context, context.db, 'connections.manage', { integration: null });
  return listProbes(context.db, page);
}

/** Never rejects for what the server does. */
export async function probeServer(
  context: Pick<AppContext, 'openHttp'>,
  connector: Connector,
  settings: JsonObject,
  allowWrites: boolean,
): Promise<ProbeReport> {
  if (connector.probe === undefined) throw noProbe();
  const http = context.openHttp(defaultLimits);
  try {
    return await connector.probe({ settings, http, allowWrites, signal: AbortSignal.timeout(probeTimeoutMs) });
  } finally {
    await http.close();
  }
}

/** The connector whose protocol has rules to hold a server against. */
export function probeConnector(context: Pick<AppContext, 'connectors'>): Connector {
  const connector = context.connectors.find(({ probe }) => probe !== undefined);
  if (connector === undefined) throw noProbe();
  return connector;
}

function noProbe(): UsherError {
  return new UsherError('unsupported', 'Usher has no connector here that can probe a server.');
}
