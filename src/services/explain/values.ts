import type { PushStatus } from '../../domain/mapping.ts';
import { appReferences } from '../../expression/apps-read.ts';
import type { ExpressionScope } from '../../expression/scope.ts';
import { asUsherError } from '../../lib/errors.ts';
import type { GroupId } from '../../lib/ids.ts';
import type { Json } from '../../lib/json.ts';
import { userNameAttribute, type AppSetup } from '../../provisioning/app-setup.ts';
import { groupValues } from '../../provisioning/desired.ts';
import { mappedValue, userNameFor } from '../../provisioning/mapped-values.ts';
import type { ClaimedRow } from '../../store/app-user-queue.ts';

/** What an expression looks at, with the values it found. */
type Reads = { readonly [reference: string]: Json };

export type ValueSource =
  | { readonly kind: 'mapping'; readonly expression: string; readonly pushStatus: PushStatus; readonly reads: Reads }
  | { readonly kind: 'user_name_template'; readonly expression: string; readonly reads: Reads }
  | { readonly kind: 'group'; readonly groupIds: readonly GroupId[] }
  | { readonly kind: 'assignment' };

export interface ExplainedValue {
  readonly attribute: string;
  readonly source: ValueSource;
  readonly value: Json;
  /** Why there is no value. */
  readonly error: string | null;
  /** What the app last confirmed. */
  readonly inApp: Json;
}

/** The user name, then every attribute by name: the individual assignment wins, then groups, then mappings. */
export function explainValues(
  setup: AppSetup,
  row: ClaimedRow,
  memberOf: ReadonlySet<GroupId>,
  scope: ExpressionScope,
): ExplainedValue[] {
  const given = row.direct ? row.assignedProfile : {};
  const fromGroups = groupValues(setup, { assignedGroupIds: memberOf });
  const names = new Set([
    ...setup.compiled.map(({ attribute }) => attribute),
    ...Object.keys(fromGroups),
    ...Object.keys(given),
  ]);
  names.delete(userNameAttribute);
  const values = [...names].sort().map((attribute): ExplainedValue => {
    const inApp = row.recorded[attribute] ?? null;
    const own = given[attribute];
    if (own !== undefined) return { attribute, source: { kind: 'assignment' }, value: own, error: null, inApp };
    const value = fromGroups[attribute];
    if (value !== undefined) {
      const groupIds = giversOf(setup, attribute, memberOf);
      return { attribute, source: { kind: 'group', groupIds }, value, error: null, inApp };
    }
    return { attribute, ...mapping(setup, attribute, scope), inApp };
  });
  return [userName(setup, row, scope), ...values];
}

function userName(setup: AppSetup, row: ClaimedRow, scope: ExpressionScope): ExplainedValue {
  const given = row.direct ? row.assignedProfile[userNameAttribute] : undefined;
  const { template } = setup.userNameTemplate;
  return {
    attribute: userNameAttribute,
    source:
      typeof given === 'string' && given !== ''
        ? { kind: 'assignment' }
        : { kind: 'user_name_template', expression: template, reads: readsOf(setup.userNameExpression, scope) },
    ...attempt(() => userNameFor(setup, scope, given)),
    inApp: row.userName ?? null,
  };
}

/** The group whose value wins, or all that are united in it. */
function giversOf(setup: AppSetup, attribute: string, memberOf: ReadonlySet<GroupId>): GroupId[] {
  const givers = setup.groups.flatMap(({ groupId, profile }) =>
    memberOf.has(groupId) && profile[attribute] !== undefined ? [groupId] : [],
  );
  return setup.attributes[attribute]?.union === 'ENABLE' ? givers : givers.slice(0, 1);
}

function mapping(
  setup: AppSetup,
  attribute: string,
  scope: ExpressionScope,
): Pick<ExplainedValue, 'source' | 'value' | 'error'> {
  const compiled = setup.compiled.find((one) => one.attribute === attribute);
  const declared = setup.mappings[attribute];
  const source = {
    kind: 'mapping',
    expression: declared?.expression ?? '',
    pushStatus: declared?.pushStatus ?? 'PUSH',
    reads: compiled === undefined ? {} : readsOf(compiled.expression, scope),
  } as const;
  return { source, ...attempt(() => (compiled === undefined ? null : (mappedValue(compiled, scope) ?? null))) };
}

function attempt(evaluate: () => Json): Pick<ExplainedValue, 'value' | 'error'> {
  try {
    return { value: evaluate(), error: null };
  } catch (error) {
    return { value: null, error: asUsherError(error).message };
  }
}

/** Attributes of the person, here and in other apps, that the expression looks at, and the manager's login where it asks for the manager. */
export function readsOf(
  expression: AppSetup['userNameExpression'],
  { user, manager, appUsers }: Pick<ExpressionScope, 'user' | 'manager' | 'appUsers'>,
): Reads {
  if (!('dependencies' in expression)) return {};
  const { references, linked } = expression.dependencies;
  const own = references.flatMap((reference): [string, Json][] => {
    const [root, attribute] = reference.split('.');
    const isOwn = attribute !== undefined && (root === 'user' || root === 'source');
    return isOwn ? [[`user.${attribute}`, user[attribute] ?? null]] : [];
  });
  const managers = linked.includes('manager') ? [['manager', manager?.['login'] ?? null] as const] : [];
  const others = appReferences(expression.dependencies).flatMap(({ appName, attribute }): [string, Json][] =>
    attribute === undefined ? [] : [[`${appName}.${attribute}`, inOtherApp(appUsers, appName, attribute)]],
  );
  return Object.fromEntries([...own, ...others, ...managers]);
}

/** Null where it cannot be told: then the value has the error. */
function inOtherApp(appUsers: ExpressionScope['appUsers'], appName: string, attribute: string): Json {
  try {
    return appUsers?.[appName]?.[attribute] ?? null;
  } catch {
    return null;
  }
}
