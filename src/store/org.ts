import { queryOne, type Queryable, type Tx } from './database.ts';

/** The organisation this database is for. There is one. */
export interface Org {
  /** Okta's form: `00o` and 17 letters or digits. */
  readonly id: string;
  readonly name: string;
  readonly subDomain: string;
  readonly created: Date;
}

export async function findOrg(db: Queryable): Promise<Org | undefined> {
  const row = await queryOne<{ id: string; name: string; sub_domain: string; created: Date }>(
    db,
    `select id, name, sub_domain, created from org`,
  );
  return row && { id: row.id, name: row.name, subDomain: row.sub_domain, created: row.created };
}

/** False, and nothing written, where there is one already: of many that start at once, one gets true. */
export async function insertOrg(tx: Tx, org: Omit<Org, 'created'>): Promise<boolean> {
  const rows = await tx.query(
    `insert into org (id, name, sub_domain) values ($1, $2, $3) on conflict (only_row) do nothing returning id`,
    [org.id, org.name, org.subDomain],
  );
  return rows.length > 0;
}
