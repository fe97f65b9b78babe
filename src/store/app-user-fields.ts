import { appUserStatuses, syncStates } from '../domain/app-user.ts';
import type { FieldTable } from './filter/field.ts';
import { chosenField, idField, textField, timeField } from './filter/fields.ts';
import { bindText, type SqlValues } from './filter/sql-values.ts';
import { personNamed } from './user-fields.ts';

/** What `filter` may ask of the people of an app (`au`), by the names their JSON has. */
export const appUserFields: FieldTable = {
  named: new Map([
    ['id', idField('au.user_id')],
    ['status', chosenField('au.status', 'exact', each(appUserStatuses))],
    ['syncState', chosenField('au.sync_state', 'exact', each(syncStates))],
    ['scope', chosenField(`(case when au.direct then 'USER' else 'GROUP' end)`, 'exact', each(['USER', 'GROUP']))],
    ['externalId', textField('au.external_id', 'exact')],
    ['credentials.userName', textField('au.user_name', 'folded')],
    ['created', timeField('au.created', { nullable: false })],
    ['lastUpdated', timeField('au.last_updated', { nullable: false })],
    ['statusChanged', timeField('au.status_changed', { nullable: false })],
    ['lastSync', timeField('au.last_sync', { nullable: true })],
  ]),
};

/**
 * The condition that `q` is: the start of the name in the app, or of one of the person's own. People are found by the
 * indexes of their names; for names in the app there is none, which would be one more to write for each account made,
 * so that the app's rows are looked through, and nothing else is.
 */
export function appUserNamed(prefix: string, into: SqlValues): string {
  return `(au.user_id in (select u.id from users u where ${personNamed(prefix, into)})
    or starts_with(lower(au.user_name), lower(${bindText(into, prefix)})))`;
}

function each(values: readonly string[]) {
  return { shown: Object.fromEntries(values.map((value) => [value, value])), closed: true };
}
