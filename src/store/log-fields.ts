import { eventTypes } from '../domain/log-event.ts';
import { textCondition } from './filter/conditions.ts';
import { everyOperator, type FieldTable, type FilterField } from './filter/field.ts';
import { chosenField, constantField, idField, textField, timeField } from './filter/fields.ts';
import { bind, bindText, type SqlValues } from './filter/sql-values.ts';

/** What an event shows of the request it came with; `http/api/logs/present.ts` shows it so. */
const ofRequest = {
  'client.ipAddress': `(client->>'ipAddress')`,
  'client.userAgent.rawUserAgent': `(client->>'userAgent')`,
  'client.userAgent.os': `(case when client->>'userAgent' is not null then 'Unknown' end)`,
  'client.userAgent.browser': `(case when client->>'userAgent' is not null then 'UNKNOWN' end)`,
  'transaction.detail.requestApiTokenId': `(client->>'apiTokenId')`,
  'debugContext.debugData.requestId': `coalesce(debug->>'requestId', case when client is not null then transaction_id end)`,
  'debugContext.debugData.requestUri': `coalesce(debug->>'requestUri', client->>'requestUri')`,
  'request.ipChain.ip': `(client->>'ipAddress')`,
  'request.ipChain.version': `(case when strpos(client->>'ipAddress', ':') > 0 then 'V6' when client is not null then 'V4' end)`,
};

/** What `filter` may ask of the log, letter by letter: everything an event shows, and what it shows as null. */
export const logFields: FieldTable = {
  named: new Map<string, FilterField>([
    ['uuid', textField('uuid::text', 'exact')],
    ['published', timeField('published', { nullable: false, shownToMs: 1 })],
    ['eventType', eventTypeField()],
    ['version', constantField('0')],
    ['severity', textField('severity', 'exact')],
    ['displayMessage', chosenField('event_type', 'exact', { shown: eventTypes, closed: false })],
    ['outcome.result', textField('outcome', 'exact')],
    ['outcome.reason', textField('reason', 'exact')],
    ...['id', 'type', 'alternateId', 'displayName'].flatMap((name): [string, FilterField][] => [
      [`actor.${name}`, idField(`(actor->>'${name}')`)],
      [`target.${name}`, targetField(() => `(one.value->>'${name}')`, name === 'id')],
    ]),
    ['transaction.id', textField('transaction_id', 'exact')],
    ['transaction.type', textField(`(case when client is null then 'JOB' else 'WEB' end)`, 'exact')],
    ...Object.entries(ofRequest).map(([name, sql]): [string, FilterField] => [name, textField(sql, 'exact')]),
    ['authenticationContext.authenticationStep', constantField('0')],
    ...['legacyEventType', 'device', 'actor.detailEntry'].map((name): [string, FilterField] => [
      name,
      constantField(null),
    ]),
  ]),
  others: (attribute) => {
    for (const { prefix, fieldOf } of openPaths) {
      if (attribute.startsWith(prefix) && attribute.length > prefix.length)
        return fieldOf(attribute.slice(prefix.length));
    }
    return undefined;
  },
};

/** Objects whose names there is no end of, and objects of Okta's events that Usher has nothing to put into. */
const openPaths: readonly { readonly prefix: string; readonly fieldOf: (name: string) => FilterField }[] = [
  { prefix: 'debugContext.debugData.', fieldOf: debugField },
  {
    prefix: 'target.detailEntry.',
    fieldOf: (name) => targetField((into) => `(one.value->'detailEntry'->>${bindText(into, name)})`, false),
  },
  ...['actor.detailEntry.', 'client.', 'device.', 'transaction.detail.', 'authenticationContext.'].map(empty),
  ...['securityContext.', 'request.'].map(empty),
];

function empty(prefix: string) {
  return { prefix, fieldOf: () => constantField(null) };
}

function debugField(name: string): FilterField {
  const sql = (into: SqlValues) => `(debug->>${bindText(into, name)})`;
  return {
    operators: everyOperator,
    compare: (comparison, into) => textCondition(sql(into), 'exact', comparison, into),
    present: (into) => `${sql(into)} is not null`,
  };
}

/** The types there are come one by one, so that an index finds those that begin, or end, as asked. */
function eventTypeField(): FilterField {
  const shown = Object.fromEntries(Object.keys(eventTypes).map((type) => [type, type]));
  const chosen = chosenField('event_type', 'exact', { shown, closed: false });
  return {
    ...chosen,
    compare: (comparison, into) =>
      comparison.operator === 'eq'
        ? textCondition('event_type', 'exact', comparison, into)
        : chosen.compare(comparison, into),
  };
}

/** True where any of an event's targets is as asked. Ids have an index. */
function targetField(sql: (into: SqlValues) => string, indexed: boolean): FilterField {
  const some = (condition: string) =>
    `exists (select 1 from jsonb_array_elements(target) as one(value) where ${condition})`;
  return {
    operators: everyOperator,
    present: (into) => some(`${sql(into)} is not null`),
    compare: (comparison, into) =>
      indexed && comparison.operator === 'eq' && typeof comparison.value === 'string'
        ? `jsonb_path_query_array(target, '$[*].id') @> ${bind(into, JSON.stringify([comparison.value]))}::jsonb`
        : some(textCondition(sql(into), 'exact', comparison, into)),
  };
}
