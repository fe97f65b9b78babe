import { Type } from 'typebox';
import { egressReasons } from '../../lib/egress.ts';
import { named } from '../openapi/answer-parts.ts';
import { ok, type OperationGroup } from '../openapi/operation.ts';

const ReachSchema = named('EgressCheck', 'Whether Usher would connect there, and why.', {
  host: Type.String(),
  port: Type.Integer(),
  allowed: Type.Boolean({ description: 'One open address is enough' }),
  addresses: Type.Array(
    Type.Object({
      address: Type.String(),
      allowed: Type.Boolean(),
      reason: Type.Enum([...egressReasons], {
        description:
          '`public` and `opened` are allowed; `ownListener` never is; the others are kinds of addresses that have to be opened',
      }),
      network: Type.Union([Type.String(), Type.Null()], { description: 'What of USHER_EGRESS_ALLOW opens it' }),
    }),
    { description: 'What the host stands for just now; empty where its name is not known' },
  ),
});

export const egressOperations: OperationGroup = {
  tag: 'Egress',
  about:
    'Where Usher connects to: the public internet, and networks that `USHER_EGRESS_ALLOW` opens when it is started.',
  operations: {
    'POST /usher/v1/egress/check': {
      id: 'checkEgress',
      summary: 'Ask whether Usher may connect to an address',
      description:
        'Judged as a connection would be; nothing is connected to. Without a scheme it is taken for `https`.',
      example: { url: 'https://wiki.example.com/scim/v2' },
      answers: ok(ReachSchema, 'Yes or no, and why'),
    },
  },
};
