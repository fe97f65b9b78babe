import { contestedAttributes } from '../domain/attribute-owner.ts';
import type { ExternalId } from '../lib/ids.ts';
import type { AccountOwner } from '../planner/action.ts';
import type { Queryable } from '../store/database.ts';
import { findLinksIn, findRivals } from '../store/shared-accounts.ts';
import type { AppSetup } from './app-setup.ts';

/**
 * Which of these accounts another instance already has whose writes would fight with this one's. One query, and a
 * second where there is such an instance, which is rare. Asked afresh: it is the other app's configuration.
 */
export async function findOwners(
  db: Queryable,
  app: Pick<AppSetup, 'appId' | 'provisioning' | 'mappings'>,
  externalIds: readonly ExternalId[],
): Promise<ReadonlyMap<ExternalId, AccountOwner>> {
  if (externalIds.length === 0) return new Map();
  const rivals = await findRivals(db, app.appId);
  const owners = new Map(
    rivals.flatMap((rival) => {
      const attributes = contestedAttributes(app, rival);
      return attributes.length === 0 ? [] : [[rival.id, { label: rival.label, attributes }] as const];
    }),
  );
  if (owners.size === 0) return new Map();
  const links = await findLinksIn(db, [...owners.keys()], externalIds);
  return new Map(
    [...links].flatMap(([externalId, appId]) => {
      const owner = owners.get(appId);
      return owner === undefined ? [] : [[externalId, owner] as const];
    }),
  );
}
