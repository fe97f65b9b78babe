import { AnyProperties } from './answer-parts.ts';
import { ok, type OperationGroup } from './operation.ts';

export const documentOperations: OperationGroup = {
  tag: 'Reference',
  about: 'This description.',
  operations: {
    'GET /openapi.json': {
      id: 'getOpenApi',
      summary: 'Get this description as an OpenAPI 3.1 document',
      answers: ok(AnyProperties, 'The document'),
    },
  },
};
