import type { NoActionReason } from '../../planner/action.ts';

/** Why nothing is done, for a person to read. */
export const reasonSentences: Readonly<Record<NoActionReason, string>> = {
  in_sync: 'The account is as it should be.',
  not_assigned: 'Neither an individual assignment nor a group gives the app to this person.',
  not_activated: 'The person is not activated yet, and the app does not get people before they are.',
  provisioning_off: 'The app is inactive or its connection is off, so nothing is sent.',
  create_off: 'Creating accounts is switched off in this app.',
  update_off: 'Updating accounts is switched off in this app.',
  deactivate_off: 'Deactivating accounts is switched off in this app, so the account stays as it is.',
  assigned_before_provisioning:
    'The person was assigned before provisioning was on, and nobody has said "provision" since.',
  app_cannot_update: 'The app cannot change accounts.',
  app_cannot_deactivate: 'The app cannot deactivate accounts.',
  app_cannot_remove: 'The app cannot delete accounts, so the account stays switched off.',
  suspended: 'The person is suspended, and the app is set to switch such accounts off.',
  removal_scheduled: 'The account is switched off and will be deleted when its days are over.',
  entitlements_removed: 'The person has lost the app; the account stays, without what it allowed.',
};
