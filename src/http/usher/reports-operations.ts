import { Type } from 'typebox';
import { reportFilters, reportNames } from '../../domain/report.ts';
import { named, orNull, TextOrNull } from '../openapi/answer-parts.ts';
import { ok, type OperationGroup } from '../openapi/operation.ts';

const ReportSchema = named('Report', 'Something that can be asked about everybody’s access at once.', {
  name: Type.Enum([...reportNames]),
  title: Type.String(),
  description: Type.String(),
  filters: Type.Array(Type.Enum([...reportFilters]), { description: 'What it can be asked for' }),
  states: Type.Array(Type.String(), { description: 'What `state` can be' }),
  chart: Type.Boolean({ description: 'Whether there is a chart of it' }),
  columns: Type.Array(
    Type.Object({
      name: Type.String({ description: 'The property of a row, and the head of the column in the file' }),
      title: Type.String(),
      kind: Type.Enum(['text', 'code', 'count', 'flag', 'moment', 'seconds']),
    }),
  ),
});

const Row = Type.Object(
  {},
  {
    additionalProperties: orNull(Type.Union([Type.String(), Type.Number(), Type.Boolean()])),
    description: 'A value, or null, for each column of the report',
  },
);

const ReportChartSchema = named('ReportChart', 'A report as bars of counts, one upon the other.', {
  series: Type.Array(Type.String()),
  bars: Type.Array(
    Type.Object({
      key: Type.String({ description: 'A moment, a code or an id' }),
      label: TextOrNull,
      values: Type.Object({}, { additionalProperties: Type.Integer({ minimum: 0 }) }),
    }),
  ),
});

const parameters = {
  name: 'As `GET /usher/v1/reports` lists it',
  appId: 'Only about this application',
  userId: 'Only about this person',
  state: 'Only rows in this state, one of the report’s `states`',
  since: 'The first moment; without it, ninety days before the end',
  until: 'The first moment that is not in it any more; without it, now',
};

export const reportOperations: OperationGroup = {
  tag: 'Report',
  about: 'Who has what, who had it, and how soon it was gone.',
  operations: {
    'GET /usher/v1/reports': {
      id: 'listReports',
      summary: 'List the reports there are, with their columns and filters',
      answers: ok(Type.Array(ReportSchema), 'The reports'),
    },
    'GET /usher/v1/reports/:name': {
      id: 'getReport',
      summary: 'Get a report, page by page, or all of it as a CSV file',
      description:
        'With `Accept: text/csv` it is a file of all rows, moments in UTC, in which no cell is taken for a formula. ' +
        'Whoever administers some applications only gets what concerns these.',
      parameters: { ...parameters, format: '`csv` or `json`, where Accept cannot be sent' },
      answers: {
        200: { description: 'A page of rows, or the file', schema: Type.Array(Row), alsoAs: 'text/csv' },
      },
    },
    'GET /usher/v1/reports/:name/chart': {
      id: 'getReportChart',
      summary: 'Get a report as the bars of a chart',
      description: 'Of reports whose `chart` is true.',
      parameters,
      answers: ok(ReportChartSchema, 'The chart'),
    },
  },
};
