import { UsherError } from '../../lib/errors.ts';
import { linearRegex } from '../../lib/linear-regex.ts';
import { literalText, type MapNode, type Node } from '../ast.ts';
import type { DependencyCollector } from '../dependency-collector.ts';
import { fail, find, integerOf, matchesPattern, spend, textOf, type Evaluation } from '../evaluation.ts';
import type { ExpressionGroup } from '../scope.ts';
import { describe, isArray, isObject, type ExpressionObject, type ExpressionValue } from '../values.ts';
import { argument, type FunctionDefinition, type FunctionTable } from './definition.ts';

type NameTest = (name: string, pattern: string, evaluation: Evaluation) => boolean;

const startsWith: NameTest = (name, prefix) => name.startsWith(prefix);
const endsWith: NameTest = (name, suffix) => name.endsWith(suffix);
const contains: NameTest = (name, part, evaluation) => find(evaluation, name, part, 0) !== -1;

export const groupFunctions: FunctionTable = {
  isMemberOfGroup: {
    ...{ signature: '(groupId)', least: 1, most: 1, inConditions: true, returns: 'boolean' },
    dependsOn: (args, collector) => dependOnIds(args, collector),
    run: (args, evaluation) => isInAny(args, evaluation),
  },
  isMemberOfAnyGroup: {
    ...{ signature: '(groupId, …)', least: 1, most: Infinity, inConditions: true, returns: 'boolean' },
    dependsOn: (args, collector) => dependOnIds(args, collector),
    run: (args, evaluation) => isInAny(args, evaluation),
  },
  isMemberOfGroupName: {
    ...memberByName('(name)', (name, wanted) => name === wanted),
    dependsOn: ([name], collector) => {
      collector.groups = true;
      addLiterals(name, collector.groupNames);
    },
  },
  isMemberOfGroupNameStartsWith: memberByName('(prefix)', startsWith),
  isMemberOfGroupNameContains: memberByName('(part)', contains),
  isMemberOfGroupNameRegex: {
    ...memberByName('(pattern)', (name, pattern, evaluation) => matchesPattern(evaluation, name, groupRegex(pattern))),
    checkLiteral: (value) => (typeof value === 'string' ? regexProblem(groupRegex(value)) : undefined),
  },
  getFilteredGroups: {
    ...{ signature: '({groupId, …}, "group.name", limit)', least: 3, most: 3, inConditions: false, returns: 'array' },
    checkLiteral: (value, index) =>
      index !== 1 || (typeof value === 'string' && groupReaders.has(value))
        ? undefined
        : `expected ${[...groupReaders.keys()].join(', ')} as text in the second place`,
    dependsOn: (args, collector) => dependOnIds(args.slice(0, 1), collector),
    run: (args, evaluation) => filteredGroups(args, evaluation),
  },
  'Groups.contains': namesFromSource(contains),
  'Groups.endsWith': namesFromSource(endsWith),
  'Groups.startsWith': namesFromSource(startsWith),
};

export const userGroupMethods: FunctionTable = {
  'user.getGroups': {
    ...{ signature: '({criterion: value}, …)', least: 1, most: 20, inConditions: true, returns: 'array' },
    dependsOn: (args, collector) => dependOnCriteria(args, collector),
    run: (args, evaluation) => groupsMeeting(args, evaluation).map(groupValue),
  },
  'user.isMemberOf': {
    ...{ signature: '({criterion: value}, …)', least: 1, most: 20, inConditions: true, returns: 'boolean' },
    dependsOn: (args, collector) => dependOnCriteria(args, collector),
    run: (args, evaluation) => groupsMeeting(args, evaluation).length > 0,
  },
};

const groupReaders: ReadonlyMap<string, (group: ExpressionGroup) => string> = new Map([
  ['group.name', (group: ExpressionGroup) => group.name],
  ['group.id', (group: ExpressionGroup) => group.id],
  ['group.type', (group: ExpressionGroup) => group.type],
]);

function memberByName(signature: string, test: NameTest): FunctionDefinition {
  return {
    ...{ signature, least: 1, most: 1, inConditions: true, returns: 'boolean' },
    dependsOn: (_args, collector) => {
      collector.groups = true;
    },
    run: (args, evaluation) => {
      const pattern = textOf(evaluation, argument(args, 0));
      return pattern !== null && groupsOf(evaluation).some((group) => test(group.name, pattern, evaluation));
    },
  };
}

/** Names of the groups from one source: `OKTA` for our own, else the name or id of an app instance or an app's type. */
function namesFromSource(test: NameTest): FunctionDefinition {
  return {
    ...{ signature: '(appTypeOrId, pattern, limit)', least: 3, most: 3, inConditions: false, returns: 'array' },
    dependsOn: (_args, collector) => {
      collector.groups = true;
    },
    run: (args, evaluation) => {
      const source = textOf(evaluation, argument(args, 0)) ?? '';
      const pattern = textOf(evaluation, argument(args, 1)) ?? '';
      return groupsOf(evaluation)
        .filter((group) => isFrom(group, source) && test(group.name, pattern, evaluation))
        .slice(0, limitOf(evaluation, argument(args, 2)))
        .map((group) => group.name);
    },
  };
}

