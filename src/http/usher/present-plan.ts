import type { PlanChange } from '../../domain/plan-change.ts';
import { conceal, isSensitive } from '../../domain/sensitive.ts';
import type { Plan } from '../../store/plans.ts';

/** A plan as it is shown: whoever may look at it need not know what it would write into sensitive attributes. */
export function presentPlan({ revision: _revision, basis: _basis, writeOnly, ...plan }: Plan) {
  return { ...plan, change: shown(plan.change, writeOnly) };
}

function shown(change: PlanChange, writeOnly: readonly string[]): PlanChange {
  const isHidden = (attribute: string) => writeOnly.includes(attribute) || isSensitive(attribute);
  if (change.kind === 'group_assignment' && change.profile !== undefined) {
    return { ...change, profile: concealed(change.profile, isHidden, conceal) };
  }
  if (change.kind !== 'mapping') return change;
  // A sensitive value may be written out in its expression.
  const properties = concealed(change.properties, isHidden, (mapping) => {
    if (mapping === null) return null;
    const { defaultValue } = mapping;
    const given = defaultValue === undefined ? {} : { defaultValue: conceal(defaultValue) };
    return { ...mapping, ...given, expression: String(conceal(mapping.expression)) };
  });
  return { ...change, properties };
}

function concealed<Value>(
  values: Readonly<Record<string, Value>>,
  isHidden: (name: string) => boolean,
  hide: (value: Value) => Value,
): Record<string, Value> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, isHidden(name) ? hide(value) : value]),
  );
}
