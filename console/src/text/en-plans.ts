import { many, number } from './plurals';

/** Words by names that are only known at run time. */
type Names = Readonly<Record<string, string>>;

const statuses: Names = {
  COMPUTING: 'Being worked out',
  READY: 'Ready',
  APPLIED: 'Applied',
  DISCARDED: 'Discarded',
  FAILED: 'Could not be worked out',
};

const kinds: Names = {
  create: 'Create',
  link: 'Link',
  update: 'Update',
  reactivate: 'Reactivate',
  deactivate: 'Deactivate',
  remove_entitlements: 'Take entitlements',
  remove: 'Delete',
  match: 'Found again',
  stay: 'Stays here',
  move: 'Moves',
  task: 'Task for a person',
  none: 'No change',
  error: 'Would fail',
};

const reasons: Names = {
  no_account: 'They have no account in the application.',
  assignment_copied: 'They have no account; the duplicate gets the assignment, too.',
  match: 'It stays linked here, and the duplicate finds and links it once it provisions.',
  stay: 'It stays linked here, and the duplicate asks before it takes it.',
  move: 'Its link and the assignment go to the duplicate; here the assignment stays without an account.',
  in_sync: 'The account is as it should be.',
  not_assigned: 'They do not have the application.',
  not_activated: 'They are not activated yet.',
  provisioning_off: 'Provisioning is off.',
  create_off: 'Creating accounts is off.',
  update_off: 'Updating accounts is off.',
  deactivate_off: 'Deactivating accounts is off.',
  assigned_before_provisioning: 'They had the application before provisioning was on.',
  app_cannot_update: 'The application cannot change accounts.',
  app_cannot_deactivate: 'The application cannot deactivate accounts.',
  app_cannot_remove: 'The application cannot delete accounts.',
  suspended: 'They are suspended.',
  removal_scheduled: 'The account is off and will be deleted later.',
  entitlements_removed: 'The entitlements are taken away already.',
  link_existing: 'An account of this name is there, and the application is set to ask before it is linked.',
  no_match: 'No account fits for sure: a person decides.',
  linked_to_other: 'The account belongs to somebody else here.',
  owned_by_other_app: 'Another instance of the application writes this account.',
  PROVISION: 'A person makes the account.',
  DEPROVISION: 'A person takes the account away.',
};

function duration(seconds: number): string {
  if (seconds < 1) return 'less than a second';
  if (seconds < 90) return `about ${many(Math.ceil(seconds), 'second', 'seconds')}`;
  if (seconds < 5_400) return `about ${many(Math.ceil(seconds / 60), 'minute', 'minutes')}`;
  return `about ${many(Math.ceil(seconds / 3_600), 'hour', 'hours')}`;
}

/** Changes that are looked at before they are made. */
export const plans = {
  title: 'Plans',
  what: 'A change that is looked at before it is made. Nothing is sent to an application by a plan until somebody applies it.',
  empty:
    'No plans yet. Preview is beside every change that concerns many accounts: mappings, provisioning settings, giving an application to a group.',
  emptyFiltered: 'No plan is in this state.',
  plan: 'Change',
  app: 'Application',
  status: 'State',
  anyStatus: 'Any state',
  statuses,
  kinds,
  reasons,
  accounts: 'Accounts',
  by: 'Made by',
  made: 'Made',
  decided: 'Decided',

  preview: 'Preview',

  apply: 'Apply exactly this',
  applied: 'Applied. The accounts are being changed.',
  duplicated: 'The duplicate is made. Give it the credentials next.',
  duplicate: 'Duplicate made',
  discard: 'Discard',
  discarded: 'The plan is discarded.',
  again: 'Make the plan again',
  computing: 'What it would do to each account is being worked out. Nothing is sent.',
  failed: 'What the change would do could not be worked out:',
  appliedNote: 'This change is made. How far the accounts are is on the page of the application.',
  discardedNote: 'This plan was put away. Nothing of it was done.',

  summary: 'What it would do',
  cost: 'What it costs',
  costIs: (requests: number, seconds: number) =>
    requests === 0 ? 'No requests' : `${many(requests, 'request', 'requests')}, ${duration(seconds)}`,
  show: 'Show only',
  all: 'All accounts',
  count: (count: number) => number.format(count),

  entries: 'Accounts the plan is about',
  person: 'Person',
  action: 'What',
  changes: 'What changes',
  attributeFilter: 'Attribute that changes',
  noEntries: 'The change concerns nobody.',
  noneFound: 'No account of the plan is like that.',
  attributes: (count: number) => many(count, 'attribute', 'attributes'),
  changesOf: (name: string) => `What changes for ${name}`,
  diff: { attribute: 'Attribute', now: 'Now', after: 'Will be', how: 'How' },
  how: { added: 'Added', changed: 'Changed', removed: 'Removed' },
  secret: '•••• (secret)',
  noValue: '–',
  yes: 'yes',
  no: 'no',
};
