import { Type } from 'typebox';
import { Moment, named, orNull } from '../openapi/answer-parts.ts';
import { ok, type OperationGroup } from '../openapi/operation.ts';

const count = Type.Integer({ minimum: 0 });

const KeysSchema = named('Keys', 'What secrets are sealed with. Nothing of a key itself.', {
  keys: Type.Array(
    named('DataKey', 'A key that seals secrets, and is sealed by the master key.', {
      id: Type.String(),
      state: Type.Enum(['ACTIVE', 'RETIRING', 'RETIRED'], {
        description:
          'ACTIVE seals; the secrets of a RETIRING one are being sealed anew, after which it is deleted; a RETIRED one is kept because of secrets that it does not open',
      }),
      created: Moment,
      secrets: Type.Integer({ minimum: 0, description: 'How many it seals' }),
    }),
  ),
  master: Type.Object(
    { id: Type.String(), secrets: count },
    {
      description: 'The key that seals the data keys, and how many secrets it seals itself since before there were any',
    },
  ),
  unreadable: Type.Integer({ minimum: 0, description: 'Secrets that no key at hand opens: to be entered again' }),
  rotation: orNull(Type.Object({ done: count, total: count }, { description: 'How far it is' })),
});

export const keyOperations: OperationGroup = {
  tag: 'Keys',
  about:
    'The keys that the secrets of the database are sealed with: credentials of apps, client secrets, passwords on their way. Each is itself sealed by the master key, `USHER_KEY`.',
  operations: {
    'GET /usher/v1/keys': {
      id: 'listKeys',
      summary: 'List the keys that secrets are sealed with',
      answers: ok(KeysSchema, 'The newest key first'),
    },
    'POST /usher/v1/keys/rotate': {
      id: 'rotateKeys',
      summary: 'Replace the key that secrets are sealed with',
      description:
        'A new key seals from now on. What others seal is sealed anew in the background, after which they are deleted; `rotation` of the list says how far that is. Secrets can be used and changed all the while. While a rotation is under way another one is refused.',
      answers: { 202: { description: 'Begun', schema: KeysSchema } },
    },
  },
};
