import { Type } from 'typebox';
import { AnyProperties, AnyValue, Moment, named, orNull, TextOrNull } from '../../openapi/answer-parts.ts';
import { ok, type OperationGroup } from '../../openapi/operation.ts';

const party = {
  id: TextOrNull,
  type: Type.String(),
  alternateId: TextOrNull,
  displayName: TextOrNull,
  detailEntry: orNull(AnyProperties),
};
const LogEventSchema = named('LogEvent', 'Something that happened, and who did it.', {
  uuid: Type.String(),
  published: Moment,
  eventType: Type.String(),
  version: Type.String(),
  severity: Type.Enum(['DEBUG', 'INFO', 'WARN', 'ERROR']),
  legacyEventType: TextOrNull,
  displayMessage: Type.String(),
  actor: Type.Object(party),
  client: Type.Object({
    userAgent: orNull(AnyProperties),
    zone: TextOrNull,
    device: TextOrNull,
    id: TextOrNull,
    ipAddress: TextOrNull,
    geographicalContext: orNull(AnyProperties),
  }),
  device: orNull(AnyProperties),
  outcome: Type.Object({ result: Type.Enum(['SUCCESS', 'FAILURE', 'SKIPPED', 'DEFERRED']), reason: TextOrNull }),
  target: Type.Array(Type.Object(party)),
  transaction: Type.Object({ type: Type.String(), id: TextOrNull, detail: AnyProperties }),
  debugContext: Type.Object({ debugData: AnyProperties }),
  authenticationContext: Type.Object({
    authenticationProvider: TextOrNull,
    credentialProvider: TextOrNull,
    credentialType: TextOrNull,
    issuer: orNull(AnyProperties),
    interface: TextOrNull,
    authenticationStep: Type.Integer(),
    externalSessionId: TextOrNull,
  }),
  securityContext: Type.Object({
    asNumber: orNull(Type.Integer()),
    asOrg: TextOrNull,
    isp: TextOrNull,
    domain: TextOrNull,
    isProxy: orNull(Type.Boolean()),
  }),
  request: Type.Object({ ipChain: Type.Array(AnyValue) }),
});

export const logOperations: OperationGroup = {
  tag: 'SystemLog',
  about: 'Everything that happened.',
  operations: {
    'GET /api/v1/logs': {
      id: 'listLogEvents',
      summary: 'List log events',
      description: 'Without `until` there is always a next page: what has not happened yet will be on it.',
      parameters: {
        since: 'The first moment; without it, seven days ago',
        until: 'The first moment that is not in it any more',
        q: 'Words that all have to be in the event',
        filter:
          'A filter over anything an event shows, such as `eventType sw "user.lifecycle" and target.id eq "00u…"`',
        sortOrder: '`ASCENDING`, which is the default, or `DESCENDING`',
      },
      answers: ok(Type.Array(LogEventSchema), 'A page of events'),
    },
  },
};
