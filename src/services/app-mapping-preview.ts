import type { GroupRef } from '../domain/group.ts';
import type { AttributeMapping } from '../domain/mapping.ts';
import type { Profile } from '../domain/profile.ts';
import { asUsherError, UsherError } from '../lib/errors.ts';
import type { AppId, UserId } from '../lib/ids.ts';
import type { Json } from '../lib/json.ts';
import { setUpApp, type AppSetup } from '../provisioning/app-setup.ts';
import { expressionScope, mappedValue, userNameFor } from '../provisioning/mapped-values.ts';
import { loadAppConfig } from '../store/app-config.ts';
import type { Queryable } from '../store/database.ts';
import { loadGroupsOf, loadProfilesByReference, type Person } from '../store/people.ts';
import { findUser } from '../store/users.ts';
import { authorize } from './authorize.ts';
import type { Context } from './context.ts';

/** Somebody in the directory, or a profile made up for the purpose. */
export type PreviewSubject = { readonly userId: UserId } | { readonly profile: Profile };

/** What an expression gives for one person, or why it gives nothing. `left`: what the app has stays. */
export type PreviewResult = { readonly value: Json } | { readonly error: string } | { readonly left: true };

export type PreviewedAttribute = PreviewResult & {
  readonly attribute: string;
} & AttributeMapping;

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
  await authorize(context, context.db, 'mappings.manage', { apps: [appId] });
  if ('userId' in subject) await authorize(context, context.db, 'users.read', { users: [subject.userId] });
  const config = await loadAppConfig(context.db, appId);
  if (config === undefined) throw new UsherError('not_found', `There is no app with the id ${appId}.`);
  return previewSetup(context, setUpApp(config), subject);
}

/** The same for a setup that need not be any app's. The caller has asked whether it may. */
export async function previewSetup(
  context: Pick<Context, 'db' | 'clock'>,
  setup: AppSetup,
  subject: PreviewSubject,
): Promise<MappingPreview> {
  const { person, groups, manager } = await loadSubject(context.db, subject);
  const scope = expressionScope(setup, person, {
    groups,
    ...(manager === undefined ? {} : { manager }),
    now: context.clock.now(),
  });
  return {
    userName: result(() => userNameFor(setup, scope, undefined)),
    attributes: setup.compiled.flatMap((mapping) => {
      const { attribute } = mapping;
      const declared = setup.mappings[attribute];
      return declared === undefined ? [] : [{ attribute, ...declared, ...result(() => mappedValue(mapping, scope)) }];
    }),
  };
}

interface Subject {
  readonly person: Pick<Person, 'userId' | 'status' | 'profile'>;
  readonly groups: readonly GroupRef[];
  readonly manager: Profile | undefined;
}

async function loadSubject(db: Queryable, subject: PreviewSubject): Promise<Subject> {
  if ('profile' in subject) {
    return {
      person: { userId: '' as UserId, status: 'STAGED', profile: subject.profile },
      groups: [],
      manager: undefined,
    };
  }
  const user = await findUser(db, subject.userId);
  if (user === undefined) throw new UsherError('not_found', `There is no user with the id ${subject.userId}.`);
  const groups = await loadGroupsOf(db, [user.id]);
  const { managerId } = user.profile;
  const managers = typeof managerId === 'string' ? await loadProfilesByReference(db, [managerId]) : undefined;
  return {
    person: { userId: user.id, status: user.status, profile: user.profile },
    groups: groups.get(user.id) ?? [],
    manager: managers === undefined ? undefined : [...managers.values()][0],
  };
}

function result(evaluate: () => Json | undefined): PreviewResult {
  try {
    const value = evaluate();
    return value === undefined ? { left: true } : { value };
  } catch (error) {
    return { error: asUsherError(error).message };
  }
}
