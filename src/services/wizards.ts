import type { ProbeReport } from '../connectors/contract.ts';
import type { SignOnMode, UserNameTemplate } from '../domain/app.ts';
import type { Mappings } from '../domain/mapping.ts';
import type { AttributeDefinitions } from '../domain/profile-schema.ts';
import { nextStep, withStep, wizardSteps, type WizardDraft, type WizardStep } from '../domain/wizard.ts';
import { UsherError } from '../lib/errors.ts';
import { newId, type AppId, type WizardId } from '../lib/ids.ts';
import { isJsonObject, type JsonObject } from '../lib/json.ts';
import { assertSettings, joinSecrets, splitSecrets } from '../provisioning/connection-settings.ts';
import { findAppSchema } from '../store/app-schemas.ts';
import { findConnection } from '../store/app-connections.ts';
import type { Queryable, Tx } from '../store/database.ts';
import { findAllUserAttributes } from '../store/user-schema.ts';
import * as store from '../store/wizards.ts';
import { allAttributes } from '../domain/profile-schema.ts';
import { requireApp } from './app-change.ts';
import { assertMappings } from './mapping-checks.ts';
import { assertLabel, assertUserNameTemplate } from './app-settings.ts';
import { attributesProblem } from './app-schemas.ts';
import { authorize, visibleApps } from './authorize.ts';
import type { AppContext } from './context.ts';
import { attributesRead } from './profile-reads.ts';
import { probeConnector, probeServer } from './probes.ts';
import { propose } from './wizard-proposals.ts';

export interface NewWizard {
  /** What the app is to be called; of an existing app its own label when left out. */
  readonly label?: string;
  /** An existing app of any sign-on mode, which provisioning is added to. */
  readonly appId?: AppId;
  /** Of the app to be made; BOOKMARK when left out. */
  readonly signOnMode?: SignOnMode;
}

/** A wizard as it may be shown: without the credential. */
export interface WizardView extends store.StoredWizard {
  readonly next: WizardStep | 'turn on' | null;
  readonly hasCredential: boolean;
  readonly report: ProbeReport | null;
}

/** Begins to give an app provisioning. Nothing but this draft is made until it is turned on. */
export async function startWizard(context: AppContext, input: NewWizard): Promise<WizardView> {
  const app = input.appId === undefined ? undefined : await requireApp(context.db, input.appId);
  await authorize(context, context.db, 'apps.manage', app === undefined ? { integration: null } : { apps: [app.id] });
  if (app !== undefined && (await findConnection(context.db, app.id))?.status === 'ENABLED') {
    throw new UsherError('conflict', `${app.label} is provisioned already. Change its connection and mappings there.`);
  }
  if (app !== undefined && input.signOnMode !== undefined) throw invalid('signOnMode', 'is the existing app’s own');
  const label = (input.label ?? app?.label ?? '').trim();
  assertLabel(label);
  const id = newId('wizard');
  const draft = { done: [], ...(input.signOnMode === undefined ? {} : { signOnMode: input.signOnMode }) };
  await context.db.transaction((tx) =>
    store.insertWizard(tx, { id, label, appId: app?.id ?? null, draft, startedBy: context.actor }),
  );
  return getWizard(context, id);
}

/** @throws {UsherError} `not_found` */
export async function getWizard(context: AppContext, id: WizardId): Promise<WizardView> {
  const wizard = await requireWizard(context, context.db, id);
  const [secret, report] = [await store.findWizardSecret(context.db, id), await store.findWizardReport(context.db, id)];
  const next = wizard.status === 'DONE' ? null : (nextStep(wizard.draft) ?? 'turn on');
  return { ...wizard, next, hasCredential: secret !== null, report };
}

export async function listWizards(context: AppContext, page: store.WizardPage): Promise<store.StoredWizard[]> {
  return store.listWizards(context.db, { ...page, within: visibleApps(context), actorId: context.actor.id });
}

/** Forgets a draft with its credential. An app that was made of it stays. */
export async function discardWizard(context: AppContext, id: WizardId): Promise<void> {
  await context.db.transaction(async (tx) => {
    await openWizard(context, tx, id);
    await store.deleteWizard(tx, id);
  });
}

