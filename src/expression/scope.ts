import type { GroupRef } from '../domain/group.ts';
import type { Profile } from '../domain/profile.ts';
import type { JsonObject } from '../lib/json.ts';

/** A group somebody is in; `source` is the app it was imported from, absent for groups of our own. */
export interface ExpressionGroup extends GroupRef {
  readonly source?: { readonly id: string; readonly name: string };
}

/** Everything an expression can see. What is left out evaluates to null. */
export interface ExpressionScope {
  readonly user: Profile;
  /** `user.getInternalProperty("id" | "status")`. */
  readonly internal: { readonly id: string; readonly status: string };
  /** The app user in context (`appuser.x`). */
  readonly appuser?: Profile;
  /** `source.x` in imports and user-name templates. */
  readonly source?: Profile;
  readonly idpuser?: Profile;
  /** Settings of the app instance (`app.x`). */
  readonly app?: JsonObject;
  readonly org?: { readonly name: string; readonly subDomain: string };
  /** App users of this person in other apps, by the app's machine name (`zendesk_9ao1g13.role`). */
  readonly appUsers?: { readonly [appName: string]: Profile };
  /** Settings of other app instances by machine name (`zendesk_9ao1g13_app.companySubDomain`). */
  readonly apps?: { readonly [appName: string]: JsonObject };
  readonly groups?: readonly ExpressionGroup[];
  /** `user.getLinkedObject("manager")`, by relation name. */
  readonly linked?: { readonly [relation: string]: Profile };
  /** `getManagerUser(source)` and `getAssistantUser(source)` give these whatever the source named. */
  readonly manager?: Profile;
  readonly assistant?: Profile;
  /** `getManagerAppUser(source, attributeSource)`, by the machine name of the attribute source. */
  readonly managerAppUsers?: { readonly [appName: string]: Profile };
  readonly assistantAppUsers?: { readonly [appName: string]: Profile };
  readonly session?: JsonObject;
  readonly access?: JsonObject;
  readonly now: Date;
}

/** What an expression looks at, so that a change elsewhere can tell whether to evaluate again. */
export interface ExpressionDependencies {
  /** Dotted references in source order, each once: `user.firstName`, `app.subDomain`, `zendesk_1.role`. */
  readonly references: readonly string[];
  /** True when the value depends on which groups the person is in. */
  readonly groups: boolean;
  /** Group ids and names the expression names literally. */
  readonly groupIds: readonly string[];
  readonly groupNames: readonly string[];
  /** Linked-object relations read; the manager and assistant functions count as `manager` and `assistant`. */
  readonly linked: readonly string[];
  /** True when the value depends on the time of evaluation. */
  readonly now: boolean;
}
