import type { AppGroup, GroupOperations } from '../connectors/contract.ts';
import { UsherError } from '../lib/errors.ts';
import type { AppId } from '../lib/ids.ts';
import { openAppConnection } from '../provisioning/open-connection.ts';
import { takenGroupNames } from '../store/app-group-push.ts';
import { requireApp } from './app-change.ts';
import { authorize } from './authorize.ts';
import type { AppContext } from './context.ts';

/** A group as the app has it now. */
export interface PushTarget {
  readonly externalId: string;
  readonly name: string;
  /** Gets its members from a group of ours already. */
  readonly taken: boolean;
}

export interface PushTargets {
  readonly groups: readonly PushTarget[];
  /** False where the app has more than are listed. */
  readonly complete: boolean;
}

/** More than somebody chooses from in a list; an app with more of them is asked by name. */
const targetsMax = 1_000;
/** Milliseconds for all pages together. */
const listingTimeoutMs = 60_000;

/**
 * Asks the app which groups it has, to be linked to groups of ours; by name. Reads only.
 *
 * @throws {UsherError} `not_found`; `unsupported` (the app has no groups); `wrong_state` (no credential); `app_*`.
 */
export async function listPushTargets(context: AppContext, appId: AppId): Promise<PushTargets> {
  await authorize(context, context.db, 'apps.manage', { apps: [appId] });
  const app = await requireApp(context.db, appId);
  const connection = await openAppConnection(context.db, context, appId);
  try {
    if (connection.groups === undefined) {
      throw new UsherError('unsupported', `${app.label} cannot be given groups: its integration does not take them.`);
    }
    const { groups, complete } = await readAll(connection.groups);
    const taken = await takenGroupNames(context.db, appId);
    const targets = groups.map(({ externalId, name }) => ({ externalId, name, taken: taken.has(name.toLowerCase()) }));
    return { groups: targets.sort((a, b) => (a.name < b.name ? -1 : 1)), complete };
  } finally {
    await connection.close();
  }
}

async function readAll(operations: GroupOperations): Promise<{ groups: readonly AppGroup[]; complete: boolean }> {
  const signal = AbortSignal.timeout(listingTimeoutMs);
  const groups: AppGroup[] = [];
  let cursor: string | undefined;
  do {
    const page = await operations.list(cursor, signal);
    groups.push(...page.groups);
    cursor = page.next;
  } while (cursor !== undefined && groups.length < targetsMax);
  return { groups: groups.slice(0, targetsMax), complete: cursor === undefined && groups.length <= targetsMax };
}
