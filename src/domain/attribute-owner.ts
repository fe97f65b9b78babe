import type { ProvisioningSettings } from './app.ts';
import type { Mappings } from './mapping.ts';

/** What decides which attributes of an existing account an instance writes. */
export interface Writer {
  readonly provisioning: Pick<ProvisioningSettings, 'update' | 'deactivate' | 'excludeUserNameUpdates'>;
  /** To the app. */
  readonly mappings: Mappings;
}

/** Another instance that provisions the same accounts. */
export interface Rival<Id> extends Writer {
  readonly id: Id;
  readonly label: string;
}

/**
 * Attributes that both would go on writing to one account: with two writers its value would change back and forth, so
 * each attribute has one. `active` stands for whether the account is in use. In order of names.
 */
export function contestedAttributes(one: Writer, other: Writer): string[] {
  const theirs = writtenAttributes(other);
  return [...writtenAttributes(one)].filter((attribute) => theirs.has(attribute)).sort();
}

function writtenAttributes({ provisioning, mappings }: Writer): ReadonlySet<string> {
  const { update, deactivate, excludeUserNameUpdates } = provisioning;
  const mapped = Object.entries(mappings).filter(
    ([name, { pushStatus }]) => pushStatus === 'PUSH' && name !== 'userName',
  );
  return new Set([
    ...(update ? mapped.map(([name]) => name) : []),
    ...(update && !excludeUserNameUpdates ? ['userName'] : []),
    ...(deactivate ? ['active'] : []),
  ]);
}