function filteredGroups(args: readonly ExpressionValue[], evaluation: Evaluation): ExpressionValue {
  const ids = textsOf(evaluation, argument(args, 0));
  const attribute = argument(args, 1);
  const read = typeof attribute === 'string' ? groupReaders.get(attribute) : undefined;
  if (read === undefined) return fail(evaluation, `expected ${[...groupReaders.keys()].join(', ')} as what to return`);
  return groupsOf(evaluation)
    .filter((group) => ids.includes(group.id))
    .slice(0, limitOf(evaluation, argument(args, 2)))
    .map(read);
}

function isInAny(args: readonly ExpressionValue[], evaluation: Evaluation): boolean {
  const groups = groupsOf(evaluation);
  return args.some((arg) => textsOf(evaluation, arg).some((id) => groups.some((group) => group.id === id)));
}

/** Criteria are ANDed, the values of one criterion ORed. */
function groupsMeeting(args: readonly ExpressionValue[], evaluation: Evaluation): readonly ExpressionGroup[] {
  const tests = args.flatMap((arg) =>
    isObject(arg)
      ? criterionTests(arg, evaluation)
      : fail(evaluation, `expected a criterion such as {'group.type': {'OKTA_GROUP'}}, found ${describe(arg)}`),
  );
  return groupsOf(evaluation).filter((group) => tests.every((test) => test(group)));
}

function criterionTests(criterion: ExpressionObject, evaluation: Evaluation): ((group: ExpressionGroup) => boolean)[] {
  const { operator, ...conditions } = criterion;
  return Object.entries(conditions).map(([key, value]) => {
    const wanted = textsOf(evaluation, value);
    if (key === 'group.id') return (group) => wanted.includes(group.id);
    if (key === 'group.type') return (group) => wanted.includes(group.type);
    if (key === 'group.source.id') return (group) => group.source !== undefined && wanted.includes(group.source.id);
    if (key !== 'group.profile.name') return fail(evaluation, unknownCriterion(key));
    if (operator === 'EXACT') return (group) => wanted.includes(group.name);
    if (operator === undefined || operator === 'STARTS_WITH') {
      return (group) => wanted.some((prefix) => group.name.startsWith(prefix));
    }
    return fail(evaluation, 'expected EXACT or STARTS_WITH as the operator of group.profile.name');
  });
}

function unknownCriterion(key: string): string {
  const shown = key.length > 40 ? `${key.slice(0, 40)}…` : key;
  return `there is no criterion "${shown}"; use group.id, group.type, group.profile.name or group.source.id`;
}

/** The group as `.![name]` and its like see it. */
function groupValue(group: ExpressionGroup): ExpressionObject {
  return { id: group.id, name: group.name, type: group.type, profile: { name: group.name } };
}

function groupsOf(evaluation: Evaluation): readonly ExpressionGroup[] {
  const groups = evaluation.scope.groups ?? [];
  spend(evaluation, groups.length >> 6);
  return groups;
}

function isFrom(group: ExpressionGroup, source: string): boolean {
  if (group.source === undefined) return source.toUpperCase() === 'OKTA' && group.type !== 'APP_GROUP';
  const { id, name } = group.source;
  return id === source || name === source || name.startsWith(`${source}_`);
}

function limitOf(evaluation: Evaluation, value: ExpressionValue): number {
  const limit = integerOf(evaluation, value);
  return limit !== null && limit >= 0 ? limit : fail(evaluation, 'expected a limit of 0 or more');
}

/** The texts to look for among the groups; pays for comparing each with each. */
function textsOf(evaluation: Evaluation, value: ExpressionValue): readonly string[] {
  const items = isArray(value) ? value : [value];
  spend(evaluation, items.length + Math.floor((items.length * (evaluation.scope.groups?.length ?? 0)) / 1_024));
  return items.map((item) => textOf(evaluation, item)).filter((text) => text !== null);
}

/** Okta's own example opens with a slash that no name has, so a leading one may be missing from the name. */
function groupRegex(pattern: string): string {
  return pattern.startsWith('/') ? `/?(?:${pattern.slice(1)})` : pattern;
}

function regexProblem(pattern: string): string | undefined {
  try {
    linearRegex(pattern);
    return undefined;
  } catch (error) {
    return error instanceof UsherError ? error.message : 'the regular expression cannot be used';
  }
}

function dependOnIds(args: readonly Node[], collector: DependencyCollector): void {
  collector.groups = true;
  for (const arg of args) addLiterals(arg, collector.groupIds);
}

function dependOnCriteria(args: readonly Node[], collector: DependencyCollector): void {
  collector.groups = true;
  for (const arg of args) {
    if (arg.kind !== 'map') continue;
    for (const { key, value } of arg.entries) {
      if (key === 'group.id') addLiterals(value, collector.groupIds);
      if (key === 'group.profile.name' && isExact(arg)) addLiterals(value, collector.groupNames);
    }
  }
}

function isExact({ entries }: MapNode): boolean {
  return entries.some(({ key, value }) => key === 'operator' && literalText(value) === 'EXACT');
}

function addLiterals(node: Node | undefined, into: Set<string>): void {
  for (const each of node?.kind === 'list' ? node.items : [node]) {
    const text = literalText(each);
    if (text !== undefined) into.add(text);
  }
}
