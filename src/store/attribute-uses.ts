import type { MappingDirection, Mappings } from '../domain/mapping.ts';
import type { AppId, GroupRuleId, MappingId } from '../lib/ids.ts';
import type { Queryable } from './database.ts';

/** What may name an attribute of people: its text holds one of the names; whether it means them is not decided here. */
export interface AttributeUseCandidates {
  readonly mappings: readonly {
    readonly id: MappingId;
    readonly appId: AppId;
    readonly label: string;
    readonly direction: MappingDirection;
    readonly properties: Mappings;
  }[];
  readonly templates: readonly { readonly label: string; readonly template: string }[];
  readonly rules: readonly { readonly id: GroupRuleId; readonly name: string; readonly expression: string }[];
}

/** Three statements; they read every mapping and rule, of which there are as many as apps. */
export async function findAttributeUseCandidates(
  db: Queryable,
  names: readonly string[],
): Promise<AttributeUseCandidates> {
  const patterns = names.map((name) => `%${name.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`);
  const [mappings, templates, rules] = [
    await db.query<AttributeUseCandidates['mappings'][number]>(
      `select m.id, m.app_id as "appId", a.label, m.direction, m.properties from mappings m join apps a on a.id = m.app_id
       where m.properties::text like any($1::text[]) order by a.label, m.id`,
      [patterns],
    ),
    await db.query<AttributeUseCandidates['templates'][number]>(
      `select label, user_name_template->>'template' as template from apps
       where user_name_template->>'template' like any($1::text[]) order by label, id`,
      [patterns],
    ),
    await db.query<AttributeUseCandidates['rules'][number]>(
      'select id, name, expression from group_rules where expression like any($1::text[]) order by name, id',
      [patterns],
    ),
  ];
  return { mappings, templates, rules };
}
