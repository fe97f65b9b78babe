import { UsherError } from '../lib/errors.ts';
import type { TokenId, UserId } from '../lib/ids.ts';
import { lockAdminTokens } from '../store/admins.ts';
import type { Tx } from '../store/database.ts';

/**
 * Keeps a door open: Usher makes an owner on an empty database only, so once the last API token of a super
 * administrator stops working nobody gets in again. Call it before the person, their role or the token is taken away.
 * Who has the role through a group only does not count: a group can be emptied in many ways.
 *
 * @throws {UsherError} `wrong_state` where no other such token would be left.
 */
export async function assertAdminLeft(
  tx: Tx,
  without: { userId: UserId; role?: 'revoked' } | { tokenId: TokenId },
): Promise<void> {
  const working = await lockAdminTokens(tx);
  const left = working.filter((token) =>
    'userId' in without ? token.userId !== without.userId : token.tokenId !== without.tokenId,
  );
  if (left.length > 0 || working.length === 0) return;
  throw new UsherError(
    'wrong_state',
    'role' in without
      ? 'Nobody else can administer Usher, so this person has to stay a super administrator: all would be locked out.'
      : 'userId' in without
        ? 'Nobody else can administer Usher, so this person cannot be deactivated, suspended or asked for a new password: all would be locked out.'
        : 'This is the last API token that can administer Usher: without it all would be locked out. Create another first.',
  );
}
