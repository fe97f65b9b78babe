import { deprovisionPolicy, type App, type ProvisioningSettings } from '../domain/app.ts';
import { UsherError } from '../lib/errors.ts';
import { countDueDeletions } from '../store/app-deletions.ts';
import type { Queryable } from '../store/database.ts';
import type { Context } from './context.ts';

/** The number of accounts somebody has said may be deleted; `planned` where a plan has shown each of them. */
export type ConfirmedDeletions = number | 'planned' | undefined;

/**
 * Keeps a change of settings from deleting accounts at once that it does not seem to be about: those of people who lost
 * the app before. Their exact number has to be confirmed.
 *
 * @throws {UsherError} `stale` with the number.
 */
export async function assertDeletionsConfirmed(
  context: Context,
  db: Queryable,
  app: Pick<App, 'id' | 'label' | 'provisioning'>,
  after: ProvisioningSettings,
  confirmed: ConfirmedDeletions,
): Promise<void> {
  if (confirmed === 'planned' || after.manual === true || !isSooner(app.provisioning, after)) return;
  const now = context.clock.now();
  const basis = { days: after.deleteAfterDays ?? 0, since: after.deleteSince ?? now.toISOString(), now };
  const count = await countDueDeletions(db, app.id, basis);
  if (count === (confirmed ?? 0)) return;
  const accounts = count === 1 ? '1 account' : `${count} accounts`;
  const advice =
    count === 0
      ? 'Leave confirmDeletions out.'
      : `Plan the change to see which, give them more days, or confirm the number: confirmDeletions=${count}.`;
  throw new UsherError(
    'stale',
    `This would delete ${accounts} in ${app.label} at once, of people who no longer have the app. ${advice}`,
    { causes: [{ field: 'confirmDeletions', reason: `must be ${count}, the accounts deleted at once` }] },
  );
}

/** Accounts are deleted that were to stay, or sooner than they were to be. */
function isSooner(before: ProvisioningSettings, after: ProvisioningSettings): boolean {
  if (deprovisionPolicy(after) !== 'DELETE') return false;
  if (deprovisionPolicy(before) !== 'DELETE' || before.manual === true) return true;
  return (after.deleteAfterDays ?? 0) < (before.deleteAfterDays ?? 0);
}
