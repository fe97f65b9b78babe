import type { IdentityProvider, MatchClaim, ProviderStatus } from '../domain/identity-provider.ts';
import { UsherError } from '../lib/errors.ts';
import type { IdentityProviderId } from '../lib/ids.ts';
import { queryOne, sqlState, uniqueViolation, type Queryable, type Tx } from './database.ts';

export interface StoredProvider extends IdentityProvider {
  /** The client secret, sealed. */
  readonly sealed: string;
  /** People who have signed in there, by the issuer as it is now. */
  readonly links: number;
}

/** All of them, in order of labels: an organisation has few. */
export async function listProviders(db: Queryable): Promise<StoredProvider[]> {
  const rows = await db.query<ProviderRow>(`${select} order by lower(p.label)`);
  return rows.map(toProvider);
}

export async function findProvider(db: Queryable, id: IdentityProviderId): Promise<StoredProvider | undefined> {
  const row = await queryOne<ProviderRow>(db, `${select} where p.id = $1`, [id]);
  return row && toProvider(row);
}

/** The same, kept from changing until the transaction ends. */
export async function lockProvider(tx: Tx, id: IdentityProviderId): Promise<StoredProvider | undefined> {
  const row = await queryOne<ProviderRow>(tx, `${select} where p.id = $1 for update of p`, [id]);
  return row && toProvider(row);
}

export type ProviderValues = Omit<StoredProvider, 'created' | 'lastUpdated' | 'links'>;

/**
 * Adds a provider, or replaces the one with its id.
 *
 * @throws {UsherError} `conflict` when another one has the label or the issuer; the transaction cannot go on.
 */
export async function saveProvider(tx: Tx, provider: ProviderValues): Promise<void> {
  const { id, label, issuer, clientId, sealed, matchClaim, status } = provider;
  try {
    await tx.query(
      `insert into identity_providers (id, label, issuer, client_id, sealed, match_claim, status)
       values ($1, $2, $3, $4, $5, $6, $7)
       on conflict (id) do update set label = excluded.label, issuer = excluded.issuer, client_id = excluded.client_id,
         sealed = excluded.sealed, match_claim = excluded.match_claim, status = excluded.status, last_updated = now()`,
      [id, label, issuer, clientId, sealed, matchClaim, status],
    );
  } catch (error) {
    throw sqlState(error) === uniqueViolation ? taken(error) : error;
  }
}

/** Ends the sessions it vouched for, too. */
export async function deleteProvider(tx: Tx, id: IdentityProviderId): Promise<void> {
  await tx.query('delete from identity_providers where id = $1', [id]);
}

function taken(cause: unknown): UsherError {
  const field = cause instanceof Error && cause.message.includes('identity_providers_label') ? 'label' : 'issuer';
  const reason = 'is another identity provider’s already';
  return new UsherError('conflict', `The identity provider cannot be kept: its ${field} ${reason}.`, {
    causes: [{ field, reason }],
    cause,
  });
}

const select = `select p.id, p.label, p.issuer, p.client_id, p.sealed, p.match_claim, p.status, p.created, p.last_updated,
  (select count(*)::int from identity_links l where l.issuer = p.issuer) as links from identity_providers p`;

interface ProviderRow {
  readonly id: IdentityProviderId;
  readonly label: string;
  readonly issuer: string;
  readonly client_id: string;
  readonly sealed: string;
  readonly match_claim: MatchClaim;
  readonly status: ProviderStatus;
  readonly created: Date;
  readonly last_updated: Date;
  readonly links: number;
}

function toProvider(row: ProviderRow): StoredProvider {
  return {
    id: row.id,
    label: row.label,
    issuer: row.issuer,
    clientId: row.client_id,
    sealed: row.sealed,
    matchClaim: row.match_claim,
    status: row.status,
    created: row.created,
    lastUpdated: row.last_updated,
    links: row.links,
  };
}
