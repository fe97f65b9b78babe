import { closestName } from '../suggest.ts';
import { arrayFunctions } from './arrays.ts';
import { convertFunctions } from './convert.ts';
import type { FunctionDefinition, FunctionTable } from './definition.ts';
import { groupFunctions, userGroupMethods } from './groups.ts';
import { iso3166Functions } from './iso3166.ts';
import { peopleFunctions, userMethods } from './people.ts';
import { stringFunctions } from './string.ts';
import { timeFunctions } from './time.ts';

/** Every function by the name it is called with; methods of `user` are listed as `user.name`. */
export const functionTable: FunctionTable = {
  ...stringFunctions,
  ...arrayFunctions,
  ...convertFunctions,
  ...iso3166Functions,
  ...timeFunctions,
  ...groupFunctions,
  ...userGroupMethods,
  ...peopleFunctions,
  ...userMethods,
};

/** What stands before the dot of a function's name: `String`, `Arrays`, …, `user`. */
export const namespaces: ReadonlySet<string> = new Set(
  Object.keys(functionTable).flatMap((name) => (name.includes('.') ? name.split('.').slice(0, 1) : [])),
);

export function functionNamed(name: string): FunctionDefinition | undefined {
  return Object.hasOwn(functionTable, name) ? functionTable[name] : undefined;
}

/** The function a misspelt name probably means, be it only the namespace that is missing. */
export function closestFunction(name: string): string | undefined {
  const names = Object.keys(functionTable);
  const wanted = name.toLowerCase();
  const bare = wanted.slice(wanted.lastIndexOf('.') + 1);
  return (
    names.find((candidate) => candidate.toLowerCase() === wanted) ??
    closestName(name, names) ??
    names.find((candidate) => candidate.toLowerCase().endsWith(`.${bare}`))
  );
}
