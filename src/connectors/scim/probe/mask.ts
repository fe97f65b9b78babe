import { isJsonObject, type Json } from '../../../lib/json.ts';

/** Texts that say nothing of a person. */
const plainKeys = new Set([
  ...['id', 'schemas', 'meta', 'type', '$ref', 'resourceType', 'detail', 'scimType', 'status'],
  ...['totalResults', 'startIndex', 'itemsPerPage', 'active', 'primary'],
]);

/** A person's text, shortened so that its kind can still be told: `ad•••@•••`. */
export function maskText(text: string): string {
  const short = `${text.slice(0, 2)}•••`;
  return text.includes('@') ? `${short}@•••` : short;
}

/** An answer about accounts with every text of theirs shortened; its form stays. */
export function maskPeople(json: Json): Json {
  if (Array.isArray(json)) return json.map(maskPeople);
  if (typeof json === 'string') return maskText(json);
  if (!isJsonObject(json)) return json;
  return Object.fromEntries(
    Object.entries(json).map(([key, value]) => [key, plainKeys.has(key) ? value : maskPeople(value)]),
  );
}
