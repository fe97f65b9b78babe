import type { ConnectionReport } from '../connectors/contract.ts';
import { defaultLimits } from '../domain/app.ts';
import { UsherError } from '../lib/errors.ts';
import type { JsonObject } from '../lib/json.ts';
import { assertSettings } from '../provisioning/connection-settings.ts';
import { authorize } from './authorize.ts';
import type { AppContext } from './context.ts';

export interface UnsavedSettings {
  /** Key of a connector. */
  readonly connector: string;
  readonly settings: JsonObject;
  /** The integration it is about, whose peculiarities the connector then knows. */
  readonly catalogKey?: string;
}

/** A test makes a handful of requests, each with its own time-out; this bounds them together. */
const testTimeoutMs = 60_000;

/**
 * Tries settings before there is an app. Reads only, keeps nothing.
 *
 * @throws {UsherError} the first thing that is wrong: `app_*` as the connector says, `invalid_input`, `not_found`
 *   (connector or integration).
 */
export async function testSettings(
  context: Pick<AppContext, 'actor' | 'rights' | 'db' | 'catalog' | 'connectors' | 'openHttp'>,
  { connector: key, settings, catalogKey }: UnsavedSettings,
): Promise<ConnectionReport> {
  await authorize(context, context.db, 'connections.manage', { integration: catalogKey ?? null });
  const connector = context.connectors.find((candidate) => candidate.key === key);
  if (connector === undefined) throw missing('connector', key);
  const entry = catalogKey === undefined ? undefined : context.catalog.get(catalogKey);
  if (catalogKey !== undefined && entry === undefined) throw missing('integration', catalogKey);
  assertSettings(connector, settings);
  const http = context.openHttp(defaultLimits);
  try {
    const connection = connector.open({
      settings,
      attributes: entry?.schema ?? {},
      quirks: entry?.quirks ?? {},
      learned: {},
      learn: () => undefined,
      http,
      pageSize: defaultLimits.pageSize,
    });
    try {
      return await connection.test(AbortSignal.timeout(testTimeoutMs));
    } finally {
      await connection.close();
    }
  } finally {
    await http.close();
  }
}

function missing(what: string, key: string): UsherError {
  return new UsherError('not_found', `There is no ${what} "${key}".`);
}
