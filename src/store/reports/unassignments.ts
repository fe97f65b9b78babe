import type { ReportRow } from '../../domain/report.ts';
import type { Queryable } from '../database.ts';
import { bind, bindText, type SqlValues } from '../filter/sql-values.ts';
import { beyond, ofApp, reportRows, where, type ReportQuery } from './query.ts';

/** Every time somebody lost an app, the newest first, with the account as it is now. Read from log_events_type. */
export async function listUnassignments(db: Queryable, query: ReportQuery): Promise<ReportRow[]> {
  const into: SqlValues = { values: [] };
  const { since, until, userId } = query;
  const conditions = [
    `e.event_type = 'application.user_membership.remove'`,
    `e.published >= ${bind(into, since)}::timestamptz and e.published < ${bind(into, until)}::timestamptz`,
    ...(userId === undefined ? [] : [`t.user_id = ${bindText(into, userId)}`]),
    ...ofApp(query, into, 't.app_id'),
    ...beyond(query, into, '<', [
      ['e.published', 'timestamptz'],
      ['e.seq', 'bigint'],
    ]),
  ];
  return reportRows(
    db,
    `with page as (
       select e.seq, e.published, t.* from log_events e cross join lateral (
         select max(each->>'id') filter (where each->>'type' = 'User') as user_id,
           max(each->>'alternateId') filter (where each->>'type' = 'User') as login,
           max(each->>'displayName') filter (where each->>'type' = 'User') as name,
           max(each->>'id') filter (where each->>'type' = 'AppInstance') as app_id,
           max(each->>'displayName') filter (where each->>'type' = 'AppInstance') as app
         from jsonb_array_elements(e.target) each) t
       ${where(conditions)}
       order by e.published desc, e.seq desc limit ${bind(into, query.limit)}::int)
     select array[p.published::text, p.seq::text] as end, p.published as at, p.login, p.name, p.user_id as "userId",
       coalesce(a.label, p.app) as app, p.app_id as "appId", au.user_name as "userName",
       coalesce(au.assigned, false) as assigned, coalesce(au.recorded_active, false) as active, au.status,
       au.last_error as error
     from page p left join apps a on a.id = p.app_id
     left join app_users au on au.app_id = p.app_id and au.user_id = p.user_id
     order by p.published desc, p.seq desc`,
    into,
  );
}
