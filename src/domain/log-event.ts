import type { Json, JsonObject } from '../lib/json.ts';

/**
 * The event types Usher writes, spelled as Okta spells them, with the sentence shown for each. `application.plan.discard`
 * is Usher's own: Okta has no plans.
 */
export const eventTypes = {
  'user.lifecycle.create': 'Create user',
  'user.lifecycle.activate': 'Activate user',
  'user.lifecycle.reactivate': 'Reactivate user',
  'user.lifecycle.deactivate': 'Deactivate user',
  'user.lifecycle.suspend': 'Suspend user',
  'user.lifecycle.unsuspend': 'Unsuspend user',
  'user.lifecycle.delete.initiated': 'Delete user initiated',
  'user.account.lock': 'Max sign in attempts exceeded',
  'user.session.start': 'User login to Usher',
  'user.session.end': 'User logout from Usher',
  'user.session.clear': 'Clear user session',
  'user.authentication.auth_via_IDP': 'Authenticate user via IDP',
  'user.authentication.verify': 'Verify user identity',
  'user.account.unlock': 'Unlock user account',
  'user.account.update_profile': 'Update user profile',
  'user.account.update_password': 'Update user password',
  'user.account.reset_password': 'Reset user password',
  'user.account.expire_password': 'Expire user password',
  'user.import.password': 'Import user password',
  'user.account.privilege.grant': 'Grant user privilege',
  'user.account.privilege.revoke': 'Revoke user privilege',
  'group.privilege.grant': 'Grant group privilege',
  'group.privilege.revoke': 'Revoke group privilege',
  'group.lifecycle.create': 'Create group',
  'group.lifecycle.delete': 'Delete group',
  'group.profile.update': 'Update group profile',
  'group.user_membership.add': 'Add user to group membership',
  'group.user_membership.remove': 'Remove user from group membership',
  'group.user_membership.rule.add_exclusion': 'Add exclusion to group membership rule',
  'group.user_membership.rule.trigger': 'Trigger group membership rule',
  'group.user_membership.rule.deactivated': 'Deactivate group membership rule',
  'group.user_membership.rule.error': 'Group membership rule failed',
  'group.user_membership.rule.invalidate': 'Invalidate group membership rule',
  'application.lifecycle.create': 'Create application',
  'application.lifecycle.update': 'Update application',
  'application.lifecycle.activate': 'Activate application',
  'application.lifecycle.deactivate': 'Deactivate application',
  'application.lifecycle.delete': 'Delete application',
  'application.configuration.update': 'Update application configuration',
  'application.plan.discard': 'Discard plan of a change to application',
  'application.integration.authentication_failure': 'Application refused the credentials',
  'application.integration.general_failure': 'Application could not be used',
  'application.integration.rate_limit_exceeded': 'Application rate limit exceeded',
  'application.user_membership.add': 'Add user to application membership',
  'application.user_membership.remove': 'Remove user from application membership',
  'application.user_membership.update': 'Update user application membership',
  'application.user_membership.approve': 'Ask for an account to be made by hand',
  'application.user_membership.revoke': 'Ask for an account to be taken away by hand',
  'application.user_membership.provision': 'Account made by hand',
  'application.user_membership.deprovision': 'Account taken away by hand',
  'group.application_assignment.add': 'Add application assignment to group',
  'group.application_assignment.update': 'Update application assignment of group',
  'group.application_assignment.remove': 'Remove application assignment from group',
  'application.provision.user.push': 'Push new user to application',
  'application.provision.user.push_profile': 'Push profile update to application',
  'application.provision.user.push_password': 'Push new password to application',
  'application.provision.user.push_okta_password': 'Push user’s own password to application',
  'application.provision.user.deactivate': 'Deactivate user in application',
  'application.provision.user.reactivate': 'Reactivate user in application',
  'application.provision.user.delete': 'Delete user in application',
  'application.provision.user.delete.schedule': 'Schedule deletion of user in application',
  'application.provision.user.remove_entitlements': 'Remove entitlements of user in application',
  'application.provision.user.sync': 'Link user to existing account in application',
  'application.provision.user.verify_exists': 'Verify user exists in application',
  'application.provision.user.import': 'List accounts of application',
  'application.provision.group_push.mapping.created': 'Create group push mapping',
  'application.provision.group_push.activate_mapping': 'Activate group push mapping',
  'application.provision.group_push.deactivate_mapping': 'Deactivate group push mapping',
  'application.provision.group_push.removed': 'Remove group push mapping',
  'application.provision.group_push.updated': 'Update group push mapping',
  'application.provision.group_push.pushed': 'Push group to application',
  'application.provision.group_push.push_memberships': 'Push group memberships to application',
  'application.provision.group_push.delete_appgroup': 'Delete pushed group in application',
  'application.provision.group_push.mapping.app.group.renamed': 'Rename pushed group in application',
  'application.provision.group_push.mapping.update.or.delete.failed.with.error': 'Push of group to application failed',
  'application.provision.group_push.mapping.deactivated.source.group.renamed':
    'Deactivate group push mapping whose group was renamed',
  'application.provision.group_push.mapping.and.groups.deleted.rule.deleted':
    'Remove group push mappings of a deleted rule',
  'app.user_management.grouppush.mapping.created.from.rule': 'Create group push mapping by rule',
  'app.user_management.grouppush.mapping.created.from.rule.error.duplicate':
    'Group push mapping by rule failed: the target is taken',
  'app.app_instance.provision_sync_job.started': 'Start applying mappings again',
  'app.app_instance.provision_sync_job.completed': 'Mappings applied again',
  'application.appuser.mapping.invalid.expression': 'Invalid expression in application mapping',
  'task.lifecycle.update': 'Update task',
  'directory.mapping.update': 'Update profile mapping',
  'directory.user_profile.update': 'Update user profile schema',
  'directory.non_default_user_profile.create': 'Create user type',
  'directory.app_user_profile.update': 'Update application user profile schema',
  'system.csv.import_user': 'Import users from CSV',
  'system.idp.lifecycle.create': 'Create identity provider',
  'system.idp.lifecycle.update': 'Update identity provider',
  'system.idp.lifecycle.activate': 'Activate identity provider',
  'system.idp.lifecycle.deactivate': 'Deactivate identity provider',
  'system.idp.lifecycle.delete': 'Delete identity provider',
  'system.data_key.rotate': 'Rotate the key of secrets',
  'system.data_key.retire': 'Retire keys of secrets',
  'system.api_token.create': 'Create API token',
  'system.api_token.revoke': 'Revoke API token',
} as const;

