import { isJsonObject, type Json, type JsonObject } from '../../../lib/json.ts';
import { coreUserUrn } from '../layout.ts';
import { readActive, readId } from '../resource.ts';
import { filterPath, isOk, onlyNamed, patchUrn, rowsOf, type ProbeContext } from './context.ts';
import type { Reply } from './exchange.ts';

export const enterpriseUrn = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

/** Who reads the app's list of accounts must know at once what this one is. */
export const throwawayDisplayName = 'Usher probe (safe to delete)';

/** A name nobody has, in a domain that is kept for examples (RFC 2606). */
export function throwawayName(random: string): string {
  return `usher-probe-${random}@example.com`;
}

export function newThrowaway(userName: string): JsonObject {
  return {
    schemas: [coreUserUrn, enterpriseUrn],
    userName,
    externalId: userName.replace(/@.*/, ''),
    name: { givenName: 'Usher', familyName: 'Probe' },
    displayName: throwawayDisplayName,
    title: 'Throw-away account',
    emails: [{ value: userName, type: 'work', primary: true }],
    active: true,
    [enterpriseUrn]: { department: 'Probe', costCenter: 'P1' },
  };
}

/** A throw-away account as its checks see it. */
export interface Throwaway {
  readonly id: string;
  readonly userName: string;
  read(): Promise<Reply>;
  patch(operations: readonly Json[], ifMatch?: string): Promise<Reply>;
  put(resource: JsonObject): Promise<Reply>;
}

export function openThrowaway({ recorder }: ProbeContext, id: string, userName: string): Throwaway {
  const path = `/Users/${encodeURIComponent(id)}`;
  return {
    id,
    userName,
    read: () => recorder.ask('GET', path, { ours: true }),
    patch: (operations, ifMatch) =>
      recorder.ask('PATCH', path, {
        ours: true,
        body: { schemas: [patchUrn], Operations: operations },
        ...(ifMatch === undefined ? {} : { ifMatch }),
      }),
    put: (body) => recorder.ask('PUT', path, { ours: true, body }),
  };
}

/**
 * Takes away every account the probe may have made, found by their name, since an answer may have been lost. What cannot
 * be deleted is made inactive. Returns what is still there, in words for a person.
 */
export async function removeThrowaways(
  context: ProbeContext,
  ids: ReadonlySet<string>,
  userName: string,
): Promise<readonly string[]> {
  const known = new Set(ids);
  const found = await context.recorder
    .ask('GET', filterPath('userName', userName), { ours: true })
    .catch(() => undefined);
  const rows = found === undefined ? [] : (rowsOf(found) ?? []);
  // A filter that answers with others says nothing about who is ours.
  if (onlyNamed(rows, userName)) for (const row of rows) known.add(readId(row) ?? '');
  const left: string[] = [];
  for (const id of known) {
    if (id !== '' && !(await removed(context, id))) left.push(id);
  }
  return left.map((id) => `the account ${id} (${userName})`);
}

async function removed(context: ProbeContext, id: string): Promise<boolean> {
  const { recorder } = context;
  const path = `/Users/${encodeURIComponent(id)}`;
  try {
    const gone = await recorder.ask('DELETE', path, { ours: true });
    const there = await recorder.ask('GET', path, { ours: true });
    if (there.status === 404 || there.status === 410) return true;
    if (isOk(gone) && there.json !== undefined && readActive(there.json) === false) return true;
    await openThrowaway(context, id, '').patch([{ op: 'replace', value: { active: false } }]);
    return false;
  } catch {
    return false;
  }
}

/** The version to send as If-Match: the header, where it is the resource's own. */
export function versionOf({ headers, json }: Reply): string | undefined {
  const meta = json?.['meta'];
  const version = isJsonObject(meta) ? meta['version'] : undefined;
  return headers['etag'] !== undefined && headers['etag'] === version ? headers['etag'] : undefined;
}
