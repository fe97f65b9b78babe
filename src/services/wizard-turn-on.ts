import { provisioningOff, type App } from '../domain/app.ts';
import { allAttributes, type AttributeDefinitions } from '../domain/profile-schema.ts';
import type { WizardAssignments } from '../domain/wizard.ts';
import { UsherError } from '../lib/errors.ts';
import type { WizardId } from '../lib/ids.ts';
import { splitSecrets } from '../provisioning/connection-settings.ts';
import { provisioningEntryOf, secretPlace } from '../provisioning/open-connection.ts';
import { mergeLearned, recordGoodTest, saveConnection } from '../store/app-connections.ts';
import { findAppMapping, updateMapping } from '../store/app-mappings.ts';
import { findAppSchema, updateAppSchema } from '../store/app-schemas.ts';
import { saveLogo } from '../store/app-logos.ts';
import { assignDirectly } from '../store/app-users.ts';
import { updateApp } from '../store/apps.ts';
import type { Tx } from '../store/database.ts';
import { findGroups } from '../store/groups.ts';
import { findAllUserAttributes } from '../store/user-schema.ts';
import { adoptListedAccounts } from '../store/wizard-accounts.ts';
import { findWizardLogo, findWizardReport, updateWizard, type StoredWizard } from '../store/wizards.ts';
import { beginAppChange, logAppEvent, lookAgain, requireApp } from './app-change.ts';
import { assignGroupIn } from './app-group-assignments.ts';
import { createAppIn } from './apps.ts';
import { authorize } from './authorize.ts';
import type { AppContext } from './context.ts';
import { assertMappings } from './mapping-checks.ts';
import { probeConnector } from './probes.ts';
import { assertNoCircle, attributesRead } from './profile-reads.ts';
import { placeOf } from './wizard-proposals.ts';
import { nobody } from './wizard-choices.ts';
import { entryFor, openWizard, requireOpen, wizardSettings } from './wizards.ts';

/**
 * Makes of the draft what it says, in one transaction: an app (or an existing app's provisioning) with its connection,
 * profile and mappings, and everything that was learned of the server. From here on Usher writes to it.
 *
 * @throws {UsherError} `invalid_input` naming a step that was skipped.
 */
export async function turnOnWizard(context: AppContext, id: WizardId): Promise<App> {
  const settings = await wizardSettings(context, await requireOpen(context, context.db, id, 'match'));
  const report = await findWizardReport(context.db, id);
  const connector = probeConnector(context);
  const { plain, secrets } = splitSecrets(connector, settings);
  return context.db.transaction(async (tx) => {
    const wizard = await openWizard(context, tx, id, 'match');
    const { draft } = wizard;
    const app =
      wizard.appId === null ? await makeApp(context, tx, wizard, settings) : await beginAppChange(tx, wizard.appId);
    const key = entryFor(context, settings).key;
    if (provisioningEntryOf(context, app)?.connector == null) await updateApp(tx, app.id, { provisioningKey: key });
    await setProfile(context, tx, app, wizard);
    await saveConnection(
      tx,
      {
        appId: app.id,
        status: 'ENABLED',
        connector: connector.key,
        settings: plain,
        sealed: (await context.secrets.sealer(tx)).seal(JSON.stringify(secrets), secretPlace(app.id)),
      },
      { sameApp: false, tested: true },
    );
    await recordGoodTest(tx, app.id);
    await mergeLearned(tx, app.id, report?.learned ?? {});
    if (draft.match?.complete === true) await adoptListedAccounts(tx, id, app.id);
    const provisioning = { ...provisioningOff, ...app.provisioning, ...draft.provisioning };
    await updateApp(tx, app.id, { provisioning });
    await assignAll(context, tx, app, draft.assignments);
    await lookAgain(context, tx, app.id);
    await logAppEvent(context, tx, app, 'application.configuration.update', {
      debug: { wizard: id, connectionStatus: 'ENABLED', ...draft.provisioning },
    });
    await setLogo(tx, app, wizard);
    await updateWizard(tx, id, { draft, sealed: null, logo: null, appId: app.id, status: 'DONE' });
    return requireApp(tx, app.id);
  });
}

