import type { ReportChart, ReportRow } from '../../domain/report.ts';
import type { Queryable } from '../database.ts';
import { bind, type SqlValues } from '../filter/sql-values.ts';
import { beyond, ofApp, reportRows, where, type ReportQuery, type ReportSelection } from './query.ts';

/** Apps by label, those nobody has too. One pass over app_users, however many apps. */
export async function listAppUsage(db: Queryable, query: ReportQuery): Promise<ReportRow[]> {
  const into: SqlValues = { values: [] };
  const conditions = [
    ...ofApp(query, into, 'a.id'),
    ...beyond(query, into, '>', [
      ['lower(a.label)', 'text'],
      ['a.id', 'text'],
    ]),
  ];
  return reportRows(
    db,
    `${counted(query, into)}
     select array[lower(a.label), a.id] as end, a.label as app, a.id as "appId", a.status as "appStatus",
       ${countNames.map((name) => `coalesce(c."${name}", 0) as "${name}"`).join(', ')}, c."lastSync"
     from apps a left join counted c on c.app_id = a.id ${where(conditions)}
     order by lower(a.label), a.id limit ${bind(into, query.limit)}::int`,
    into,
  );
}

/** As many bars as can be told apart. */
const barsMax = 20;

/** The apps with the most people. Everybody is in one series: who has an account, who waits, who failed. */
export async function chartAppUsage(db: Queryable, selection: ReportSelection): Promise<ReportChart> {
  const into: SqlValues = { values: [] };
  const rows = await db.query<{ id: string; label: string; active: number; failed: number; assigned: number }>(
    `${counted(selection, into)}
     select a.id, a.label, c."working" as active, c."failing" as failed, c.assigned
     from counted c join apps a on a.id = c.app_id ${where([...ofApp(selection, into, 'a.id'), 'c.assigned > 0'])}
     order by c.assigned desc, lower(a.label), a.id limit ${barsMax}`,
    into.values,
  );
  return {
    series: ['ACTIVE', 'FAILED', 'OTHER'],
    bars: rows.map(({ id, label, active, failed, assigned }) => ({
      key: id,
      label,
      values: { ACTIVE: active, FAILED: failed, OTHER: assigned - active - failed },
    })),
  };
}

const counts = {
  assigned: 'assigned',
  byUser: 'assigned and direct',
  byGroup: 'assigned and not direct',
  accounts: 'external_id is not null',
  active: 'external_id is not null and recorded_active',
  former: 'external_id is not null and recorded_active and not assigned',
  failed: `sync_state = 'ERROR'`,
  waiting: `sync_state in ('OUT_OF_SYNC', 'SYNCING')`,
  unprovisioned: 'unprovisioned and assigned',
} as const;
const countNames = Object.keys(counts);

function counted(selection: ReportSelection, into: SqlValues): string {
  const failing = `assigned and sync_state = 'ERROR'`;
  return `with counted as (
    select app_id, max(last_sync) as "lastSync", count(*) filter (where ${failing})::int as failing,
      count(*) filter (where assigned and recorded_active and not (${failing}))::int as working,
      ${Object.entries(counts)
        .map(([name, condition]) => `count(*) filter (where ${condition})::int as "${name}"`)
        .join(', ')}
    from app_users ${where(ofApp(selection, into, 'app_id'))} group by app_id)`;
}
