import type { PushStatus } from '../domain/mapping.ts';
import type { Profile } from '../domain/profile.ts';
import { compileExpression, type CompiledExpression } from '../expression/compile.ts';
import type { ExpressionScope } from '../expression/scope.ts';
import { compileUserNameTemplate } from '../expression/user-name-template.ts';
import { asUsherError, UsherError } from '../lib/errors.ts';
import type { AppId, UserId } from '../lib/ids.ts';
import { isJsonObject, type Json } from '../lib/json.ts';
import { findAppMapping } from '../store/app-mappings.ts';
import type { Queryable } from '../store/database.ts';
import { loadGroupsOf, loadProfilesByReference } from '../store/people.ts';
import { findUser } from '../store/users.ts';
import { requireApp } from './app-change.ts';
import type { Context } from './context.ts';

/** Somebody in the directory, or a profile made up for the purpose. */
export type PreviewSubject = { readonly userId: UserId } | { readonly profile: Profile };

/** What an expression gives for one person, or why it gives nothing. */
export type PreviewResult = { readonly value: Json } | { readonly error: string };

export type PreviewedAttribute = PreviewResult & {
  readonly attribute: string;
  readonly expression: string;
  readonly pushStatus: PushStatus;
};

export interface MappingPreview {
  readonly userName: PreviewResult;
  readonly attributes: readonly PreviewedAttribute[];
}

/**
 * What the app's mappings and user name template give for one person. A faulty expression is a result, not an error.
 *
 * @throws {UsherError} `not_found` (app or person)
 */
export async function previewMappings(
  context: Context,
  appId: AppId,
  subject: PreviewSubject,
): Promise<MappingPreview> {
  const app = await requireApp(context.db, appId);
  const mapping = await findAppMapping(context.db, appId, 'TO_APP');
  const variables = app.settings['app'];
  const scope: ExpressionScope = {
    ...(await personScope(context.db, subject)),
    app: isJsonObject(variables) ? variables : {},
    now: context.clock.now(),
  };
  const { template, suffix = '' } = app.userNameTemplate;
  const name = result(() => compileUserNameTemplate(template), scope);
  return {
    userName: 'value' in name && typeof name.value === 'string' ? { value: name.value + suffix } : name,
    attributes: Object.entries(mapping?.properties ?? {}).map(([attribute, { expression, pushStatus }]) => ({
      attribute,
      expression,
      pushStatus,
      ...result(() => compileExpression(expression, 'mapping'), scope),
    })),
  };
}

async function personScope(
  db: Queryable,
  subject: PreviewSubject,
): Promise<Pick<ExpressionScope, 'user' | 'source' | 'internal' | 'groups' | 'manager' | 'linked'>> {
  if ('profile' in subject) {
    return { user: subject.profile, source: subject.profile, internal: { id: '', status: 'STAGED' } };
  }
  const user = await findUser(db, subject.userId);
  if (user === undefined) throw new UsherError('not_found', `There is no user with the id ${subject.userId}.`);
  const groups = await loadGroupsOf(db, [user.id]);
  const { managerId } = user.profile;
  const managers =
    typeof managerId === 'string' ? await loadProfilesByReference(db, [managerId]) : new Map<string, Profile>();
  const manager: Profile | undefined = [...managers.values()][0];
  return {
    user: user.profile,
    source: user.profile,
    internal: { id: user.id, status: user.status },
    groups: groups.get(user.id) ?? [],
    ...(manager === undefined ? {} : { manager, linked: { manager } }),
  };
}

function result(compile: () => CompiledExpression, scope: ExpressionScope): PreviewResult {
  try {
    return { value: compile().evaluate(scope) };
  } catch (error) {
    return { error: asUsherError(error).message };
  }
}
