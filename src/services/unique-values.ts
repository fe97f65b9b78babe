import { UsherError, type ErrorCause } from '../lib/errors.ts';
import type { UserId } from '../lib/ids.ts';
import type { Tx } from '../store/database.ts';
import {
  claimAllValues,
  claimUniqueValues,
  findSharedValues,
  releaseAllValues,
  type TakenValue,
} from '../store/unique-values.ts';
import type { UserSchema } from '../store/user-schema.ts';
import { visibleGroups } from './authorize.ts';
import type { Context } from './context.ts';

/**
 * Holds the unique values of people who have just been written. Every use case that writes profiles or types calls it
 * in its transaction. Of somebody else who has the value the login is told to who may see everybody.
 *
 * @throws {UsherError} `conflict`, a cause per attribute.
 */
export async function claimValues(context: Context, tx: Tx, userIds: readonly UserId[]): Promise<void> {
  const taken = await claimUniqueValues(tx, userIds);
  if (taken.length === 0) return;
  const showHolders = visibleGroups(context, 'users.read') === 'all';
  const causes = taken.map(({ attribute, holder }): ErrorCause => ({
    field: attribute,
    reason: `must be unique, and ${holderName(holder, showHolders)} has this value already`,
  }));
  const reasons = causes.map(({ field, reason }) => `${field} ${reason}`).slice(0, examplesMax);
  throw new UsherError('conflict', `The profile cannot be saved: ${reasons.join('; ')}.`, { causes });
}

/**
 * Follows a change of the custom attributes of a user type: holds everybody's values of what has become unique, and
 * lets go of what is no more.
 *
 * @throws {UsherError} `invalid_input` with examples where people share a value.
 */
export async function followUniqueness(
  tx: Tx,
  schema: Pick<UserSchema, 'typeId' | 'custom'>,
  after: UserSchema['custom'],
): Promise<void> {
  const [before, now] = [uniqueNames(schema.custom), uniqueNames(after)];
  const ended = before.filter((name) => !now.includes(name));
  const begun = now.filter((name) => !before.includes(name));
  if (ended.length > 0) await releaseAllValues(tx, schema.typeId, ended);
  if (begun.length === 0) return;
  const causes: ErrorCause[] = [];
  for (const name of begun) {
    const { total, examples } = await findSharedValues(tx, schema.typeId, name, examplesMax);
    const shown = examples.map(({ value, logins }) => `${JSON.stringify(value)} by ${logins.join(', ')}`).join('; ');
    const reason = `'${name}' cannot be unique: ${total} of its values are shared, such as ${shown}`;
    if (total > 0) causes.push({ field: name, reason });
  }
  if (causes.length > 0) {
    const reasons = causes.map(({ reason }) => reason).join('. ');
    throw new UsherError('invalid_input', `The schema cannot be changed. ${reasons}.`, { causes });
  }
  await claimAllValues(tx, schema.typeId, begun);
}

const examplesMax = 5;

function uniqueNames(attributes: UserSchema['custom']): string[] {
  return Object.entries(attributes).flatMap(([name, { unique }]) => (unique === true ? [name] : []));
}

function holderName(holder: TakenValue['holder'], shown: boolean): string {
  return holder === undefined || !shown ? 'somebody else' : holder.login;
}
