import type { AttributeDefinition } from '../domain/profile-schema.ts';
import { UsherError } from '../lib/errors.ts';
import type { AppId } from '../lib/ids.ts';
import { loadAppConfig } from '../store/app-config.ts';
import type { Tx } from '../store/database.ts';

/**
 * Call it at the end of a change to an app's settings or mappings, in its transaction.
 *
 * @throws {UsherError} `invalid_input` where accounts could not be recognised by the app's unique attribute.
 */
export async function assertUniqueAttribute(tx: Tx, appId: AppId): Promise<void> {
  const config = await loadAppConfig(tx, appId);
  const name = config?.provisioning.uniqueAttribute ?? 'userName';
  if (config === undefined || name === 'userName' || name === 'externalId') return;
  const definition = config.attributes[name];
  const reason = problemOf(definition, Object.hasOwn(config.mappings, name));
  if (reason === undefined) return;
  throw new UsherError(
    'invalid_input',
    `Accounts of ${config.label} cannot be recognised by ${name}: it ${reason}. Map it, or choose another unique attribute.`,
    { causes: [{ field: 'uniqueAttribute', reason: `${name} ${reason}` }] },
  );
}

function problemOf(definition: AttributeDefinition | undefined, mapped: boolean): string | undefined {
  if (definition === undefined) return 'is no attribute of the app';
  if (definition.type !== 'string') return 'is not a single text';
  if (definition.mutability === 'WRITE_ONLY') return 'is never shown by the app';
  return mapped ? undefined : 'is not mapped, so nobody has a value to look for';
}
