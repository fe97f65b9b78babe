import {
  reportFilters,
  reports,
  type Report,
  type ReportChart,
  type ReportFilterName,
  type ReportName,
  type ReportRow,
} from '../domain/report.ts';
import { adviceByCode } from '../domain/failure-advice.ts';
import { errorCodes, UsherError } from '../lib/errors.ts';
import type { AppId, UserId } from '../lib/ids.ts';
import type { Queryable } from '../store/database.ts';
import { listAppAccess } from '../store/reports/app-access.ts';
import { chartAppUsage, listAppUsage } from '../store/reports/app-usage.ts';
import { chartFailures, listFailures } from '../store/reports/failures.ts';
import { chartLeavers, listLeavers } from '../store/reports/leavers.ts';
import type { ReportQuery, ReportSelection } from '../store/reports/query.ts';
import { listUnassignedAccounts } from '../store/reports/unassigned-accounts.ts';
import { listUnassignments } from '../store/reports/unassignments.ts';
import { authorize, visibleApps } from './authorize.ts';
import type { Context } from './context.ts';

/** What is asked of a report; left out, `until` is now and `since` ninety days before it. */
export interface ReportAsked {
  readonly appId?: AppId;
  readonly userId?: UserId;
  readonly state?: string;
  readonly since?: Date;
  readonly until?: Date;
}

export interface ReportPage {
  readonly after?: readonly string[];
  readonly limit: number;
}

type Reading = Pick<Context, 'db' | 'clock' | 'actor' | 'rights'>;

/** @throws {UsherError} `not_found` */
export function getReport(name: string): Report {
  const report = Object.values(reports).find((each) => each.name === name);
  if (report !== undefined) return report;
  throw new UsherError('not_found', `There is no report ${name}. There are: ${Object.keys(reports).join(', ')}.`);
}

/**
 * One page of a report, about the apps that whoever asks may see.
 *
 * @throws {UsherError} `not_found`; `invalid_input` for what the report cannot be asked; `forbidden` for an app that is
 *   not theirs to see.
 */
export async function readReport(
  context: Reading,
  name: string,
  asked: ReportAsked,
  page: ReportPage,
): Promise<ReportRow[]> {
  const report = getReport(name);
  const selection = await selectionOf(context, report, asked);
  const rows = await readers[report.name](context.db, { ...selection, ...page });
  return report.name === 'failures' ? rows.map(withSuggestion) : rows;
}

/** @throws {UsherError} as `readReport` does, and `not_found` for a report without a chart. */
export async function chartReport(context: Reading, name: string, asked: ReportAsked): Promise<ReportChart> {
  const report = getReport(name);
  const chart = charts[report.name];
  if (chart === undefined) throw new UsherError('not_found', `There is no chart of the report ${name}.`);
  const selection = await selectionOf(context, report, asked);
  const days = (selection.until.getTime() - selection.since.getTime()) / dayMs;
  if (days > chartDaysMax) throw invalidFilter('since', `must be at most ${chartDaysMax} days before until in a chart`);
  return chart(context.db, selection);
}

const readers: Readonly<Record<ReportName, (db: Queryable, query: ReportQuery) => Promise<ReportRow[]>>> = {
  'app-usage': listAppUsage,
  'app-access': listAppAccess,
  'unassigned-accounts': listUnassignedAccounts,
  leavers: listLeavers,
  unassignments: listUnassignments,
  failures: listFailures,
};

const charts: Readonly<
  Partial<Record<ReportName, (db: Queryable, selection: ReportSelection) => Promise<ReportChart>>>
> = { 'app-usage': chartAppUsage, leavers: chartLeavers, failures: chartFailures };

const dayMs = 86_400_000;
const usualDays = 90;
/** A bar a day: more are narrower than a line. */
const chartDaysMax = 366;

async function selectionOf(context: Reading, report: Report, asked: ReportAsked): Promise<ReportSelection> {
  for (const filter of reportFilters) {
    if (asked[filter] !== undefined && !report.filters.includes(filter)) {
      throw invalidFilter(filter, `is nothing the report ${report.name} can be asked for`);
    }
  }
  const { appId, state } = asked;
  if (state !== undefined && !report.states.includes(state)) {
    throw invalidFilter('state', `must be one of ${report.states.join(', ')}`);
  }
  const until = asked.until ?? context.clock.now();
  const since = asked.since ?? new Date(until.getTime() - usualDays * dayMs);
  if (since >= until) throw invalidFilter('until', 'must be after since');
  if (appId !== undefined) await authorize(context, context.db, 'reports.read', { apps: [appId] });
  return { ...asked, since, until, within: visibleApps(context, 'reports.read') };
}

/** What to do about a cause is in no table of the database. */
function withSuggestion({ cells, end }: ReportRow): ReportRow {
  const code = errorCodes.find((each) => each === cells['errorCode']);
  return { end, cells: { ...cells, suggestion: code === undefined ? null : adviceByCode[code].suggestion } };
}

function invalidFilter(field: ReportFilterName, reason: string): UsherError {
  return new UsherError('invalid_input', `The report cannot be made: ${field} ${reason}.`, {
    causes: [{ field, reason }],
  });
}
