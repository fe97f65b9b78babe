import type { ExternalId } from '../../lib/ids.ts';

// Ids are opaque: some hold `@`, spaces or slashes.

export function userPath(id: ExternalId): string {
  return `/Users/${encodeURIComponent(id)}`;
}

export function groupPath(id: ExternalId): string {
  return `/Groups/${encodeURIComponent(id)}`;
}
