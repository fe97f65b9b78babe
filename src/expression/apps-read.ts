import { compileExpression } from './compile.ts';
import { isFixedRoot } from './references.ts';
import type { ExpressionDependencies } from './scope.ts';

/** An attribute of a person's profile in another app; of functions that ask for a whole profile, no attribute. */
export interface AppReference {
  readonly appName: string;
  readonly attribute: string | undefined;
}

/** What an expression reads of the person's profiles in other apps, in source order. */
export function appReferences({ references }: ExpressionDependencies): AppReference[] {
  return references.flatMap((reference) => {
    const [appName = '', attribute] = reference.split('.');
    return appName === 'internal' || isFixedRoot(appName) ? [] : [{ appName, attribute }];
  });
}

/** The same of an expression in source; what does not compile reads nothing. */
export function appReferencesIn(expression: string): AppReference[] {
  try {
    return appReferences(compileExpression(expression, 'mapping').dependencies);
  } catch {
    return [];
  }
}
