import type { AttributeDefinition, AttributeDefinitions } from './profile-schema.ts';

/** What apps call the attributes that say what an account allows, by the beginning of their external names. */
const entitlementName = /^(roles?|entitlements?|groups|permissions?|licen[cs]es?|permissionSets?)\b/i;

/** The attributes of an app's accounts that say what an account allows. */
export function entitlementsOf(attributes: AttributeDefinitions): string[] {
  return Object.entries(attributes).flatMap(([name, definition]) => (isEntitlement(name, definition) ? [name] : []));
}

function isEntitlement(name: string, { externalName, required }: AttributeDefinition): boolean {
  return required !== true && (entitlementName.test(externalName ?? '') || entitlementName.test(name));
}
