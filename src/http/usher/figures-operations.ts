import { Type } from 'typebox';
import { named, orNull, TextOrNull } from '../openapi/answer-parts.ts';
import { ok, type OperationGroup } from '../openapi/operation.ts';

const count = Type.Integer({ minimum: 0 });

const ProgressSchema = named('AppProgressEntry', 'How many people of an app stand where, and how the app is doing.', {
  id: Type.String(),
  label: Type.String(),
  logo: TextOrNull,
  state: Type.Enum(['OK', 'PAUSED', 'BROKEN', 'QUARANTINED']),
  assigned: count,
  synchronized: count,
  waiting: count,
  failed: count,
  failedGroups: Type.Integer({ minimum: 0, description: 'Groups that cannot be pushed' }),
  unprovisioned: count,
});

export const figureOperations: OperationGroup = {
  tag: 'App',
  about: 'What Okta has no endpoint for: apps from the catalog, provisioning in full, bulk work and how it goes.',
  operations: {
    'GET /usher/v1/figures': {
      id: 'getFigures',
      summary: 'Count people, apps and accounts',
      answers: ok(
        named('Figures', 'What there is, among the apps the caller may see.', {
          people: orNull(
            Type.Integer({
              minimum: 0,
              description: 'Who has not been deactivated; null for a caller who may not see everybody',
            }),
          ),
          apps: Type.Integer({ minimum: 0, description: 'Active apps' }),
          accounts: Type.Integer({ minimum: 0, description: 'Accounts in them that Usher keeps' }),
        }),
      ),
    },
    'GET /usher/v1/app-progress': {
      id: 'listAppProgress',
      summary: 'List how far apps are',
      description: 'Apps in trouble first, then those with most failures and most work.',
      parameters: {
        appIds: 'Ids with commas between them, 200 at most; without it all active apps',
        limit: 'How many, 200 at most',
      },
      answers: ok(Type.Array(ProgressSchema), 'How many people stand where, app by app'),
    },
  },
};
