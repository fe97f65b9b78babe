import type { AttributeMapping, MappingDirection, Mappings } from '../domain/mapping.ts';
import { allowedValues, type AttributeDefinition, type AttributeDefinitions } from '../domain/profile-schema.ts';
import { valueProblem } from '../domain/validate-profile.ts';
import { appReferences, appReferencesIn } from '../expression/apps-read.ts';
import { compileExpression, type CompiledExpression } from '../expression/compile.ts';
import { asUsherError, UsherError, type ErrorCause } from '../lib/errors.ts';
import { jsonEqual } from '../lib/json.ts';

export interface MappingGround {
  readonly direction: MappingDirection;
  /** What is mapped onto. */
  readonly target: AttributeDefinitions;
  /** What expressions may name: attributes of people towards the app, of its accounts towards the directory. */
  readonly source: AttributeDefinitions;
  /** Attributes of the person's profiles in other apps, by machine name: of those apps that there are. */
  readonly others: ReadonlyMap<string, AttributeDefinitions>;
}

/**
 * Holds mappings against both schemas before they are kept.
 *
 * @throws {UsherError} `invalid_input` with a cause per attribute: unknown, read-only, an expression that does not
 *   compile (with line and column) or names an attribute nobody has or an app that is not there, or a value of a kind the target cannot hold.
 */
export function assertMappings(
  ground: MappingGround,
  mappings: { readonly [attribute: string]: AttributeMapping | null },
): void {
  const causes = mappingProblems(ground, mappings).map(({ attribute, reason }): ErrorCause => ({
    field: `properties.${attribute}`,
    reason,
  }));
  if (causes.length === 0) return;
  const sentences = causes.map((cause) => `${cause.field} ${cause.reason}`).join('; ');
  throw new UsherError('invalid_input', `These mappings cannot be used: ${sentences}.`, { causes });
}

/** What is wrong with mappings, each by its attribute; empty where they can be kept. */
export function mappingProblems(
  ground: MappingGround,
  mappings: { readonly [attribute: string]: AttributeMapping | null },
): readonly { readonly attribute: string; readonly reason: string }[] {
  return Object.entries(mappings).flatMap(([attribute, mapping]) => {
    const reason = mapping === null ? undefined : mappingProblem(ground, attribute, mapping);
    return reason === undefined ? [] : [{ attribute, reason }];
  });
}

/** Attributes an account, or a person, must have and no mapping gives: somebody without one cannot be provisioned. */
export function unmappedRequired({ target, direction }: MappingGround, mappings: Mappings): readonly string[] {
  return Object.entries(target).flatMap(([name, { required, mutability }]) => {
    const given = direction === 'TO_APP' && name === 'userName';
    const missing = required === true && !given && mutability !== 'READ_ONLY' && !Object.hasOwn(mappings, name);
    return missing ? [name] : [];
  });
}

/** Mapped attributes whose expressions read apps that give nothing here, each once. */
export function readsNothing(
  { direction, others }: MappingGround,
  mappings: Mappings,
): readonly { readonly attribute: string; readonly appName: string }[] {
  return Object.entries(mappings).flatMap(([attribute, { expression }]) => {
    const names = appReferencesIn(expression).map(({ appName }) => appName);
    const empty = names.filter((name) => direction === 'TO_DIRECTORY' || (isAppType(name) && !others.has(name)));
    return [...new Set(empty)].map((appName) => ({ attribute, appName }));
  });
}

/** Functions ask for profiles in apps of these names, whether or not there is one: `hasDirectoryUser()`. */
function isAppType(name: string): boolean {
  return name === 'active_directory' || name === 'workday';
}

/** The attributes of people (`user.*`, `source.*`) or of accounts (`appuser.*`) an expression names. */
function namedAttributes(expression: string, direction: MappingDirection): readonly string[] {
  const roots = sourceRoots[direction];
  return compileExpression(expression, 'mapping').dependencies.references.flatMap((reference) => {
    const [root = '', attribute] = reference.split('.');
    return roots.includes(root) && attribute !== undefined ? [attribute] : [];
  });
}

const sourceRoots: { readonly [direction in MappingDirection]: readonly string[] } = {
  TO_APP: ['user', 'source'],
  TO_DIRECTORY: ['appuser', 'source'],
};

function mappingProblem(ground: MappingGround, attribute: string, mapping: AttributeMapping): string | undefined {
  const { target, direction } = ground;
  const definition = Object.hasOwn(target, attribute) ? target[attribute] : undefined;
  if (definition === undefined) {
    return `is not an attribute of ${direction === 'TO_APP' ? 'the app' : 'users'}; add it to the schema first`;
  }
  if (definition.mutability === 'READ_ONLY') return 'is read-only';
  if (direction === 'TO_APP' && attribute === 'userName') return "is made by the app's user name template";
  return emptyProblem(definition, mapping) ?? expressionProblem(ground, definition, mapping.expression);
}

