import type { AppScope, GroupScope } from '../domain/rights.ts';

// What a caller may see, as a parameter of a list's query: null where there is no limit.

/** For a condition `$n::text[] is null or group_id = any($n)`. */
export function groupIdsOf(scope: GroupScope = 'all'): readonly string[] | null {
  return scope === 'all' ? null : scope;
}

/** For the condition of {@link appInScope}. */
export function appTargetsOf(scope: AppScope = 'all'): string | null {
  return scope === 'all' ? null : JSON.stringify(scope);
}

/** True of rows of `apps` (by this name in the query) that are among the targets of parameter `$n`. */
export function appInScope(apps: string, n: number): string {
  return `($${n}::jsonb is null or exists (
    select 1 from jsonb_to_recordset($${n}::jsonb) as target("name" text, "appId" text)
    where target."name" = coalesce(${apps}.catalog_key, ${apps}.name)
      and (target."appId" is null or target."appId" = ${apps}.id)))`;
}
