import type { ReportChart, ReportRow } from '../../domain/report.ts';
import type { Queryable } from '../database.ts';
import { bind, bindText, type SqlValues } from '../filter/sql-values.ts';
import { beyond, ofApp, reportRows, where, type ReportQuery, type ReportSelection } from './query.ts';

/**
 * Every deactivation of a person, with each account they had by then, the newest first. What ended an account is the
 * first write after they left, and before they left another time, that took access away. Read from log_events_type,
 * app_users_user and operations_app_user.
 */
export async function listLeavers(db: Queryable, query: ReportQuery): Promise<ReportRow[]> {
  const into: SqlValues = { values: [] };
  const before = beyond(query, into, '<', [
    ['d.left_at', 'timestamptz'],
    ['d.seq', 'bigint'],
    ['au.app_id', 'text'],
  ]);
  return reportRows(
    db,
    `${leavings(query, into, before)}
     select array[l.left_at::text, l.seq::text, l.app_id] as end, l.left_at as "leftAt", l.login, l.name,
       l.user_id as "userId", a.label as app, l.app_id as "appId", l.user_name as "userName",
       l.external_id as "externalId", l.state, l.how, l.by_hand as "byHand", l.off_at as "offAt", l.seconds,
       case when l.state = 'ON' then l.last_error end as error
     from leaving l left join apps a on a.id = l.app_id
     order by l.left_at desc, l.seq desc, l.app_id desc limit ${bind(into, query.limit)}::int`,
    into,
  );
}

/** Upper bounds in seconds of how long accounts were on. */
const boundsSeconds = [60, 300, 3_600, 86_400] as const;

/** How many accounts were off how soon; `MORE` took longer than the longest bound. */
export async function chartLeavers(db: Queryable, selection: ReportSelection): Promise<ReportChart> {
  const into: SqlValues = { values: [] };
  const rows = await db.query<{ bucket: string; count: number }>(
    `${leavings(selection, into, [])}
     select case when l.state = 'ON' then 'ON' ${boundsSeconds.map((bound) => `when l.seconds <= ${bound} then '${bound}'`).join(' ')}
       else 'MORE' end as bucket, count(*)::int as count
     from leaving l where l.state in ('OFF', 'ON') group by 1`,
    into.values,
  );
  const counts = new Map(rows.map(({ bucket, count }) => [bucket, count]));
  return {
    series: ['OFF', 'ON'],
    bars: [...boundsSeconds.map(String), 'MORE', 'ON'].map((key) => ({
      key,
      label: null,
      values: { OFF: key === 'ON' ? 0 : (counts.get(key) ?? 0), ON: key === 'ON' ? (counts.get(key) ?? 0) : 0 },
    })),
  };
}

/** `leaving`: a row for each account at each deactivation. */
function leavings(selection: ReportSelection, into: SqlValues, more: readonly string[]): string {
  const { userId, state } = selection;
  const conditions = [
    `d.left_at < ${bind(into, selection.until)}::timestamptz`,
    // Whoever had no account by then has nothing to lose.
    'au.recorded_active is not null and au.created < d.left_at',
    ...ofApp(selection, into, 'au.app_id'),
    ...more,
  ];
  const ofState = state === undefined ? [] : [`state = ${bindText(into, state)}`];
  return `
    with deactivated as (
      select e.seq, e.published as left_at, t.id as user_id, t.login, t.name,
        lead(e.published) over (partition by t.id order by e.published, e.seq) as left_again
      from log_events e cross join lateral (
        select each->>'id' as id, each->>'alternateId' as login, each->>'displayName' as name
        from jsonb_array_elements(e.target) each where each->>'type' = 'User' limit 1) t
      where e.event_type = 'user.lifecycle.deactivate' and e.outcome = 'SUCCESS'
        and e.published >= ${bind(into, selection.since)}::timestamptz
        ${userId === undefined ? '' : `and t.id = ${bindText(into, userId)}`}),
    account as (
      select d.*, au.app_id, au.user_name, au.external_id, au.last_error, au.recorded_active,
        u.status as user_status, o.kind as how, o.by_hand, o.at as off_at
      -- In the order of the report, person by person: a page reads no further than it needs.
      from (select * from deactivated order by left_at desc, seq desc offset 0) d
      cross join lateral (select * from app_users where user_id = d.user_id offset 0) au
      left join users u on u.id = d.user_id
      left join lateral (
        select kind, at, coalesce(changes ? 'byHand', false) as by_hand from operations
        where app_id = au.app_id and user_id = au.user_id and outcome = 'SUCCESS'
          and kind in ('deactivate', 'remove', 'remove_entitlements')
          and at >= d.left_at and (d.left_again is null or at < d.left_again)
        order by id limit 1) o on true
      ${where(conditions)}),
    leaving as (
      select * from (
        select account.*, extract(epoch from off_at - left_at)::float8 as seconds,
          case when off_at is not null then 'OFF'
               when left_again is not null or coalesce(user_status, 'DEPROVISIONED') <> 'DEPROVISIONED' then 'RETURNED'
               when recorded_active then 'ON' else 'WAS_OFF' end as state
        from account) judged
      ${where(ofState)})`;
}
