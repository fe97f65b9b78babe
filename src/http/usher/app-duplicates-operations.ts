import { Type } from 'typebox';
import { AppSchema } from '../api/apps/answers.ts';
import { named } from '../openapi/answer-parts.ts';
import { ok, type OperationGroup } from '../openapi/operation.ts';

const DuplicateSchema = named('DuplicatedApp', 'An instance made after another one, for provisioning.', {
  duplicateOf: Type.String(),
  movedLinks: Type.Integer({ minimum: 0, description: 'Links to accounts that have moved to the duplicate' }),
  app: AppSchema,
});
const SharedAccountsSchema = named('SharedAccounts', 'Another instance that provisions the same accounts.', {
  appId: Type.String(),
  label: Type.String(),
  contested: Type.Array(Type.String(), {
    description: 'Attributes both would write to one account; `active` is its use',
  }),
  sharePeople: Type.Boolean({ description: 'Somebody has both apps' }),
});

export const appDuplicateOperations: OperationGroup = {
  tag: 'App',
  about: 'A second instance on the same accounts, and how instances on the same accounts get along.',
  operations: {
    'POST /usher/v1/apps/:appId/duplicate': {
      id: 'duplicateApp',
      summary: 'Duplicate an app instance for provisioning',
      description:
        'Settings, schema, mappings, user names and limits are copied; provisioning is off and the credential must be given again. `links` says what becomes of the links to accounts: MATCH, STAY or MOVE.',
      example: { label: 'Wiki (provisioning)', links: 'MATCH' },
      answers: ok(DuplicateSchema, 'The duplicate'),
    },
    'GET /usher/v1/apps/:appId/shared-accounts': {
      id: 'listSharedAccounts',
      summary: 'List the instances that provision the same accounts',
      answers: ok(Type.Array(SharedAccountsSchema), 'The other instances'),
    },
  },
};
