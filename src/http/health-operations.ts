import { Type } from 'typebox';
import { named } from './openapi/answer-parts.ts';
import { ok, type OperationGroup } from './openapi/operation.ts';

export const DatabaseFacts = { kind: Type.Enum(['pglite', 'postgres']), durability: Type.String() };
const ReadinessSchema = named('Readiness', 'Whether this process can serve, and on what.', {
  status: Type.Enum(['ready', 'not_ready']),
  database: Type.Object(DatabaseFacts),
  reasons: Type.Array(Type.String()),
});

export const healthOperations: OperationGroup = {
  tag: 'Health',
  about: 'For load balancers and monitoring.',
  operations: {
    'GET /healthz': {
      id: 'getHealth',
      summary: 'Whether the process lives',
      answers: ok(Type.Object({ status: Type.Literal('ok') })),
    },
    'GET /readyz': {
      id: 'getReadiness',
      summary: 'Whether the process can serve, and on what',
      answers: { ...ok(ReadinessSchema, 'It can'), 503: { description: 'It cannot', schema: ReadinessSchema } },
    },
    'GET /metrics': {
      id: 'getMetrics',
      summary: 'Metrics for Prometheus',
      answers: { 200: { description: 'Prometheus text format', schema: Type.String(), mediaType: 'text/plain' } },
    },
  },
};
