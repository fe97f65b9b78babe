import { Type } from 'typebox';
import { Moment, named } from '../openapi/answer-parts.ts';
import { ok, type OperationGroup } from '../openapi/operation.ts';

const count = Type.Integer({ minimum: 0 });
const outcomes = { SUCCESS: count, FAILURE: count, SKIPPED: count, DEFERRED: count };

const LogCountsSchema = named('LogCounts', 'How many events there were when, and of what outcome.', {
  since: Moment,
  until: Moment,
  stepSeconds: Type.Integer({ minimum: 1, description: 'How long a bucket is' }),
  complete: Type.Boolean({ description: 'False where only the newest million events were counted' }),
  total: Type.Object(outcomes),
  buckets: Type.Array(Type.Object({ from: Moment, ...outcomes }), {
    description: 'One after the other, empty ones too; the first begins at `since`',
  }),
  types: Type.Array(Type.Object({ eventType: Type.String(), displayMessage: Type.String(), ...outcomes }), {
    description: 'By type, those with the most events first, at most 200',
  }),
});

const parameters = {
  until: 'The first moment that is not in it any more; without it, now',
  q: 'Words that all have to be in the event',
  filter: 'A filter as `GET /api/v1/logs` takes it',
};
const ofFile = { ...parameters, since: 'The first moment; without it, from the beginning' };

export const usherLogOperations: OperationGroup = {
  tag: 'SystemLog',
  about: 'Everything that happened.',
  operations: {
    'GET /usher/v1/logs/counts': {
      id: 'countLogEvents',
      summary: 'Count log events by time, outcome and type',
      description: 'Buckets are of a length people read, such as five minutes or a day, and begin at multiples of it.',
      parameters: {
        ...parameters,
        since: 'The first moment; without it, seven days before the end',
        buckets: 'As many buckets at most, from 2 to 500; without it, 100',
      },
      answers: ok(LogCountsSchema, 'The counts'),
    },
    'GET /usher/v1/logs/csv': {
      id: 'exportLogAsCsv',
      summary: 'Get log events as a CSV file',
      description: 'The newest first, all of them. Moments are in UTC.',
      parameters: ofFile,
      answers: { 200: { description: 'The file', schema: Type.String(), mediaType: 'text/csv' } },
    },
    'GET /usher/v1/logs/ndjson': {
      id: 'exportLogAsNdjson',
      summary: 'Get log events as a file of JSON documents',
      description: 'The newest first, all of them, one a line, as `GET /api/v1/logs` shows them.',
      parameters: ofFile,
      answers: { 200: { description: 'The file', schema: Type.String(), mediaType: 'application/x-ndjson' } },
    },
  },
};
