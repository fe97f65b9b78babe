import type { ReportChart, ReportRow } from '../../domain/report.ts';
import type { Queryable } from '../database.ts';
import { bind, type SqlValues } from '../filter/sql-values.ts';
import { beyond, ofApp, reportRows, where, type ReportQuery, type ReportSelection } from './query.ts';

const day = `date_bin('1 day', o.at, timestamptz 'epoch')`;

/** Writes to apps that did not succeed, by day, app, cause and kind, the newest day first. Read from operations_failed. */
export async function listFailures(db: Queryable, query: ReportQuery): Promise<ReportRow[]> {
  const into: SqlValues = { values: [] };
  const failed = where(failedWrites(query, into));
  const before = beyond(query, into, '<', [
    ['f.day', 'timestamptz'],
    ['f.app_id', 'text'],
    ['f.code', 'text'],
    ['f.kind', 'text'],
  ]);
  return reportRows(
    db,
    `with f as (
       select ${day} as day, o.app_id, coalesce(o.error_code, 'internal') as code, o.kind, count(*)::int as writes,
         count(distinct o.user_id)::int as people, max(o.at) as last_at, max(o.id) as last_id
       from operations o ${failed} group by 1, 2, 3, 4),
     page as (
       select * from f ${where(before)}
       order by f.day desc, f.app_id desc, f.code desc, f.kind desc limit ${bind(into, query.limit)}::int)
     select array[f.day::text, f.app_id, f.code, f.kind] as end, f.day, a.label as app, f.app_id as "appId",
       f.code as "errorCode", f.kind, f.writes, f.people, f.last_at as "lastAt", o.error as example
     from page f left join apps a on a.id = f.app_id join operations o on o.id = f.last_id
     order by f.day desc, f.app_id desc, f.code desc, f.kind desc`,
    into,
  );
}

/** Day by day, those without failures too: what an app refused, what was not reached, and the rest. */
export async function chartFailures(db: Queryable, selection: ReportSelection): Promise<ReportChart> {
  const into: SqlValues = { values: [] };
  const failed = where(failedWrites(selection, into));
  const [first, last] = [bind(into, selection.since), bind(into, selection.until)];
  const rows = await db.query<{ day: Date; refused: number; unreached: number; other: number }>(
    `with f as (
       select ${day} as day, case
           when o.error_code in ('app_unreachable', 'app_timeout', 'app_failed', 'app_rate_limited') then 'unreached'
           when o.error_code like 'app\\_%' then 'refused' else 'other' end as cause
       from operations o ${failed})
     select d.day, count(*) filter (where f.cause = 'refused')::int as refused,
       count(*) filter (where f.cause = 'unreached')::int as unreached,
       count(*) filter (where f.cause = 'other')::int as other
     from generate_series(date_bin('1 day', ${first}::timestamptz, timestamptz 'epoch'),
       ${last}::timestamptz - interval '1 microsecond', interval '24 hours') as d(day)
     left join f on f.day = d.day group by d.day order by d.day`,
    into.values,
  );
  return {
    series: ['REFUSED', 'UNREACHED', 'OTHER'],
    bars: rows.map(({ day: at, refused, unreached, other }) => ({
      key: at.toISOString(),
      label: null,
      values: { REFUSED: refused, UNREACHED: unreached, OTHER: other },
    })),
  };
}

function failedWrites(selection: ReportSelection, into: SqlValues): string[] {
  const { since, until } = selection;
  return [
    `o.outcome <> 'SUCCESS'`,
    `o.at >= ${bind(into, since)}::timestamptz and o.at < ${bind(into, until)}::timestamptz`,
    ...ofApp(selection, into, 'o.app_id'),
  ];
}