/** Whoever has been deleted or deactivated since, and groups that are no more, get nothing. */
async function assignAll(context: AppContext, tx: Tx, app: App, chosen: WizardAssignments | undefined): Promise<void> {
  const { userIds, groupIds } = chosen ?? nobody;
  if (userIds.length + groupIds.length === 0) return;
  await authorize(context, tx, 'apps.assign', { apps: [app.id] });
  await assignDirectly(tx, app.id, userIds);
  for (const { id } of await findGroups(tx, groupIds)) await assignGroupIn(context, tx, app, id);
}

async function setLogo(tx: Tx, app: App, { id, draft }: StoredWizard): Promise<void> {
  const logo = await findWizardLogo(tx, id);
  if (logo === undefined || draft.logoType === undefined) return;
  await saveLogo(tx, app.id, logo);
  await updateApp(tx, app.id, { logoType: draft.logoType });
}

async function makeApp(
  context: AppContext,
  tx: Tx,
  { label, draft }: StoredWizard,
  settings: Awaited<ReturnType<typeof wizardSettings>>,
): Promise<App> {
  return createAppIn(context, tx, {
    catalogKey: entryFor(context, settings).key,
    label,
    signOnMode: draft.signOnMode ?? 'BOOKMARK',
    settings: { app: { baseUrl: settings['baseUrl'] ?? '' } },
    ...(draft.userNameTemplate === undefined ? {} : { userNameTemplate: draft.userNameTemplate }),
  });
}

/** A new app gets the draft's profile and mappings in place of the usual ones; an existing app keeps what it has. */
async function setProfile(context: AppContext, tx: Tx, app: App, { appId, draft }: StoredWizard): Promise<void> {
  const schema = await findAppSchema(tx, app.id);
  const mapping = await findAppMapping(tx, app.id, 'TO_APP');
  if (schema === undefined || mapping === undefined) {
    throw new UsherError('internal', `${app.label} has no profile or no mappings.`);
  }
  const attributes = draft.attributes ?? {};
  const isNew = appId === null;
  const has = (name: string): boolean => Object.hasOwn(schema.base, name);
  const base = isNew ? { ...only(schema.base, 'userName'), ...filtered(attributes, has) } : schema.base;
  const known = allAttributes(schema);
  const added = isNew ? filtered(attributes, (name) => !has(name)) : additions(attributes, known);
  await updateAppSchema(tx, app.id, { base, custom: { ...(isNew ? {} : schema.custom), ...added } });
  const mappings = draft.mappings ?? {};
  // What the draft reads may have gone since, and may read this app by now.
  const source = await findAllUserAttributes(tx);
  const others = await attributesRead(context, tx, mappings);
  assertMappings({ direction: 'TO_APP', target: attributes, source, others }, mappings);
  await updateMapping(tx, mapping.id, { ...(isNew ? {} : mapping.properties), ...mappings });
  await assertNoCircle(tx, app);
}

/** Attributes that are not there yet, and places for those that are there without one. */
function additions(attributes: AttributeDefinitions, known: AttributeDefinitions): AttributeDefinitions {
  const places = new Set(Object.values(known).map(placeOf));
  return filtered(attributes, (name, definition) => !Object.hasOwn(known, name) && !places.has(placeOf(definition)));
}

function filtered(
  attributes: AttributeDefinitions,
  keep: (name: string, definition: AttributeDefinitions[string]) => boolean,
): AttributeDefinitions {
  return Object.fromEntries(Object.entries(attributes).filter(([name, definition]) => keep(name, definition)));
}

function only(attributes: AttributeDefinitions, name: string): AttributeDefinitions {
  return filtered(attributes, (each) => each === name);
}
