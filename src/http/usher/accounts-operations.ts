import { Type } from 'typebox';
import { appUserStatuses, syncStates } from '../../domain/app-user.ts';
import { AnyProperties, Moment, MomentOrNull, named, orNull, TextOrNull } from '../openapi/answer-parts.ts';
import { ok, type OperationGroup } from '../openapi/operation.ts';

const AccountSchema = named('Account', 'Somebody’s account in an app, or the one they are to have.', {
  userId: Type.String(),
  login: Type.String(),
  firstName: Type.String(),
  lastName: Type.String(),
  userStatus: Type.String(),
  assigned: Type.Boolean({ description: 'False for one left of somebody who has the app no more' }),
  scope: Type.Enum(['USER', 'GROUP']),
  userName: TextOrNull,
  externalId: TextOrNull,
  status: Type.Enum([...appUserStatuses]),
  syncState: Type.Enum([...syncStates]),
  lastError: TextOrNull,
  attempts: Type.Integer({ minimum: 0 }),
  nextAttemptAt: MomentOrNull,
  lastSync: MomentOrNull,
  profile: orNull(AnyProperties),
  lastOperation: orNull(
    Type.Object({ kind: Type.String(), outcome: Type.Enum(['SUCCESS', 'FAILURE', 'UNKNOWN']), at: Moment }),
  ),
});

export const accountOperations: OperationGroup = {
  tag: 'App',
  about: 'Accounts of an app.',
  operations: {
    'GET /usher/v1/apps/:appId/accounts': {
      id: 'listAccounts',
      summary: 'List the accounts of an app, with how far each is',
      description:
        'Of everybody who has the app, and those left in it of people who had it. `profile` is what the app last confirmed.',
      parameters: {
        q: 'Looks for user names, first names, last names and e-mail addresses that begin with this',
        state: 'Only accounts in this state; FORMER: of people who have the app no more',
      },
      answers: ok(Type.Array(AccountSchema), 'A page of accounts'),
    },
  },
};