export type EventType = keyof typeof eventTypes;

/** Who did it: a person through the API, or Usher itself. */
export interface Actor {
  readonly id: string;
  readonly type: 'User' | 'SystemPrincipal';
  readonly alternateId: string;
  readonly displayName: string;
}

/** Usher acting of its own accord: the engine, a rule, a schedule. */
export const systemActor: Actor = {
  id: 'system',
  type: 'SystemPrincipal',
  alternateId: 'system@usher',
  displayName: 'Usher',
};

/** Before somebody has shown who they are. */
export const unknownActor: Actor = { id: 'unknown', type: 'User', alternateId: 'unknown', displayName: 'unknown' };

export interface EventTarget {
  readonly id: string;
  readonly type:
    'User' | 'UserGroup' | 'AppInstance' | 'AppUser' | 'GroupRule' | 'Token' | 'Run' | 'IdentityProvider' | 'DataKey';
  readonly alternateId: string;
  readonly displayName: string;
  readonly detailEntry?: { readonly [name: string]: Json };
}

/** Where a request came from, for the events it leads to. */
export interface EventClient {
  readonly ipAddress: string;
  readonly userAgent: string | null;
  /** The path that was asked for, without its query. */
  readonly requestUri: string;
  /** Null for somebody who signed in through a browser. */
  readonly apiTokenId: string | null;
}

export interface NewLogEvent {
  readonly eventType: EventType;
  readonly outcome: 'SUCCESS' | 'FAILURE' | 'SKIPPED' | 'DEFERRED';
  readonly severity?: 'DEBUG' | 'INFO' | 'WARN' | 'ERROR';
  readonly reason?: string;
  readonly actor: Actor;
  readonly targets: readonly EventTarget[];
  readonly debug?: JsonObject;
  readonly transactionId?: string;
  /** Left out where no request led to it. */
  readonly client?: EventClient;
}

export interface LogEvent extends NewLogEvent {
  readonly seq: number;
  readonly uuid: string;
  readonly published: Date;
}
