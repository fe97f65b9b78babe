import type { ReportCell, ReportRow } from '../../domain/report.ts';
import type { AppScope } from '../../domain/rights.ts';
import type { AppId, UserId } from '../../lib/ids.ts';
import type { Queryable } from '../database.ts';
import { bind, bindText, type SqlValues } from '../filter/sql-values.ts';
import { appInScope, appTargetsOf } from '../scopes.ts';

/** What a report is asked for. Reports that are about no time disregard `since` and `until`. */
export interface ReportSelection {
  readonly appId?: AppId;
  readonly userId?: UserId;
  readonly state?: string;
  readonly since: Date;
  readonly until: Date;
  readonly within: AppScope;
}

export interface ReportQuery extends ReportSelection {
  /** Where the page before ended: as many texts as the report's rows end with. */
  readonly after?: readonly string[];
  readonly limit: number;
}

/** A condition that `columns` come after the end of the page before, or before it where the report goes backwards. */
export function beyond(
  { after }: ReportQuery,
  into: SqlValues,
  direction: '>' | '<',
  columns: readonly (readonly [column: string, type: string])[],
): string[] {
  if (after === undefined) return [];
  const ends = columns.map(([, type], index) => `${bindText(into, after[index] ?? '')}::${type}`);
  return [`(${columns.map(([column]) => column).join(', ')}) ${direction} (${ends.join(', ')})`];
}

/** Conditions on the app: the one asked for, and those that may be shown. `id` is the column with its id. */
export function ofApp({ appId, within }: ReportSelection, into: SqlValues, id: string): string[] {
  return [
    ...(appId === undefined ? [] : [`${id} = ${bindText(into, appId)}`]),
    ...(within === 'all'
      ? []
      : [
          `exists (select 1 from apps scoped where scoped.id = ${id} and
            ${appInScope('scoped', Number(bind(into, appTargetsOf(within)).slice(1)))})`,
        ]),
  ];
}

export function where(conditions: readonly string[]): string {
  return conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`;
}

/** Rows of a statement whose column `end` says where a page ends; all others are cells. */
export async function reportRows(db: Queryable, sql: string, { values }: SqlValues): Promise<ReportRow[]> {
  const rows = await db.query<Readonly<Record<string, ReportCell>> & { readonly end: readonly string[] }>(sql, values);
  return rows.map(({ end, ...cells }) => ({ end, cells }));
}

/** Login and name of somebody, who may have been deleted, of `users` by the name `u`. */
export const personCells = `u.profile->>'login' as login,
  nullif(concat_ws(' ', u.profile->>'firstName', u.profile->>'lastName'), '') as name`;
