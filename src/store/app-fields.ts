import { booleanCondition } from './filter/conditions.ts';
import type { FieldTable, FilterField } from './filter/field.ts';
import { chosenField, constantField, idField, textField } from './filter/fields.ts';
import { bindText } from './filter/sql-values.ts';

const statuses = { shown: { ACTIVE: 'ACTIVE', INACTIVE: 'INACTIVE' }, closed: true };

/** What `filter` may ask of apps, letter by letter. Condition on a table named `apps`. */
export const appFields: FieldTable = {
  named: new Map<string, FilterField>([
    ['id', idField('apps.id')],
    ['name', textField('apps.name', 'exact')],
    ['status', chosenField('apps.status', 'exact', statuses)],
    // No app signs with a key of ours yet.
    ['credentials.signing.kid', constantField(null)],
    ['settings.slo.enabled', sloField()],
    ['user.id', holderField((id) => `app_users h where h.app_id = apps.id and h.assigned and h.user_id = ${id}`)],
    ['group.id', holderField((id) => `app_groups h where h.app_id = apps.id and h.group_id = ${id}`)],
  ]),
};

function sloField(): FilterField {
  const json = `(apps.settings #> '{slo,enabled}')`;
  return {
    operators: ['eq', 'ne', 'pr'],
    compare: (comparison, into) => booleanCondition(json, comparison, into),
    present: () => `${json} is not null`,
  };
}

/** Whether this person has, or this group gives, the app. */
function holderField(rows: (id: string) => string): FilterField {
  return {
    operators: ['eq'],
    compare: ({ value, refuse }, into) => {
      if (typeof value !== 'string') throw refuse('it is compared with an id in double quotes');
      return `exists (select 1 from ${rows(bindText(into, value))})`;
    },
    present: () => 'true',
  };
}
