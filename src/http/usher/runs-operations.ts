import { Type } from 'typebox';
import { AnyProperties, Moment, MomentOrNull, named, orNull, TextOrNull } from '../openapi/answer-parts.ts';
import { runStatuses } from '../../store/runs.ts';
import { ok, type OperationGroup } from '../openapi/operation.ts';

const count = Type.Integer({ minimum: 0 });

const ProblemSchema = Type.Object(
  {
    item: TextOrNull,
    code: TextOrNull,
    reason: Type.String(),
  },
  { $id: 'RunProblem', description: 'What a run could not do, and why.', additionalProperties: true },
);

export const RunSchema = named('Run', 'A piece of bulk work, how far it is and what went wrong.', {
  id: Type.String(),
  kind: Type.String(),
  appId: TextOrNull,
  startedBy: Type.Object({
    id: Type.String(),
    type: Type.String(),
    alternateId: Type.String(),
    displayName: Type.String(),
  }),
  status: Type.Enum([...runStatuses]),
  request: AnyProperties,
  phase: TextOrNull,
  total: orNull(count),
  done: count,
  failed: count,
  skipped: count,
  waiting: orNull(count),
  rate: orNull(Type.Number({ description: 'Items per second over the last minute, or over all of an ended run' })),
  secondsLeft: orNull(count),
  counts: Type.Object({}, { additionalProperties: count }),
  writes: Type.Optional(
    orNull(
      Type.Object(
        { count, p50Ms: count, p95Ms: count },
        {
          description:
            'How long the app took for a write, from the start of the run until an hour after its end, among the newest 5,000 writes to all apps; null where there was none. Not in lists',
        },
      ),
    ),
  ),
  problems: Type.Optional(
    Type.Array(ProblemSchema, { description: 'The first hundred; not in lists, which have none of them' }),
  ),
  started: Moment,
  lastUpdated: Moment,
  finished: MomentOrNull,
});

export const runOperations: OperationGroup = {
  tag: 'Run',
  about: 'Bulk work.',
  operations: {
    'GET /usher/v1/runs': {
      id: 'listRuns',
      summary: 'List bulk work',
      description: 'Whoever is limited to some apps sees the work on these, and their own.',
      parameters: {
        kind: 'Only work of this kind',
        status: 'Only work in this state',
        appId: 'Only work on this app',
      },
      answers: ok(Type.Array(RunSchema), 'A page of runs, the newest first'),
    },
    'GET /usher/v1/runs/:runId': {
      id: 'getRun',
      summary: 'Get a piece of bulk work',
      answers: ok(RunSchema, 'The run'),
    },
    'GET /usher/v1/runs/:runId/problems': {
      id: 'listRunProblems',
      summary: 'List what a piece of bulk work could not do',
      answers: ok(Type.Array(ProblemSchema), 'A page of problems, in the order they came up'),
    },
    'POST /usher/v1/runs/:runId/pause': {
      id: 'pauseRun',
      summary: 'Stop a piece of bulk work before its next item',
      answers: ok(RunSchema, 'The run, PAUSED'),
    },
    'POST /usher/v1/runs/:runId/resume': {
      id: 'resumeRun',
      summary: 'Go on with a paused piece of bulk work',
      answers: ok(RunSchema, 'The run, RUNNING'),
    },
    'POST /usher/v1/runs/:runId/cancel': {
      id: 'cancelRun',
      summary: 'End a piece of bulk work before its next item',
      description: 'What is done stays done, the rest is left.',
      answers: ok(RunSchema, 'The run, CANCELLED'),
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
