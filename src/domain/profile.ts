import { jsonEqual, type Json } from '../lib/json.ts';

/** Attribute values by variable name. Absent and null both mean "no value"; the empty string is a value. */
export type Profile = { readonly [attribute: string]: Json };

/** Whether an attribute holds the same value in both profiles; a missing attribute equals null. */
export function sameValue(left: Json | undefined, right: Json | undefined): boolean {
  return jsonEqual(left ?? null, right ?? null);
}

/** The attributes of `desired` whose value differs in `recorded`, with the desired value (null clears). */
export function profileChanges(desired: Profile, recorded: Profile): Profile {
  return Object.fromEntries(Object.entries(desired).filter(([name, value]) => !sameValue(value, recorded[name])));
}

/** The same profile without the attributes that have no value. */
export function withoutNulls(profile: Profile): Profile {
  if (!Object.values(profile).includes(null)) return profile;
  const kept: { [attribute: string]: Json } = {};
  for (const attribute in profile) {
    const value = profile[attribute] ?? null;
    if (value !== null) kept[attribute] = value;
  }
  return kept;
}
