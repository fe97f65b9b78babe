import { defaultLimits, provisioningOff } from '../domain/app.ts';
import { UsherError } from '../lib/errors.ts';
import type { AppId, UserId, WizardId } from '../lib/ids.ts';
import { setUpApp, type AppSetup } from '../provisioning/app-setup.ts';
import type { AppConfig } from '../store/app-config.ts';
import { findUser } from '../store/users.ts';
import { listMatchablePeople } from '../store/wizard-accounts.ts';
import type { StoredWizard } from '../store/wizards.ts';
import { previewSetup, type MappingPreview } from './app-mapping-preview.ts';
import { mergeMappings, type MappingChanges } from './app-mappings.ts';
import { authorize } from './authorize.ts';
import type { AppContext } from './context.ts';
import { attributesRead } from './profile-reads.ts';
import { requireOpen } from './wizards.ts';

/** A person with what the draft's mappings give. */
export interface WizardPreview extends MappingPreview {
  readonly user: { readonly id: UserId; readonly login: string };
  /** Attributes the app requires and this person has no value for: no account could be made. */
  readonly missing: readonly string[];
}

/** People shown when nobody is named. */
const sampleSize = 3;

export interface WizardPreviewOptions {
  /** A few people where nobody is named. */
  readonly userId?: UserId;
  /** Mappings that are not kept, in place of the draft's. */
  readonly changes?: MappingChanges;
  /** A user name template that is not kept, in place of the draft's. */
  readonly userNameTemplate?: string;
}

/** What the draft makes of people. @throws {UsherError} `not_found`; `invalid_input` before the probe. */
export async function previewWizard(
  context: AppContext,
  id: WizardId,
  { userId, changes = {}, userNameTemplate }: WizardPreviewOptions,
): Promise<readonly WizardPreview[]> {
  const wizard = await requireOpen(context, context.db, id, 'probe');
  await authorize(context, context.db, 'users.read', userId === undefined ? {} : { users: [userId] });
  const userIds =
    userId === undefined
      ? (await listMatchablePeople(context.db, '', sampleSize)).map((person) => person.id)
      : [userId];
  const { draft } = wizard;
  const setup = wizardSetup({
    label: wizard.label,
    draft: {
      ...draft,
      mappings: mergeMappings(draft.mappings ?? {}, changes),
      ...(userNameTemplate === undefined ? {} : { userNameTemplate: { template: userNameTemplate, type: 'CUSTOM' } }),
    },
  });
  const seen = await attributesRead(context, context.db, setup.mappings);
  // Nothing of apps that the caller may not see.
  const readable = { ...setup, readsApps: setup.readsApps.filter((name) => seen.has(name)) };
  return Promise.all(
    userIds.map(async (each) => {
      const preview = await previewSetup(context, readable, { userId: each });
      const empty = (name: string): boolean =>
        !preview.attributes.some(
          (row) => row.attribute === name && 'value' in row && row.value !== null && row.value !== '',
        );
      const user = await findUser(context.db, each);
      if (user === undefined) throw new UsherError('not_found', `There is no user with the id ${each}.`);
      return {
        user: { id: each, login: String(user.profile['login']) },
        ...preview,
        missing: setup.required.filter(empty),
      };
    }),
  );
}

/** The draft as the engine would see the app. */
export function wizardSetup({ label, draft }: Pick<StoredWizard, 'label' | 'draft'>): AppSetup {
  const config: AppConfig = {
    appId: '' as AppId,
    revision: 0,
    name: '',
    label,
    catalogKey: null,
    settings: {},
    userNameTemplate: draft.userNameTemplate ?? { template: '${source.login}', type: 'BUILT_IN' },
    provisioning: { ...provisioningOff, ...draft.provisioning },
    limits: defaultLimits,
    active: false,
    connected: false,
    accountsListed: false,
    hasKnownAccounts: false,
    mappings: draft.mappings ?? {},
    attributes: draft.attributes ?? {},
    groups: [],
    pushesGroups: false,
  };
  return setUpApp(config);
}
