import { Type } from 'typebox';
import { DatabaseFacts } from '../health-operations.ts';
import { Moment, named, orNull } from '../openapi/answer-parts.ts';
import { ok, type OperationGroup } from '../openapi/operation.ts';

const count = Type.Integer({ minimum: 0 });

const SystemSchema = named('System', 'What runs here, on what, and since when.', {
  version: Type.String(),
  nodeVersion: Type.String(),
  started: Moment,
  uptimeSeconds: Type.Integer(),
  org: Type.Object({ id: Type.String(), name: Type.String(), subDomain: Type.String(), created: Moment }),
  database: Type.Object({ ...DatabaseFacts, schemaVersion: count, schemaVersionNewest: count }),
  lock: orNull(Type.Object({ dataFolder: Type.String(), pid: count })),
  workerSlots: count,
  egressAllow: Type.Array(Type.String()),
  catalogEntries: count,
  connectors: Type.Array(Type.Object({ key: Type.String(), displayName: Type.String() })),
});

export const systemOperations: OperationGroup = {
  tag: 'System',
  about: 'This installation.',
  operations: {
    'GET /usher/v1/system': {
      id: 'getSystem',
      summary: 'Get what runs here',
      answers: ok(SystemSchema, 'What runs here, on what, and since when'),
    },
  },
};
