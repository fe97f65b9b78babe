import type { ReportRow } from '../../domain/report.ts';
import type { Queryable } from '../database.ts';
import { bind, bindText, type SqlValues } from '../filter/sql-values.ts';
import { beyond, ofApp, personCells, reportRows, where, type ReportQuery } from './query.ts';

/**
 * Everybody who has an app, and accounts left of those who had it, by app and person. A page is read from the key of
 * app_users, or from app_users_user where it is about one person; what is looked up besides is looked up for the page.
 */
export async function listAppAccess(db: Queryable, query: ReportQuery): Promise<ReportRow[]> {
  const into: SqlValues = { values: [] };
  const { userId, state } = query;
  const conditions = [
    '(au.assigned or au.external_id is not null)',
    ...ofApp(query, into, 'au.app_id'),
    ...(userId === undefined ? [] : [`au.user_id = ${bindText(into, userId)}`]),
    ...(state === undefined
      ? []
      : [state === 'FORMER' ? 'not au.assigned' : `au.sync_state = ${bindText(into, state)}`]),
    ...beyond(query, into, '>', [
      ['au.app_id', 'text'],
      ['au.user_id', 'text'],
    ]),
  ];
  return reportRows(
    db,
    `with page as (
       select au.* from app_users au ${where(conditions)}
       order by au.app_id, au.user_id limit ${bind(into, query.limit)}::int)
     select array[p.app_id, p.user_id] as end, a.label as app, p.app_id as "appId", ${personCells},
       p.user_id as "userId", u.status as "userStatus",
       case when p.assigned and p.direct then 'USER' when p.assigned then 'GROUP' end as "assignedBy",
       g.name as "group", g.since as "groupSince", p.user_name as "userName", p.external_id as "externalId",
       p.recorded_active as active, p.status, p.status_changed as "statusSince", p.sync_state as "syncState", p.created as "firstAssigned",
       p.last_sync as "lastSync", p.last_error as error
     from page p left join apps a on a.id = p.app_id left join users u on u.id = p.user_id
     left join lateral (
       select gr.name, min(gm.since) as since
       from app_groups ag join group_members gm on gm.group_id = ag.group_id join groups gr on gr.id = ag.group_id
       where ag.app_id = p.app_id and gm.user_id = p.user_id and p.assigned and not p.direct
       group by ag.priority, ag.group_id, gr.name order by ag.priority, ag.group_id limit 1) g on true
     order by p.app_id, p.user_id`,
    into,
  );
}
