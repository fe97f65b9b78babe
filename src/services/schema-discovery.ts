import type { AttributeDefinition, AttributeDefinitions } from '../domain/profile-schema.ts';
import { allAttributes } from '../domain/profile-schema.ts';
import { UsherError } from '../lib/errors.ts';
import type { AppId } from '../lib/ids.ts';
import { openAppConnection } from '../provisioning/open-connection.ts';
import { getAppSchema } from './app-schemas.ts';
import { authorize } from './authorize.ts';
import type { AppContext } from './context.ts';
import { freeName, placeOf } from './wizard-proposals.ts';

/** Milliseconds for what it takes to read an app's schemas. */
const discoveryTimeoutMs = 60_000;

/**
 * The attributes the app says it has and its profile here does not have yet, ready to be added, by name. Reads only.
 *
 * @throws {UsherError} `not_found`; `unsupported` (the app does not tell); `wrong_state` (no credential); `app_*`.
 */
export async function discoverAttributes(context: AppContext, appId: AppId): Promise<AttributeDefinitions> {
  await authorize(context, context.db, 'apps.manage', { apps: [appId] });
  const existing = allAttributes(await getAppSchema(context, appId));
  const offered = await readOffered(context, appId);
  const found = Object.entries(offered)
    .filter(([, definition]) => !isThere(definition, existing))
    .map(([name, definition]) => [freeName(name, definition, existing), definition] as const);
  return Object.fromEntries(found.sort(([left], [right]) => (left < right ? -1 : 1)));
}

async function readOffered(context: AppContext, appId: AppId): Promise<AttributeDefinitions> {
  const connection = await openAppConnection(context.db, context, appId);
  try {
    if (connection.discoverSchema === undefined) {
      throw new UsherError('unsupported', 'The app does not tell which attributes it has. Add them by hand.');
    }
    return await connection.discoverSchema(AbortSignal.timeout(discoveryTimeoutMs));
  } finally {
    await connection.close();
  }
}

/** The same place, or a value of a list that is there by its values' kinds. */
function isThere(definition: AttributeDefinition, existing: AttributeDefinitions): boolean {
  const place = placeOf(definition);
  return Object.values(existing).some((each) => {
    const other = placeOf(each);
    return other === place || other.startsWith(`${place}.^[`);
  });
}