function emptyProblem(
  definition: AttributeDefinition,
  { whenEmpty, defaultValue }: AttributeMapping,
): string | undefined {
  if (whenEmpty === 'DEFAULT' && defaultValue == null) return 'has no defaultValue to become when it is empty';
  if (whenEmpty !== 'DEFAULT' && defaultValue != null) return 'has a defaultValue, which only whenEmpty DEFAULT uses';
  const problem = defaultValue == null ? undefined : valueProblem(definition, defaultValue);
  return problem === undefined ? undefined : `has a defaultValue that cannot be: it ${problem}`;
}

function expressionProblem(
  { source, direction, others }: MappingGround,
  definition: AttributeDefinition,
  text: string,
): string | undefined {
  let expression: CompiledExpression;
  try {
    expression = compileExpression(text, 'mapping');
  } catch (error) {
    const problem = asUsherError(error);
    return `has a faulty expression: ${problem.causes[0]?.reason ?? problem.message}`;
  }
  const unknown = namedAttributes(text, direction).find((name) => !known(source, name));
  if (unknown !== undefined) {
    return `names ${sourceRoots[direction][0]}.${unknown}, at column ${text.indexOf(unknown) + 1}, which is no attribute of ${direction === 'TO_APP' ? 'users' : 'the app'}`;
  }
  const unread = direction === 'TO_APP' ? unreadProblem(expression, others) : undefined;
  return unread ?? constantProblem(definition, expression) ?? typeProblem(definition, expression, source);
}

/** An app that is not there, or an attribute that it does not have. */
function unreadProblem(
  { dependencies, source: text }: CompiledExpression,
  others: MappingGround['others'],
): string | undefined {
  for (const { appName, attribute } of appReferences(dependencies)) {
    const start = text.indexOf(appName);
    const attributes = others.get(appName);
    if (attributes === undefined && !isAppType(appName)) {
      return `names ${appName}, at column ${start + 1}, which is no app's machine name here`;
    }
    if (attributes === undefined || attribute === undefined || known(attributes, attribute)) continue;
    const column = text.indexOf(attribute, start + appName.length) + 1;
    return `names ${appName}.${attribute}, at column ${column}, which is no attribute of that app`;
  }
  return undefined;
}

function known(source: AttributeDefinitions, name: string): boolean {
  return Object.hasOwn(source, name) || name === 'userName';
}

/** What is the same for everybody can be held against the target once and for all. */
function constantProblem(definition: AttributeDefinition, expression: CompiledExpression): string | undefined {
  const { references, groups, linked, now } = expression.dependencies;
  if (references.length > 0 || groups || linked.length > 0 || now || expression.type !== 'string') return undefined;
  const allowed = allowedValues(definition);
  if (allowed === undefined || definition.type !== 'string') return undefined;
  try {
    const value = expression.evaluate({ user: {}, internal: { id: '', status: '' }, now: new Date(0) });
    if (value === '' || allowed.some((each) => jsonEqual(each, value))) return undefined;
    return `is always ${JSON.stringify(value)}, which is not one of ${allowed.map(String).join(', ')}`;
  } catch {
    return undefined;
  }
}

/** A kind of value that can never be brought into the target's. Texts may: "42" is a number, "a,b" a list. */
function typeProblem(
  { type }: AttributeDefinition,
  { type: given, source: text }: CompiledExpression,
  source: AttributeDefinitions,
): string | undefined {
  const [, attribute = ''] = /^\s*(?:user|source|appuser)\.(\w+)\s*$/.exec(text) ?? [];
  const kind = Object.hasOwn(source, attribute) ? kinds[source[attribute]?.type ?? 'string'] : given;
  if (kind === undefined || kind === 'any' || kind === 'null' || takes[type].includes(kind)) return undefined;
  return `gives ${words[kind]}, and the attribute takes ${words[kinds[type]]}`;
}

const kinds = {
  string: 'string',
  number: 'number',
  integer: 'number',
  boolean: 'boolean',
  array: 'array',
  object: 'object',
} as const;
type Kind = (typeof kinds)[keyof typeof kinds];

const takes: { readonly [type in AttributeDefinition['type']]: readonly Kind[] } = {
  string: ['string', 'number', 'boolean'],
  number: ['number', 'string'],
  integer: ['number', 'string'],
  boolean: ['boolean', 'string'],
  array: ['array', 'string'],
  object: ['object', 'string', 'array', 'number', 'boolean'],
};

const words: { readonly [kind in Kind]: string } = {
  string: 'a text',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
};
