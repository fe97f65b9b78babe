import type { RunId, TypeId, UserId } from '../lib/ids.ts';
import type { Queryable, Tx } from './database.ts';

/** A value that somebody cannot have, because of somebody else of their type. */
export interface TakenValue {
  readonly userId: UserId;
  readonly attribute: string;
  /** Undefined where they have only just got it. */
  readonly holder: { readonly id: UserId; readonly login: string } | undefined;
}

/**
 * Takes the unique values that these people have now for them, in place of those they had, at most 5,000 people at
 * once. Two who want one value at once wait for each other. Reads one small table where no attribute is unique.
 *
 * @returns what is taken: with anything in it the transaction must not go on.
 */
export async function claimUniqueValues(tx: Tx, userIds: readonly UserId[]): Promise<TakenValue[]> {
  if (userIds.length === 0 || !(await hasUniqueAttributes(tx))) return [];
  await tx.query('delete from user_unique_values where user_id = any($1::text[])', [userIds]);
  const rows = await tx.query<{ user_id: UserId; attribute: string; holder_id: UserId | null; login: string | null }>(
    `with wanted as (
       select u.id as user_id, u.type_id, a.key as attribute, ${hashOf('u.profile->>a.key')} as value_hash
       from users u ${uniqueAttributesOf('u.type_id')}
       where u.id = any($1::text[]) and coalesce(u.profile->>a.key, '') <> ''),
     added as (
       insert into user_unique_values (type_id, attribute, value_hash, user_id)
       select type_id, attribute, value_hash, user_id from wanted order by type_id, attribute, value_hash, user_id
       on conflict do nothing returning type_id, attribute, value_hash, user_id)
     select w.user_id, w.attribute, h.user_id as holder_id, p.profile->>'login' as login
     from wanted w
       left join (select * from user_unique_values union all select * from added) h
         on h.type_id = w.type_id and h.attribute = w.attribute and h.value_hash = w.value_hash
       left join users p on p.id = h.user_id
     where not exists (select 1 from added a where a.user_id = w.user_id and a.attribute = w.attribute)
     order by w.user_id, w.attribute`,
    [userIds],
  );
  return rows.map((row) => ({
    userId: row.user_id,
    attribute: row.attribute,
    holder: row.holder_id === null ? undefined : { id: row.holder_id, login: row.login ?? row.holder_id },
  }));
}

/** Values that several people of a type share, with some of those people. Keeps all from writing people meanwhile. */
export async function findSharedValues(
  tx: Tx,
  typeId: TypeId,
  attribute: string,
  examplesMax: number,
): Promise<{ readonly total: number; readonly examples: readonly { value: string; logins: string[] }[] }> {
  await tx.query('lock table users in share row exclusive mode');
  const rows = await tx.query<{ value: string; logins: string[]; total: number }>(
    `select min(profile->>$2) as value, (array_agg(profile->>'login' order by login_key))[1:3] as logins,
       (count(*) over ())::int as total
     from users where type_id = $1 and coalesce(profile->>$2, '') <> ''
     group by lower(profile->>$2) having count(*) > 1 order by count(*) desc, 1 limit $3`,
    [typeId, attribute, examplesMax],
  );
  return { total: rows[0]?.total ?? 0, examples: rows.map(({ value, logins }) => ({ value, logins })) };
}

/** Takes the values that everybody has of attributes that have become unique. None may be shared. */
export async function claimAllValues(tx: Tx, typeId: TypeId, attributes: readonly string[]): Promise<void> {
  await tx.query(
    `insert into user_unique_values (type_id, attribute, value_hash, user_id)
     select u.type_id, a.name, ${hashOf('u.profile->>a.name')}, u.id
     from users u cross join unnest($2::text[]) as a(name)
     where u.type_id = $1 and coalesce(u.profile->>a.name, '') <> ''`,
    [typeId, attributes],
  );
}

/** Lets go of the values of attributes that are unique no more. */
export async function releaseAllValues(tx: Tx, typeId: TypeId, attributes: readonly string[]): Promise<void> {
  await tx.query('delete from user_unique_values where type_id = $1 and attribute = any($2::text[])', [
    typeId,
    attributes,
  ]);
}

/** Rows of a load whose unique value an earlier line has too, or somebody else in the directory. In order of lines. */
export async function findTakenInLoad(
  db: Queryable,
  runId: RunId,
): Promise<{ line: number; attribute: string; value: string; firstLine: number; holder: string | null }[]> {
  if (!(await hasUniqueAttributes(db))) return [];
  return db.query(
    `with asked as (
       select r.line, r.login_key, t.id as type_id, a.key as attribute, r.profile->>a.key as value,
         ${hashOf('r.profile->>a.key')} as value_hash
       from import_rows r left join users me on me.login_key = r.login_key
         ${uniqueAttributesOf('coalesce(me.type_id, (select id from user_types where is_default))')}
       where r.run_id = $1 and coalesce(r.profile->>a.key, '') <> ''),
     placed as (select *, min(line) over (partition by type_id, attribute, value_hash) as first_line from asked)
     select x.line, x.attribute, x.value, x.first_line as "firstLine", u.login_key as holder
     from placed x
       left join user_unique_values h
         on h.type_id = x.type_id and h.attribute = x.attribute and h.value_hash = x.value_hash
       left join users u on u.id = h.user_id and u.login_key <> x.login_key
     where x.line <> x.first_line or u.id is not null
     order by x.line, x.attribute`,
    [runId],
  );
}

async function hasUniqueAttributes(db: Queryable): Promise<boolean> {
  const rows = await db.query(
    `select 1 from profile_schemas
     where kind = 'user' and jsonb_path_exists(custom, '$.*.unique ? (@ == true)') limit 1`,
  );
  return rows.length > 0;
}

/** Joins `a.key`, each unique attribute of a type. */
function uniqueAttributesOf(typeId: string): string {
  return `join user_types t on t.id = ${typeId} join profile_schemas s on s.id = t.schema_id
    join lateral jsonb_each(s.custom) a on a.value @> '{"unique": true}'`;
}

/** In any letter case a value is the same. */
function hashOf(text: string): string {
  return `sha256(convert_to(lower(${text}), 'UTF8'))`;
}
