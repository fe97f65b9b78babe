import type { ReportRow } from '../../domain/report.ts';
import type { Queryable } from '../database.ts';
import { bind, bindText, type SqlValues } from '../filter/sql-values.ts';
import { beyond, ofApp, personCells, reportRows, where, type ReportQuery } from './query.ts';

/**
 * Active accounts that no assignment gives anybody, by app and account: those left of people who had the app, from
 * app_users_left, and those an app was seen to have that are linked to nobody, neither in this app nor in another
 * instance at the same address.
 */
export async function listUnassignedAccounts(db: Queryable, query: ReportQuery): Promise<ReportRow[]> {
  const into: SqlValues = { values: [] };
  const limit = `${bind(into, query.limit)}::int`;
  const ofAccount = (alias: string) =>
    [
      [`${alias}.app_id`, 'text'],
      [`${alias}.external_id`, 'text'],
    ] as const;
  const left = [
    'au.external_id is not null and not au.assigned and au.recorded_active',
    ...ofApp(query, into, 'au.app_id'),
    ...beyond(query, into, '>', ofAccount('au')),
  ];
  const unknown = [
    'k.active is not false',
    'not exists (select 1 from app_users l where l.app_id = k.app_id and l.external_id = k.external_id)',
    ...ofApp(query, into, 'k.app_id'),
    ...beyond(query, into, '>', ofAccount('k')),
  ];
  const state = query.state === undefined ? [] : [`state = ${bindText(into, query.state)}`];
  return reportRows(
    db,
    `with formerly as (
       select au.app_id, case when u.id is null then 'PERSON_DELETED' else 'FORMER' end as state, au.external_id,
         au.user_name, au.user_id, au.status_changed as since, au.last_sync as seen, au.last_error
       from app_users au left join users u on u.id = au.user_id ${where(left)}),
     unknown as (
       select k.app_id, 'UNKNOWN' as state, k.external_id, k.profile->>'userName' as user_name,
         null::text as user_id, null::timestamptz as since, k.last_seen as seen, null::text as last_error
       from (
         -- Apart, so that other instances are looked for only where this one has no link.
         select k.* from app_accounts k ${where(unknown)} order by k.app_id, k.external_id offset 0) k
       where ${notOfAnotherInstance}),
     page as (
       (select * from formerly ${where(state)} order by app_id, external_id limit ${limit})
       union all (select * from unknown ${where(state)} order by app_id, external_id limit ${limit})
       order by app_id, external_id limit ${limit})
     select array[p.app_id, p.external_id] as end, a.label as app, p.app_id as "appId", p.state,
       p.external_id as "externalId", p.user_name as "userName", ${personCells}, p.user_id as "userId",
       u.status as "userStatus", p.since, p.seen as "lastSeen", p.last_error as error
     from page p left join apps a on a.id = p.app_id left join users u on u.id = p.user_id
     order by p.app_id, p.external_id`,
    into,
  );
}

const notOfAnotherInstance = `not exists (
  select 1 from app_connections mine
  join app_connections c on c.connector = mine.connector and c.app_id <> mine.app_id
    and lower(rtrim(c.settings->>'baseUrl', '/')) = lower(rtrim(mine.settings->>'baseUrl', '/'))
  join app_users l on l.app_id = c.app_id and l.external_id = k.external_id
  where mine.app_id = k.app_id)`;
