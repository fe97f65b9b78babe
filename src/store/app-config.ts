import type { AppLimits, ProvisioningSettings, UserNameTemplate } from '../domain/app.ts';
import type { Mappings } from '../domain/mapping.ts';
import { allAttributes, type AttributeDefinitions } from '../domain/profile-schema.ts';
import type { Profile } from '../domain/profile.ts';
import type { AppId, GroupId } from '../lib/ids.ts';
import type { JsonObject } from '../lib/json.ts';
import type { Queryable } from './database.ts';

/** Everything about an app that decides what its accounts should be. */
export interface AppConfig {
  readonly appId: AppId;
  readonly revision: number;
  readonly name: string;
  readonly label: string;
  readonly catalogKey: string | null;
  readonly settings: JsonObject;
  readonly userNameTemplate: UserNameTemplate;
  readonly provisioning: ProvisioningSettings;
  readonly limits: AppLimits;
  readonly active: boolean;
  /** The app is active and its connection enabled: requests may be sent. */
  readonly connected: boolean;
  /** Every account of the app has been seen once, so that nobody's account is still unknown. */
  readonly accountsListed: boolean;
  /** At least one account has been seen, so that matching has something to match. */
  readonly hasKnownAccounts: boolean;
  /** It is given groups of ours, or one of them is still to be taken out of it. */
  readonly pushesGroups: boolean;
  readonly mappings: Mappings;
  readonly attributes: AttributeDefinitions;
  /** By priority, the one that wins first. */
  readonly groups: readonly { readonly groupId: GroupId; readonly profile: Profile }[];
}

/** One query. Undefined when there is no such app. */
export async function loadAppConfig(db: Queryable, appId: AppId): Promise<AppConfig | undefined> {
  const [row] = await db.query<ConfigRow>(
    `select a.id, a.revision, a.name, a.label, a.catalog_key, a.settings, a.user_name_template, a.provisioning,
       a.limits, a.status = 'ACTIVE' as active, a.status = 'ACTIVE' and coalesce(c.status = 'ENABLED', false) as connected,
       c.accounts_listed is not null as accounts_listed,
       exists (select 1 from app_accounts k where k.app_id = a.id) as has_known_accounts,
       exists (select 1 from app_group_push p where p.app_id = a.id) as pushes_groups, m.properties as mappings, s.base, s.custom,
       (select coalesce(jsonb_agg(jsonb_build_object('groupId', g.group_id, 'profile', g.profile)
          order by g.priority, g.group_id), '[]') from app_groups g where g.app_id = a.id) as groups
     from apps a
     left join app_connections c on c.app_id = a.id
     left join mappings m on m.app_id = a.id and m.direction = 'TO_APP'
     left join profile_schemas s on s.app_id = a.id
     where a.id = $1`,
    [appId],
  );
  if (row === undefined) return undefined;
  return {
    appId: row.id,
    revision: row.revision,
    name: row.name,
    label: row.label,
    catalogKey: row.catalog_key,
    settings: row.settings,
    userNameTemplate: row.user_name_template,
    provisioning: row.provisioning,
    limits: row.limits,
    active: row.active,
    connected: row.connected,
    accountsListed: row.accounts_listed,
    hasKnownAccounts: row.has_known_accounts,
    pushesGroups: row.pushes_groups,
    mappings: row.mappings ?? {},
    attributes: allAttributes({ base: row.base ?? {}, custom: row.custom ?? {} }),
    groups: row.groups,
  };
}

interface ConfigRow {
  readonly id: AppId;
  readonly revision: number;
  readonly name: string;
  readonly label: string;
  readonly catalog_key: string | null;
  readonly settings: JsonObject;
  readonly user_name_template: UserNameTemplate;
  readonly provisioning: ProvisioningSettings;
  readonly limits: AppLimits;
  readonly active: boolean;
  readonly connected: boolean;
  readonly accounts_listed: boolean;
  readonly has_known_accounts: boolean;
  readonly pushes_groups: boolean;
  readonly mappings: Mappings | null;
  readonly base: AttributeDefinitions | null;
  readonly custom: AttributeDefinitions | null;
  readonly groups: AppConfig['groups'];
}
