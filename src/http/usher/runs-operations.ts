import { Type } from 'typebox';
import { AnyValue, Moment, MomentOrNull, named, orNull, TextOrNull } from '../openapi/answer-parts.ts';
import { ok, type OperationGroup } from '../openapi/operation.ts';

const count = Type.Integer({ minimum: 0 });

const RunSchema = named('Run', 'A piece of bulk work, how far it is and what went wrong.', {
  id: Type.String(),
  kind: Type.String(),
  appId: TextOrNull,
  startedBy: Type.Object({
    id: Type.String(),
    type: Type.String(),
    alternateId: Type.String(),
    displayName: Type.String(),
  }),
  status: Type.Enum(['RUNNING', 'SUCCEEDED', 'FAILED', 'REFUSED']),
  total: orNull(count),
  counts: Type.Object({}, { additionalProperties: count }),
  problems: Type.Array(AnyValue),
  started: Moment,
  finished: MomentOrNull,
});

export const runOperations: OperationGroup = {
  tag: 'Run',
  about: 'Bulk work.',
  operations: {
    'GET /usher/v1/runs': {
      id: 'listRuns',
      summary: 'List bulk work',
      parameters: { kind: 'Only work of this kind' },
      answers: ok(Type.Array(RunSchema), 'A page of runs, the newest first'),
    },
    'GET /usher/v1/runs/:runId': {
      id: 'getRun',
      summary: 'Get a piece of bulk work',
      answers: ok(RunSchema, 'The run'),
    },
    'POST /usher/v1/imports/people': {
      id: 'importPeople',
      summary: 'Load people from a CSV file',
      description: 'The body is the file, as text/csv. How it goes is told by the run.',
      parameters: {
        dryRun: 'Whether the file is only checked',
        createAttributes: 'Whether columns nobody knows become attributes',
        activate: 'Whether new people are activated at once; without it they are',
      },
      takes: 'text/csv',
      answers: { 202: { description: 'The load has begun', schema: RunSchema } },
    },
  },
};
