import type { Profile } from '../../domain/profile.ts';
import { literalText } from '../ast.ts';
import { fail, textOf, type Evaluation } from '../evaluation.ts';
import { attributeOf, describe, type ExpressionValue } from '../values.ts';
import { argument, type FunctionDefinition, type FunctionTable } from './definition.ts';

type AppUsers = { readonly [appName: string]: Profile } | undefined;

export const peopleFunctions: FunctionTable = {
  getManagerUser: relatedUser('manager', (evaluation) => evaluation.scope.manager),
  getAssistantUser: relatedUser('assistant', (evaluation) => evaluation.scope.assistant),
  getManagerAppUser: relatedAppUser('manager', (evaluation) => evaluation.scope.managerAppUsers),
  getAssistantAppUser: relatedAppUser('assistant', (evaluation) => evaluation.scope.assistantAppUsers),
  hasDirectoryUser: hasAppUser('active_directory'),
  findDirectoryUser: findAppUser('active_directory'),
  hasWorkdayUser: hasAppUser('workday'),
  findWorkdayUser: findAppUser('workday'),
};

/** Methods of `user`, called as `user.name(…)`; `user.getGroups` and `user.isMemberOf` are with the group functions. */
export const userMethods: FunctionTable = {
  'user.getInternalProperty': {
    ...{ signature: '("id" or "status")', least: 1, most: 1, inConditions: true, returns: 'any' },
    checkLiteral: (value) =>
      value === 'id' || value === 'status' ? undefined : 'expected "id" or "status" as the property',
    dependsOn: ([property], { references }) => references.add(`internal.${literalText(property) ?? '*'}`),
    run: (args, evaluation) => internalProperty(evaluation, argument(args, 0)),
  },
  'user.getLinkedObject': {
    ...{ signature: '(relation)', least: 1, most: 1, inConditions: true, returns: 'any' },
    dependsOn: ([relation], { linked }) => linked.add(literalText(relation) ?? '*'),
    run: (args, evaluation) => {
      const relation = textOf(evaluation, argument(args, 0));
      return relation === null ? null : attributeOf(evaluation.scope.linked, relation);
    },
  },
};

function relatedUser(relation: string, read: (evaluation: Evaluation) => Profile | undefined): FunctionDefinition {
  return {
    ...{ signature: '(source)', least: 1, most: 1, inConditions: false, returns: 'any' },
    dependsOn: (_args, { linked }) => linked.add(relation),
    run: (_args, evaluation) => read(evaluation) ?? null,
  };
}

function relatedAppUser(relation: string, read: (evaluation: Evaluation) => AppUsers): FunctionDefinition {
  return {
    ...{ signature: '(source, attributeSource)', least: 2, most: 2, inConditions: false, returns: 'any' },
    dependsOn: (_args, { linked }) => linked.add(relation),
    run: (args, evaluation) => {
      const appName = textOf(evaluation, argument(args, 1));
      return appName === null ? null : attributeOf(read(evaluation), appName);
    },
  };
}

function hasAppUser(appType: string): FunctionDefinition {
  return {
    ...{ signature: '()', least: 0, most: 0, inConditions: false, returns: 'boolean' },
    dependsOn: (_args, { references }) => references.add(appType),
    run: (_args, evaluation) => appNames(evaluation, appType).length > 0,
  };
}

/** Null unless the person has exactly one app user of the type. */
function findAppUser(appType: string): FunctionDefinition {
  return {
    ...{ signature: '()', least: 0, most: 0, inConditions: false, returns: 'any', profileOf: appType },
    run: (_args, evaluation) => {
      const [only, another] = appNames(evaluation, appType);
      return only === undefined || another !== undefined ? null : attributeOf(evaluation.scope.appUsers, only);
    },
  };
}

/** Instances of an app have its name, from the second on followed by a suffix: `workday`, `workday_9ao1g13`. */
function appNames({ scope }: Evaluation, appType: string): readonly string[] {
  const names = Object.keys(scope.appUsers ?? {});
  return names.filter((name) => name === appType || name.startsWith(`${appType}_`));
}

function internalProperty(evaluation: Evaluation, property: ExpressionValue): ExpressionValue {
  const { id, status } = evaluation.scope.internal;
  if (property === 'id') return id;
  // Okta does not give out DEPROVISIONED.
  if (property === 'status') return status === 'DEPROVISIONED' ? null : status;
  return fail(evaluation, `expected "id" or "status" as the property, found ${describe(property)}`);
}