/** Keeps address and credential. Nothing is sent yet. */
export async function setWizardConnection(
  context: AppContext,
  id: WizardId,
  settings: JsonObject,
): Promise<WizardView> {
  const connector = probeConnector(context);
  assertSettings(connector, settings);
  const { plain, secrets } = splitSecrets(connector, settings);
  return change(context, id, undefined, async (draft, _wizard, tx) => ({
    draft: withStep(draft, 'connection', { connection: plain }),
    sealed: (await context.secrets.sealer(tx)).seal(JSON.stringify(secrets), sealPlace(id)),
    report: null,
  }));
}

/**
 * Probes the server and proposes everything that follows. Reads only, unless a throw-away account is allowed.
 *
 * @throws {UsherError} `app_*` where accounts cannot be listed, with the first thing that is wrong. The step is then not
 *   taken; what was asked and answered is kept to be looked at, unless there is a report that steps rest on.
 */
export async function probeWizard(context: AppContext, id: WizardId, allowWrites: boolean): Promise<WizardView> {
  const wizard = await requireOpen(context, context.db, id, 'connection');
  const settings = await wizardSettings(context, wizard);
  const report = await probeServer(context, probeConnector(context), settings, allowWrites);
  if (!report.capabilities.listAccounts) {
    await change(context, id, 'connection', (draft) => ({
      draft,
      ...(draft.done.includes('probe') ? {} : { report }),
    }));
    throw unusable(report);
  }
  const app = wizard.appId === null ? undefined : await requireApp(context.db, wizard.appId);
  const schema = app === undefined ? undefined : await findAppSchema(context.db, app.id);
  const proposal = propose({
    report,
    entry: entryFor(context, settings),
    userAttributes: await findAllUserAttributes(context.db),
    existing: schema === undefined ? {} : allAttributes(schema),
  });
  const template = app === undefined ? {} : { userNameTemplate: app.userNameTemplate };
  return change(context, id, 'connection', (draft) => ({
    draft: withStep(draft, 'probe', { ...proposal, ...template }),
    report,
  }));
}

/** Which of these Usher does in the app. What is left out stays as proposed. */
export function setWizardCapabilities(
  context: AppContext,
  id: WizardId,
  chosen: Partial<NonNullable<WizardDraft['provisioning']>>,
): Promise<WizardView> {
  return change(context, id, 'probe', (draft) => ({
    draft: withStep(draft, 'capabilities', { provisioning: { ...everything, ...draft.provisioning, ...chosen } }),
  }));
}

const everything = { create: true, update: true, deactivate: true };

/** The attributes of accounts; null takes a proposed one away. What is left out stays as proposed. */
export function setWizardSchema(
  context: AppContext,
  id: WizardId,
  chosen: { readonly [attribute: string]: AttributeDefinitions[string] | null },
): Promise<WizardView> {
  return change(context, id, 'capabilities', (draft) => {
    const attributes = withoutNulls({ ...draft.attributes, ...chosen });
    const problem = attributesProblem(attributes);
    if (problem !== undefined) throw problem;
    const mappings = Object.entries(draft.mappings ?? {}).filter(([name]) => Object.hasOwn(attributes, name));
    return { draft: withStep(draft, 'schema', { attributes, mappings: Object.fromEntries(mappings) }) };
  });
}

export interface WizardMappings {
  /** Null takes a proposed one away. */
  readonly mappings?: { readonly [attribute: string]: Mappings[string] | null };
  readonly userNameTemplate?: UserNameTemplate;
}

/** Where values come from. What is left out stays as proposed. */
export async function setWizardMappings(
  context: AppContext,
  id: WizardId,
  chosen: WizardMappings,
): Promise<WizardView> {
  const source = await findAllUserAttributes(context.db);
  const before = (await requireWizard(context, context.db, id)).draft.mappings;
  const others = await attributesRead(context, context.db, { ...before, ...chosen.mappings });
  return change(context, id, 'schema', (draft) => {
    const mappings = withoutNulls({ ...draft.mappings, ...chosen.mappings });
    assertMappings({ target: draft.attributes ?? {}, source, others, direction: 'TO_APP' }, mappings);
    const userNameTemplate = chosen.userNameTemplate ?? draft.userNameTemplate;
    if (userNameTemplate !== undefined) assertUserNameTemplate(userNameTemplate);
    const reasons = Object.entries(draft.reasons ?? {}).filter(
      ([name]) => Object.hasOwn(mappings, name) && !Object.hasOwn(chosen.mappings ?? {}, name),
    );
    return {
      draft: withStep(draft, 'mappings', {
        mappings,
        reasons: Object.fromEntries(reasons),
        ...(userNameTemplate === undefined ? {} : { userNameTemplate }),
      }),
    };
  });
}

