import type { AttributeMapping, MappingDirection } from '../domain/mapping.ts';
import type { Profile } from '../domain/profile.ts';
import type { ExpressionScope } from '../expression/scope.ts';
import { asUsherError, UsherError } from '../lib/errors.ts';
import type { AppId, UserId } from '../lib/ids.ts';
import type { Json } from '../lib/json.ts';
import { compileMappings, setUpApp, type AppSetup, type CompiledMapping } from '../provisioning/app-setup.ts';
import { loadContexts } from '../provisioning/load-contexts.ts';
import { expressionScope, mappedValue, userNameFor } from '../provisioning/mapped-values.ts';
import { loadAppConfig, type AppConfig } from '../store/app-config.ts';
import { findAppMapping } from '../store/app-mappings.ts';
import { findAppUser, listAppUsers } from '../store/app-users.ts';
import type { Queryable } from '../store/database.ts';
import type { Person } from '../store/people.ts';
import { findAllUserAttributes } from '../store/user-schema.ts';
import { findUser } from '../store/users.ts';
import { mergeMappings, type MappingChanges } from './app-mappings.ts';
import { authorize } from './authorize.ts';
import type { Context } from './context.ts';
import { readsOf } from './explain/values.ts';
import { attributesRead } from './profile-reads.ts';

/** Somebody in the directory, or a profile made up for the purpose. */
export type PreviewSubject = { readonly userId: UserId } | { readonly profile: Profile };

export interface PreviewOptions {
  /** TO_APP when left out. Towards the directory it is the person's account that values come from. */
  readonly direction?: MappingDirection;
  /** Mappings that are not saved, in place of those that are. */
  readonly changes?: MappingChanges;
  /** A user name template that is not saved, in place of the one that is. */
  readonly userNameTemplate?: string;
}

/** What an expression gives for one person, or why it gives nothing. `left`: what the app has stays. */
export type PreviewResult = { readonly value: Json } | { readonly error: string } | { readonly left: true };

export type PreviewedAttribute = PreviewResult & {
  readonly attribute: string;
  /** What the expression looks at, with the values it found. */
  readonly reads: Readonly<Record<string, Json>>;
} & AttributeMapping;

export interface MappingPreview {
  readonly userName: PreviewResult;
  readonly attributes: readonly PreviewedAttribute[];
}

/**
 * What the app's mappings and user name template give for one person, somebody who has the app unless one is named. A
 * faulty expression is a result, not an error.
 *
 * @throws {UsherError} `not_found` (app or person, or nobody has the app and nobody is named)
 */
export async function previewMappings(
  context: Context,
  appId: AppId,
  named: PreviewSubject | undefined,
  { direction = 'TO_APP', changes = {}, userNameTemplate }: PreviewOptions = {},
): Promise<MappingPreview & { readonly userId: UserId | null }> {
  await authorize(context, context.db, 'mappings.manage', { apps: [appId] });
  const config = await loadAppConfig(context.db, appId);
  if (config === undefined) throw new UsherError('not_found', `There is no app with the id ${appId}.`);
  const subject = named ?? { userId: await sampleOf(context.db, config) };
  if ('userId' in subject) await authorize(context, context.db, 'users.read', { users: [subject.userId] });
  const userId = 'userId' in subject ? subject.userId : null;
  if (direction === 'TO_DIRECTORY') {
    const attributes = await previewImport(context, appId, await loadSubject(context.db, subject), changes);
    return { userId, userName: { left: true }, attributes };
  }
  const template = userNameTemplate ?? config.userNameTemplate.template;
  const setup = setUpApp({
    ...config,
    mappings: mergeMappings(config.mappings, changes),
    userNameTemplate: { ...config.userNameTemplate, template },
  });
  // What is not saved reads no app that the caller may not see.
  const [seen, { readsApps }] = [await attributesRead(context, context.db, changes), setUpApp(config)];
  const readable = setup.readsApps.filter((name) => seen.has(name) || readsApps.includes(name));
  return { userId, ...(await previewSetup(context, { ...setup, readsApps: readable }, subject)) };
}

/** Somebody with an account where there is one. */
async function sampleOf(db: Queryable, { appId, label }: AppConfig): Promise<UserId> {
  const [person] = await listAppUsers(db, appId, { limit: 1 });
  if (person !== undefined) return person.userId;
  throw new UsherError('not_found', `Nobody has ${label} yet. Name somebody to see what the mappings give for them.`);
}

/** What an import of the person's account would give their profile. */
async function previewImport(
  { db, clock }: Pick<Context, 'db' | 'clock'>,
  appId: AppId,
  { person }: Subject,
  changes: MappingChanges,
): Promise<PreviewedAttribute[]> {
  const account = await findAppUser(db, appId, person.userId);
  const saved = await findAppMapping(db, appId, 'TO_DIRECTORY');
  const mappings = mergeMappings(saved?.properties ?? {}, changes);
  const profile = {
    ...account?.recordedProfile,
    ...(account?.userName == null ? {} : { userName: account.userName }),
  };
  const { userId: id, status } = person;
  const scope = { user: person.profile, appuser: profile, source: profile, internal: { id, status }, now: clock.now() };
  return compileMappings(mappings, await findAllUserAttributes(db)).map((mapping) =>
    previewed(mapping, mappings[mapping.attribute], scope),
  );
}

/** The same for a setup that need not be any app's. The caller has asked whether it may. */
export async function previewSetup(
  context: Pick<Context, 'db' | 'clock'>,
  setup: AppSetup,
  subject: PreviewSubject,
): Promise<MappingPreview> {
  const { person } = await loadSubject(context.db, subject);
  const now = context.clock.now();
  const contexts = person.userId === '' ? undefined : await loadContexts(context.db, setup, [person], now);
  const scope = expressionScope(setup, person, contexts?.get(person.userId) ?? { now, groups: [] });
  return {
    userName: result(() => userNameFor(setup, scope, undefined)),
    attributes: setup.compiled.map((mapping) => previewed(mapping, setup.mappings[mapping.attribute], scope)),
  };
}

function previewed(
  mapping: CompiledMapping,
  declared: AttributeMapping = { expression: '', pushStatus: 'PUSH' },
  scope: ExpressionScope,
): PreviewedAttribute {
  const value = result(() => mappedValue(mapping, scope));
  return { attribute: mapping.attribute, ...declared, reads: readsOf(mapping.expression, scope), ...value };
}

interface Subject {
  readonly person: Pick<Person, 'userId' | 'status' | 'profile'>;
}

async function loadSubject(db: Queryable, subject: PreviewSubject): Promise<Subject> {
  if ('profile' in subject) {
    return {
      person: { userId: '' as UserId, status: 'STAGED', profile: subject.profile },
    };
  }
  const user = await findUser(db, subject.userId);
  if (user === undefined) throw new UsherError('not_found', `There is no user with the id ${subject.userId}.`);
  return { person: { userId: user.id, status: user.status, profile: user.profile } };
}

function result(evaluate: () => Json | undefined): PreviewResult {
  try {
    const value = evaluate();
    return value === undefined ? { left: true } : { value };
  } catch (error) {
    return { error: asUsherError(error).message };
  }
}
