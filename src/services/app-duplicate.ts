import type { DuplicateOptions } from '../domain/app-duplicate.ts';
import type { App } from '../domain/app.ts';
import { UsherError } from '../lib/errors.ts';
import { newId, type AppId } from '../lib/ids.ts';
import { findConnection, saveConnection } from '../store/app-connections.ts';
import { copyLogo, hasRowsInHand, moveLinks } from '../store/app-duplicates.ts';
import { insertMapping, listMappings } from '../store/app-mappings.ts';
import { findAppSchema, insertAppSchema, updateAppSchema } from '../store/app-schemas.ts';
import { updateApp } from '../store/apps.ts';
import type { Tx } from '../store/database.ts';
import { beginAppChange, logAppEvent, lookAgain, requireApp } from './app-change.ts';
import { prepareCredentials, sealCredentials } from './app-credentials.ts';
import { assertLabel, labelMax } from './app-settings.ts';
import { templateOf } from './app-templates.ts';
import { insertNamed } from './apps.ts';
import { authorize } from './authorize.ts';
import type { AppContext } from './context.ts';

export interface DuplicatedApp extends App {
  readonly duplicateOf: AppId;
  readonly movedLinks: number;
  /** A client's secret, shown this once. */
  readonly clientSecret?: string;
}

/**
 * A second instance of an app, for provisioning beside one that people sign in with: same settings, schema, mappings,
 * user names, limits and logo. Provisioning is off, the connection has no credential, and nobody is assigned unless
 * links move.
 *
 * @throws {UsherError} `not_found`; `invalid_input` (label); `wrong_state` when links are to move while the original's
 *   connection is on or a worker has accounts of it in hand.
 */
export async function duplicateApp(
  context: AppContext,
  appId: AppId,
  { label, links = 'MATCH', visible = false }: DuplicateOptions,
): Promise<DuplicatedApp> {
  return context.db.transaction(async (tx) => {
    const source = links === 'MOVE' ? await beginAppChange(tx, appId) : await requireApp(tx, appId);
    await authorize(context, tx, 'apps.manage', { apps: [appId] });
    await authorize(context, tx, 'apps.manage', { integration: source.catalogKey });
    const { id, secret } = await insertCopy(context, tx, source, {
      label: label ?? suggestedLabel(source),
      links,
      visible,
    });
    await copyConfiguration(tx, source, id);
    const movedLinks = links === 'MOVE' ? await move(context, tx, source, id) : 0;
    const app = await requireApp(tx, id);
    await logAppEvent(context, tx, app, 'application.lifecycle.create', { debug: { duplicateOf: appId, links } });
    const shown = secret != null && app.credentials.oauthClient !== undefined ? { clientSecret: secret } : {};
    return { ...app, duplicateOf: appId, movedLinks, ...shown };
  });
}

function suggestedLabel({ label }: App): string {
  const suffix = ' (provisioning)';
  return label.slice(0, labelMax - suffix.length) + suffix;
}

async function insertCopy(
  context: AppContext,
  tx: Tx,
  source: App,
  { label, links, visible }: Required<DuplicateOptions>,
): Promise<{ readonly id: AppId; readonly secret: string | null | undefined }> {
  assertLabel(label);
  const id = newId('app');
  const template = source.catalogKey === null ? templateOf(source.name) : undefined;
  const subject = { id, signOnMode: source.signOnMode, name: template?.name ?? '' };
  const { credentials, secret } = prepareCredentials(subject, {});
  const { settings, accessibility, userNameTemplate, limits, signOnMode, catalogKey } = source;
  await insertNamed(tx, template?.name ?? catalogKey ?? undefined, {
    ...{ id, catalogKey, label: label.trim(), status: 'ACTIVE', signOnMode, settings, accessibility },
    ...{ userNameTemplate, limits, credentials },
    visibility: visible ? source.visibility : hidden(source.visibility),
    sealed: secret == null ? null : sealCredentials(await context.secrets.sealer(tx), id, secret),
    provisioning: {
      ...source.provisioning,
      ...{ create: false, update: false, deactivate: false },
      ...(links === 'STAY' ? { existingAccount: 'ASK' as const } : {}),
    },
  });
  await updateApp(tx, id, { inbound: source.inbound, logoType: source.logoType });
  await copyLogo(tx, source.id, id);
  return { id, secret };
}

function hidden(visibility: App['visibility']): App['visibility'] {
  return { ...visibility, hide: { iOS: true, web: true } };
}

async function copyConfiguration(tx: Tx, { id: from }: App, to: AppId): Promise<void> {
  const schema = await findAppSchema(tx, from);
  if (schema !== undefined) {
    await insertAppSchema(tx, to, { id: newId('schema'), base: schema.base });
    await updateAppSchema(tx, to, schema);
  }
  for (const { direction, properties } of await listMappings(tx, { appId: from, limit: 2 })) {
    await insertMapping(tx, { id: newId('mapping'), appId: to, direction, properties });
  }
  const connection = await findConnection(tx, from);
  if (connection === undefined) return;
  const { connector, settings } = connection;
  await saveConnection(
    tx,
    { appId: to, status: 'DISABLED', connector, settings, sealed: null },
    { sameApp: false, tested: false },
  );
}

async function move(context: AppContext, tx: Tx, source: App, to: AppId): Promise<number> {
  const connection = await findConnection(tx, source.id);
  if (connection?.status === 'ENABLED') {
    throw new UsherError(
      'wrong_state',
      `${source.label} still provisions the accounts whose links are to move. Turn its connection off first, or let the links stay.`,
      { causes: [{ field: 'links', reason: 'cannot be MOVE while the connection of the original is on' }] },
    );
  }
  if (await hasRowsInHand(tx, source.id)) {
    throw new UsherError(
      'wrong_state',
      `Changes to accounts of ${source.label} are still under way. Try again in a minute.`,
    );
  }
  // A hundred thousand rows moved to be moved back would cost more than the look that is wanted.
  const moved = context.rehearsal === true ? 0 : await moveLinks(tx, source.id, to);
  await lookAgain(context, tx, source.id);
  await logAppEvent(context, tx, source, 'application.configuration.update', {
    debug: { accountLinksMovedTo: to, links: moved },
  });
  return moved;
}