/** The wizard, if it is open and this step has been taken. @throws {UsherError} `conflict` naming the step. */
export async function requireOpen(
  context: AppContext,
  db: Queryable,
  id: WizardId,
  step: WizardStep | undefined,
): Promise<store.StoredWizard> {
  const wizard = await requireWizard(context, db, id);
  if (wizard.status === 'DONE') throw new UsherError('conflict', `${wizard.label} has been turned on already.`);
  const until = step === undefined ? 0 : wizardSteps.indexOf(step) + 1;
  const skipped = wizardSteps.slice(0, until).find((each) => !wizard.draft.done.includes(each));
  if (skipped === undefined) return wizard;
  throw new UsherError('invalid_input', `The step "${skipped}" of ${wizard.label} has to be taken first.`, {
    causes: [{ field: skipped, reason: 'has to be taken first' }],
  });
}

/** The same, kept from changing until the transaction ends. */
export async function openWizard(
  context: AppContext,
  tx: Tx,
  id: WizardId,
  step?: WizardStep,
): Promise<store.StoredWizard> {
  await store.lockWizard(tx, id);
  const wizard = await requireOpen(context, tx, id, step);
  const objects = wizard.appId === null ? { integration: null } : { apps: [wizard.appId] };
  await authorize(context, tx, 'apps.manage', objects);
  return wizard;
}

/** The connector's settings with the credential, in clear: for the connector and for nothing else. */
export async function wizardSettings(context: AppContext, { id, draft }: store.StoredWizard): Promise<JsonObject> {
  const sealed = await store.findWizardSecret(context.db, id);
  const opened: unknown =
    sealed === null ? {} : JSON.parse(await context.secrets.open(context.db, sealed, sealPlace(id)));
  return joinSecrets({ plain: draft.connection ?? {}, secrets: isJsonObject(opened) ? opened : {} });
}

/** The catalog's entry for apps that sign Usher in this way. */
export function entryFor(context: Pick<AppContext, 'catalog'>, { auth }: JsonObject) {
  const scheme = isJsonObject(auth) ? auth['scheme'] : undefined;
  const entry = context.catalog
    .all()
    .find(({ key, authModes }) => key.startsWith('scim2') && authModes.some((mode) => mode === scheme));
  if (entry !== undefined) return entry;
  throw invalid('settings.auth.scheme', 'is not one the catalog has an entry for');
}

/** Changes a draft that is open and whose step has been taken. */
export async function change(
  context: AppContext,
  id: WizardId,
  step: WizardStep | undefined,
  decide: (
    draft: WizardDraft,
    wizard: store.StoredWizard,
    tx: Tx,
  ) => store.WizardChanges | Promise<store.WizardChanges>,
): Promise<WizardView> {
  await context.db.transaction(async (tx) => {
    const wizard = await openWizard(context, tx, id, step);
    await store.updateWizard(tx, id, await decide(wizard.draft, wizard, tx));
  });
  return getWizard(context, id);
}

async function requireWizard(context: AppContext, db: Queryable, id: WizardId): Promise<store.StoredWizard> {
  const wizard = await store.findWizard(db, id, { within: visibleApps(context), actorId: context.actor.id });
  if (wizard !== undefined) return wizard;
  throw new UsherError('not_found', `There is no wizard with the id ${id}.`);
}

function sealPlace(id: WizardId): string {
  return `wizards/${id}`;
}

function unusable({ findings, verdict }: ProbeReport): UsherError {
  const broken = findings.filter(({ outcome, weight }) => outcome === 'fail' && weight === 'critical');
  const causes = broken.map(({ rule, seen, fix }) => ({ field: rule, reason: `${seen} ${fix}` }));
  return new UsherError('app_rejected', `The server’s accounts cannot be listed. ${causes[0]?.reason ?? verdict}`, {
    causes,
  });
}

function withoutNulls<Value>(values: { readonly [name: string]: Value | null }): { readonly [name: string]: Value } {
  return Object.fromEntries(Object.entries(values).flatMap(([name, value]) => (value === null ? [] : [[name, value]])));
}

function invalid(field: string, reason: string): UsherError {
  return new UsherError('invalid_input', `The wizard cannot go on: ${field} ${reason}.`, {
    causes: [{ field, reason }],
  });
}
