import type { GroupId, UserId } from '../lib/ids.ts';
import type { JsonObject } from '../lib/json.ts';
import type { ProvisioningSettings, SignOnMode, UserNameTemplate } from './app.ts';
import type { Mappings } from './mapping.ts';
import type { AttributeDefinitions } from './profile-schema.ts';

/** In this order. A step may be taken again; what rests on it then has to be looked at again. */
export const wizardSteps = ['connection', 'probe', 'capabilities', 'schema', 'mappings', 'match'] as const;
export type WizardStep = (typeof wizardSteps)[number];

/** Accounts of the app by the people they could be. */
export interface MatchCounts {
  readonly accounts: number;
  /** One person with this very user name, or whose key the account holds. */
  readonly exact: number;
  /** One person with the e-mail address or the first and last name, and another user name. */
  readonly partial: number;
  readonly none: number;
  /** Several people fit equally well. */
  readonly ambiguous: number;
  readonly people: number;
  /** People no account matches exactly: those an account would be made for when they get the app. */
  readonly peopleWithout: number;
  /** False where the time for the listing ran out before its end. */
  readonly complete: boolean;
}

/** What has been chosen so far. The credential is kept apart, sealed. */
export interface WizardDraft {
  readonly done: readonly WizardStep[];
  readonly signOnMode?: SignOnMode;
  /** The connector's settings without the secret ones. */
  readonly connection?: JsonObject;
  readonly provisioning?: Pick<ProvisioningSettings, 'create' | 'update' | 'deactivate'>;
  readonly attributes?: AttributeDefinitions;
  readonly mappings?: Mappings;
  /** Why each mapping was proposed; those a person has chosen are not in it. */
  readonly reasons?: { readonly [attribute: string]: MappingReason };
  readonly userNameTemplate?: UserNameTemplate;
  readonly match?: MatchCounts;
  /** Who gets the app when it is turned on. No step: nothing rests on it, and it may be nobody. */
  readonly assignments?: WizardAssignments;
  /** The media type of the logo that is kept for the app. */
  readonly logoType?: string;
}

export interface WizardAssignments {
  readonly userIds: readonly UserId[];
  readonly groupIds: readonly GroupId[];
}

/** scim: the attribute means the same in every SCIM app. */
export type MappingReason = 'scim' | 'same name' | 'similar name';

/** The step to be taken next; undefined when all have been. */
export function nextStep({ done }: WizardDraft): WizardStep | undefined {
  return wizardSteps.find((step) => !done.includes(step));
}

/** The draft with a step taken, and those that rest on it to be taken again. */
export function withStep(draft: WizardDraft, step: WizardStep, changes: Partial<WizardDraft>): WizardDraft {
  const stale = resting[step];
  return { ...draft, ...changes, done: [...draft.done.filter((each) => each !== step && !stale.includes(each)), step] };
}

const resting: { readonly [step in WizardStep]: readonly WizardStep[] } = {
  connection: ['probe', 'capabilities', 'schema', 'mappings', 'match'],
  probe: ['capabilities', 'schema', 'mappings', 'match'],
  capabilities: [],
  schema: ['mappings', 'match'],
  mappings: ['match'],
  match: [],
};
