import type { Clock } from '../lib/clock.ts';
import type { Principal } from './authenticate.ts';
import type { Credential } from './credential.ts';

/** Who called a moment ago. Requests that only show things need not ask the database again who calls. */
export interface RecentPrincipals {
  /** Whoever has this token or session, as of at most half a second ago. Fails as `find` does. */
  recall(credential: Credential): Promise<Principal>;
  /** Forgets everybody, at a change through this process: what it did holds from the next request on. */
  forget(): void;
}

/** A token that is revoked by another process works this long at most, and only to read. */
const freshMs = 500;
/** Far more callers than there are; a flood of made-up tokens takes no memory. */
const rememberedMax = 1_000;

interface Recent {
  readonly principal: Promise<Principal>;
  readonly untilMs: number;
}

export function createRecentPrincipals(
  find: (credential: Credential) => Promise<Principal>,
  clock: Clock,
): RecentPrincipals {
  let recent = new Map<string, Recent>();
  return {
    recall: async (credential) => {
      const key = credential.hash.toString('base64');
      const nowMs = clock.now().getTime();
      const known = recent.get(key);
      if (known !== undefined && nowMs < known.untilMs) {
        const principal = await known.principal;
        if (principal.expires === null || nowMs < principal.expires.getTime()) return principal;
      }
      if (recent.size >= rememberedMax) recent = new Map();
      // What a look-up that began before a change finds goes to where nobody looks any more.
      const place = recent;
      const principal = find(credential);
      place.set(key, { principal, untilMs: nowMs + freshMs });
      principal.catch(() => place.delete(key));
      return principal;
    },
    forget: () => void (recent = new Map()),
  };
}
