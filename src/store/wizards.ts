import type { ProbeReport } from '../connectors/contract.ts';
import type { Actor } from '../domain/log-event.ts';
import type { AppScope } from '../domain/rights.ts';
import type { WizardDraft } from '../domain/wizard.ts';
import type { AppId, WizardId } from '../lib/ids.ts';
import { queryOne, type Queryable, type Tx } from './database.ts';
import { appInScope, appTargetsOf } from './scopes.ts';

export interface StoredWizard {
  readonly id: WizardId;
  readonly label: string;
  /** The app provisioning is added to, or the one that was made; null while there is none. */
  readonly appId: AppId | null;
  readonly status: 'OPEN' | 'DONE';
  readonly draft: WizardDraft;
  readonly startedBy: Actor;
  readonly created: Date;
  readonly lastUpdated: Date;
}

/** Who asks: wizards of apps out of scope are shown to whoever began them only. */
export interface WizardScope {
  readonly within: AppScope;
  readonly actorId: string;
}

export async function insertWizard(
  tx: Tx,
  wizard: Pick<StoredWizard, 'id' | 'label' | 'appId' | 'draft' | 'startedBy'>,
): Promise<void> {
  const { id, label, appId, draft, startedBy } = wizard;
  await tx.query(
    `insert into wizards (id, label, app_id, status, draft, started_by) values ($1, $2, $3, 'OPEN', $4::jsonb, $5::jsonb)`,
    [id, label, appId, JSON.stringify(draft), JSON.stringify(startedBy)],
  );
}

export async function findWizard(db: Queryable, id: WizardId, scope: WizardScope): Promise<StoredWizard | undefined> {
  const [wizard] = await select(db, `w.id = $3`, scope, [id], 1);
  return wizard;
}

/** Keeps others from changing it until the transaction ends. */
export async function lockWizard(tx: Tx, id: WizardId): Promise<void> {
  await tx.query('select 1 from wizards where id = $1 for update', [id]);
}

export interface WizardPage {
  readonly after?: WizardId;
  readonly status?: StoredWizard['status'];
  readonly limit: number;
}

/** In order of ids. */
export function listWizards(
  db: Queryable,
  { after, limit, status, ...scope }: WizardScope & WizardPage,
): Promise<StoredWizard[]> {
  return select(db, `w.id > $3 and ($4::text is null or w.status = $4)`, scope, [after ?? '', status ?? null], limit);
}

export interface WizardChanges {
  readonly draft: WizardDraft;
  readonly label?: string;
  readonly logo?: Uint8Array | null;
  readonly sealed?: string | null;
  readonly report?: ProbeReport | null;
  readonly appId?: AppId;
  readonly status?: StoredWizard['status'];
}

/** What is left out stays; null takes it away. */
export async function updateWizard(tx: Tx, id: WizardId, changes: WizardChanges): Promise<void> {
  const { draft, label, logo, sealed, report, appId, status } = changes;
  await tx.query(
    `update wizards set draft = $2::jsonb, last_updated = now(),
       sealed = case when $3::boolean then $4 else sealed end,
       report = case when $5::boolean then $6::jsonb else report end,
       app_id = coalesce($7, app_id), status = coalesce($8, status), label = coalesce($9, label),
       logo = case when $10::boolean then $11::bytea else logo end
     where id = $1`,
    [
      ...[id, JSON.stringify(draft), sealed !== undefined, sealed ?? null],
      ...[report !== undefined, report == null ? null : JSON.stringify(report), appId ?? null, status ?? null],
      ...[label ?? null, logo !== undefined, logo ?? null],
    ],
  );
}

export async function deleteWizard(tx: Tx, id: WizardId): Promise<void> {
  await tx.query('delete from wizards where id = $1', [id]);
}

/** The credential in its envelope. */
export async function findWizardSecret(db: Queryable, id: WizardId): Promise<string | null> {
  const row = await queryOne<{ sealed: string | null }>(db, 'select sealed from wizards where id = $1', [id]);
  return row?.sealed ?? null;
}

export async function findWizardLogo(db: Queryable, id: WizardId): Promise<Uint8Array | undefined> {
  const row = await queryOne<{ logo: Uint8Array | null }>(db, 'select logo from wizards where id = $1', [id]);
  return row?.logo ?? undefined;
}

export async function findWizardReport(db: Queryable, id: WizardId): Promise<ProbeReport | null> {
  const row = await queryOne<{ report: ProbeReport | null }>(db, 'select report from wizards where id = $1', [id]);
  return row?.report ?? null;
}

async function select(
  db: Queryable,
  where: string,
  { within, actorId }: WizardScope,
  parameters: readonly unknown[],
  limit: number,
): Promise<StoredWizard[]> {
  const rows = await db.query<WizardRow>(
    `select w.id, w.label, w.app_id, w.status, w.draft, w.started_by, w.created, w.last_updated from wizards w
     where ${where} and ($1::jsonb is null or w.started_by->>'id' = $2
       or exists (select 1 from apps a where a.id = w.app_id and ${appInScope('a', 1)}))
     order by w.id limit ${limit}`,
    [appTargetsOf(within), actorId, ...parameters],
  );
  return rows.map(({ app_id, started_by, last_updated, ...same }) => ({
    ...same,
    appId: app_id,
    startedBy: started_by,
    lastUpdated: last_updated,
  }));
}

interface WizardRow {
  readonly id: WizardId;
  readonly label: string;
  readonly app_id: AppId | null;
  readonly status: StoredWizard['status'];
  readonly draft: WizardDraft;
  readonly started_by: Actor;
  readonly created: Date;
  readonly last_updated: Date;
}
