import { compileExpression, type CompiledExpression } from '../expression/compile.ts';
import { compileUserNameTemplate } from '../expression/user-name-template.ts';
import { UsherError, type ErrorCause } from '../lib/errors.ts';
import type { TypeId } from '../lib/ids.ts';
import { updateMapping } from '../store/app-mappings.ts';
import { findAttributeUseCandidates, type AttributeUseCandidates } from '../store/attribute-uses.ts';
import type { Tx } from '../store/database.ts';
import { findAttributesOfOtherTypes } from '../store/user-schema.ts';
import { beginAppChange, lookAgain } from './app-change.ts';
import type { Context } from './context.ts';

interface Removal {
  readonly typeId: TypeId;
  readonly names: readonly string[];
  /** Takes mappings that use the attributes away; name templates and group rules are never taken away. */
  readonly force: boolean;
}

/**
 * Sees to it that attributes of people can go without anything breaking silently. An attribute that people of another
 * type have as well is still there for whatever names it. Returns what was taken away, in words.
 *
 * @throws {UsherError} `conflict` naming every mapping, name template and group rule that uses one of them.
 */
export async function releaseAttributes(
  context: Context,
  tx: Tx,
  { typeId, names, force }: Removal,
): Promise<readonly string[]> {
  const elsewhere = await findAttributesOfOtherTypes(tx, typeId);
  const going = names.filter((name) => !Object.hasOwn(elsewhere, name));
  if (going.length === 0) return [];
  const candidates = await findAttributeUseCandidates(tx, going);
  const mapped = candidates.mappings.flatMap((mapping) => {
    const attributes = usesIn(mapping, going);
    return attributes.length === 0 ? [] : [{ ...mapping, attributes }];
  });
  const mappings = mapped.flatMap(({ label, direction, attributes }) =>
    attributes.map(([attribute, name]) => ({ name, words: `the mapping of ${attribute} of ${label} (${direction})` })),
  );
  const others = otherUses(candidates, going);
  const blocking = force ? others : [...mappings, ...others];
  if (blocking.length > 0) throw inUse(blocking, force);
  for (const { id, appId, direction, properties, attributes } of mapped) {
    await beginAppChange(tx, appId);
    const gone = new Set(attributes.map(([attribute]) => attribute));
    await updateMapping(tx, id, Object.fromEntries(Object.entries(properties).filter(([name]) => !gone.has(name))));
    if (direction === 'TO_APP') await lookAgain(context, tx, appId);
  }
  return mappings.map(({ words }) => words);
}

/** Mapped attributes with the attribute of people they use: the target towards the directory, or what is named. */
function usesIn(
  { direction, properties }: AttributeUseCandidates['mappings'][number],
  going: readonly string[],
): readonly (readonly [attribute: string, name: string])[] {
  return Object.entries(properties).flatMap(([attribute, { expression }]) => {
    const target = direction === 'TO_DIRECTORY' ? going.find((each) => each === attribute) : undefined;
    const name = target ?? named(expression, going, direction === 'TO_APP' ? ['user', 'source'] : ['user']);
    return name === undefined ? [] : [[attribute, name] as const];
  });
}

function otherUses({ templates, rules }: AttributeUseCandidates, going: readonly string[]) {
  return [
    ...templates.flatMap(({ label, template }) => {
      const name = namedBy(() => compileUserNameTemplate(template), going);
      return name === undefined ? [] : [{ name, words: `the user name template of ${label}` }];
    }),
    ...rules.flatMap((rule) => {
      const name = named(rule.expression, going);
      return name === undefined ? [] : [{ name, words: `the group rule ${rule.name}` }];
    }),
  ];
}

/** `source` is the person only on the way to an app. */
function named(expression: string, going: readonly string[], roots = ['user', 'source']): string | undefined {
  return namedBy(() => compileExpression(expression, 'mapping'), going, roots);
}

/** The first of these that an expression names; what does not compile names nothing. */
function namedBy(
  compile: () => CompiledExpression,
  going: readonly string[],
  roots: readonly string[] = ['user', 'source'],
): string | undefined {
  try {
    const { references } = compile().dependencies;
    return going.find((name) => roots.some((root) => references.includes(`${root}.${name}`)));
  } catch {
    return undefined;
  }
}

function inUse(uses: readonly { readonly name: string; readonly words: string }[], force: boolean): UsherError {
  const causes = uses.map(({ name, words }): ErrorCause => ({ field: name, reason: `is used by ${words}` }));
  const sentences = causes.map(({ field, reason }) => `'${field}' ${reason}`).join('; ');
  const advice = force
    ? 'Change these first: only mappings are taken away by force.'
    : 'Change these first, or remove the mappings together with it: force=true.';
  return new UsherError('conflict', `The attribute cannot be removed: ${sentences}. ${advice}`, { causes });
}
