import { compileExpression } from '../expression/compile.ts';
import { compileUserNameTemplate } from '../expression/user-name-template.ts';
import { asUsherError } from '../lib/errors.ts';
import { directoryAttributes } from './directory-attributes.ts';
import type { CatalogEntry } from './entry.ts';

const requiredOfPeople = ['login', 'email', 'firstName', 'lastName'];

/** What is wrong with an entry's mappings and username template, each as `field: reason`. */
export function validateExpressions(entry: CatalogEntry): string[] {
  const appAttributes = new Set(Object.keys(entry.schema));
  const { toApp, toDirectory } = entry.mappings;
  return [
    ...expressionProblems('userNameTemplate', 'source', directoryAttributes, () =>
      templateReferences(entry.userNameTemplate),
    ),
    ...Object.entries(toApp).flatMap(([target, { expression }]) => {
      const field = `mappings.toApp.${target}`;
      return [
        ...(appAttributes.has(target) ? [] : [`${field}: the schema has no such attribute`]),
        ...(target === 'userName' ? [`${field}: the account's name comes from the username template`] : []),
        ...expressionProblems(field, 'user', directoryAttributes, () => mappingReferences(expression)),
      ];
    }),
    ...Object.entries(toDirectory).flatMap(([target, { expression }]) => {
      const field = `mappings.toDirectory.${target}`;
      return [
        ...(directoryAttributes.has(target) ? [] : [`${field}: the directory has no such attribute`]),
        ...expressionProblems(field, 'appuser', appAttributes, () => mappingReferences(expression)),
      ];
    }),
    ...(entry.capabilities.users.read ? requiredOfPeople : [])
      .filter((target) => toDirectory[target] === undefined)
      .map((target) => `mappings.toDirectory.${target}: is missing, and imported people need it`),
  ];
}

/** An expression may read only the known attributes of one root. */
function expressionProblems(
  field: string,
  root: string,
  known: ReadonlySet<string>,
  references: () => readonly string[],
): string[] {
  try {
    return references()
      .filter((reference) => !reference.startsWith(`${root}.`) || !known.has(reference.slice(root.length + 1)))
      .map((reference) => `${field}: there is no ${reference}`);
  } catch (error) {
    return [`${field}: ${asUsherError(error).message}`];
  }
}

/** Entries share most of their expressions, so each text is compiled once. */
const compiledReferences = new Map<string, readonly string[]>();

function mappingReferences(expression: string): readonly string[] {
  const known = compiledReferences.get(expression);
  if (known !== undefined) return known;
  const { references } = compileExpression(expression, 'mapping').dependencies;
  compiledReferences.set(expression, references);
  return references;
}

function templateReferences(template: string): readonly string[] {
  return compileUserNameTemplate(template).dependencies.references;
}
