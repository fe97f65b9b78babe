import { Type } from 'typebox';
import { AnyProperties, Moment, MomentOrNull, named, orNull, TextOrNull } from '../openapi/answer-parts.ts';
import { ok, type OperationGroup } from '../openapi/operation.ts';

const count = Type.Integer({ minimum: 0 });
const BooleanMaybe = Type.Optional(Type.Boolean());
const Texts = Type.Object({}, { additionalProperties: Type.String() });

const Exchange = named('ProbeExchange', 'A request and its answer, without credentials and without people.', {
  number: Type.Integer({ minimum: 1 }),
  method: Type.String(),
  url: Type.String(),
  requestHeaders: Texts,
  requestBody: TextOrNull,
  status: orNull(Type.Integer()),
  responseHeaders: Texts,
  responseBody: TextOrNull,
  error: TextOrNull,
  durationMs: count,
});
const Finding = named('ProbeFinding', 'A rule held against what the server did.', {
  rule: Type.String(),
  area: Type.String(),
  weight: Type.Enum(['critical', 'important', 'minor']),
  outcome: Type.Enum(['pass', 'warn', 'fail', 'skip']),
  title: Type.String({ description: 'What must hold' }),
  seen: Type.String(),
  means: Type.String(),
  fix: Type.String(),
  reference: Type.String(),
  exchanges: Type.Array(Type.Integer()),
});
export const ProbeReportSchema = named('ProbeReport', 'What a server was found to do.', {
  url: Type.String(),
  started: Moment,
  durationMs: count,
  requests: count,
  wrote: Type.Boolean(),
  score: Type.Integer({ minimum: 0, maximum: 100 }),
  verdict: Type.String(),
  counts: Type.Object({ pass: count, warn: count, fail: count, skip: count }),
  capabilities: Type.Object({
    listAccounts: Type.Boolean(),
    create: BooleanMaybe,
    update: BooleanMaybe,
    deactivate: BooleanMaybe,
    remove: BooleanMaybe,
    groups: BooleanMaybe,
    discoversSchema: Type.Boolean(),
    patch: BooleanMaybe,
    bulk: BooleanMaybe,
    etag: BooleanMaybe,
  }),
  findings: Type.Array(Finding),
  leftBehind: Type.Array(Type.String(), { description: 'What has to be deleted by hand' }),
  attributes: AnyProperties,
  learned: AnyProperties,
  exchanges: Type.Array(Exchange),
});
const summary = {
  id: Type.String(),
  url: Type.String(),
  wrote: Type.Boolean(),
  startedBy: AnyProperties,
  started: Moment,
  finished: MomentOrNull,
  score: orNull(Type.Integer()),
  verdict: TextOrNull,
};
const ProbeSchema = named('Probe', 'A probe of a server, with its report.', {
  ...summary,
  report: orNull(ProbeReportSchema),
});

export const probeOperations: OperationGroup = {
  tag: 'Probe',
  about: 'SCIM servers held against the RFC.',
  operations: {
    'POST /usher/v1/probes': {
      id: 'probeServer',
      summary: 'Hold a SCIM server against the RFC',
      description:
        'Answers when the probe is done, after seconds. Only GET is sent unless a throw-away account is allowed. ' +
        'The credential is not kept.',
      example: {
        settings: {
          baseUrl: 'https://crm.acme.example/scim/v2',
          auth: { scheme: 'bearer', token: 'the secret of the app' },
        },
        allowWrites: false,
      },
      answers: ok(ProbeSchema, 'What was found'),
    },
    'GET /usher/v1/probes': {
      id: 'listProbes',
      summary: 'List probes',
      answers: ok(
        Type.Array(named('ProbeSummary', 'A probe without its report.', summary)),
        'A page of probes, the newest first',
      ),
    },
    'GET /usher/v1/probes/:probeId': {
      id: 'getProbe',
      summary: 'Get a probe with its report',
      answers: ok(ProbeSchema, 'The probe'),
    },
  },
};
