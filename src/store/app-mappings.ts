import type { MappingDirection, Mappings } from '../domain/mapping.ts';
import type { AppScope } from '../domain/rights.ts';
import { appReferencesIn } from '../expression/apps-read.ts';
import type { AppId, MappingId } from '../lib/ids.ts';
import { queryOne, type Queryable, type Tx } from './database.ts';
import { appInScope, appTargetsOf } from './scopes.ts';

/** All mappings of one app in one direction. */
export interface AppMapping {
  readonly id: MappingId;
  readonly appId: AppId;
  readonly direction: MappingDirection;
  readonly properties: Mappings;
  readonly lastUpdated: Date;
}

export interface MappingFilter {
  readonly appId?: AppId;
  readonly direction?: MappingDirection;
  /** Of these apps only. */
  readonly within?: AppScope;
  /** The last id of the page before. */
  readonly after?: MappingId;
  readonly limit: number;
}

export async function insertMapping(tx: Tx, mapping: Omit<AppMapping, 'lastUpdated'>): Promise<void> {
  await tx.query(`insert into mappings (id, app_id, direction, properties, reads) values ($1, $2, $3, $4::jsonb, $5)`, [
    mapping.id,
    mapping.appId,
    mapping.direction,
    JSON.stringify(mapping.properties),
    mapping.direction === 'TO_APP' ? appsRead(mapping.properties) : [],
  ]);
}

export async function findMapping(db: Queryable, id: MappingId): Promise<AppMapping | undefined> {
  const row = await queryOne<MappingRow>(db, `select ${columns} from mappings where id = $1`, [id]);
  return row && toMapping(row);
}

export async function findAppMapping(
  db: Queryable,
  appId: AppId,
  direction: MappingDirection,
): Promise<AppMapping | undefined> {
  const [mapping] = await listMappings(db, { appId, direction, limit: 1 });
  return mapping;
}

/** In order of ids. */
export async function listMappings(db: Queryable, filter: MappingFilter): Promise<AppMapping[]> {
  const rows = await db.query<MappingRow>(
    `select ${columns} from mappings
     where id > $1 and ($2::text is null or app_id = $2) and ($3::text is null or direction = $3)
       and ($5::jsonb is null or exists (select 1 from apps a where a.id = app_id and ${appInScope('a', 5)}))
     order by id limit $4`,
    [filter.after ?? '', filter.appId ?? null, filter.direction ?? null, filter.limit, appTargetsOf(filter.within)],
  );
  return rows.map(toMapping);
}

export async function updateMapping(tx: Tx, id: MappingId, properties: Mappings): Promise<void> {
  await tx.query(
    `update mappings set properties = $2::jsonb, last_updated = now(),
       reads = case when direction = 'TO_APP' then $3::text[] else '{}' end where id = $1`,
    [id, JSON.stringify(properties), appsRead(properties)],
  );
}

/** Machine names of the apps whose profiles the expressions read. */
function appsRead(mappings: Mappings): readonly string[] {
  const references = Object.values(mappings).flatMap(({ expression }) => appReferencesIn(expression));
  return [...new Set(references.map(({ appName }) => appName))].sort();
}

const columns = 'id, app_id, direction, properties, last_updated';

interface MappingRow {
  readonly id: MappingId;
  readonly app_id: AppId;
  readonly direction: MappingDirection;
  readonly properties: Mappings;
  readonly last_updated: Date;
}

function toMapping({ app_id, last_updated, ...same }: MappingRow): AppMapping {
  return { ...same, appId: app_id, lastUpdated: last_updated };
}
