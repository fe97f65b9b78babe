/** What Usher does in an app, beyond the three switches. */
export const toApp = {
  previewOn: 'Preview switching on what is off',
  saveOf: (section: string) => `Save ${section}`,
  previewOf: (section: string) => `Preview ${section}`,
  saved: 'Saved.',
  cannot: 'The application cannot do this.',
  accounts: 'Accounts',
  reactivate: {
    label: 'Reactivate on return',
    what: 'Who comes back gets the same account switched on again. Off: the account stays off until somebody switches it on in the app.',
  },
  pushPending: {
    label: 'Push people who are not activated yet',
    what: 'Accounts are made before the first day. Off: an account is made when its person is activated.',
  },
  excludeUserNameUpdates: {
    label: 'Never rename an account',
    what: 'A changed user name is left out of updates. New accounts still get it.',
  },
  password: {
    label: 'Password of accounts',
    what: 'Which password an account gets. The person’s own is known when they next sign in or change it.',
    choices: {
      OFF: 'None',
      RANDOM_KEEP_EXISTING: 'Random, new accounts only',
      RANDOM_CHANGE: 'Random, and another at every change of theirs',
      OKTA_CHANGE: 'The person’s own, kept the same',
      OKTA_KEEP_EXISTING: 'The person’s own, new accounts only',
    },
  },
  leaving: 'When people lose the application',
  deprovision: {
    label: 'What becomes of the account',
    what: 'For everybody who loses the application or leaves the company.',
    choices: {
      NOTHING: 'Nothing: it stays as it is',
      TASK: 'A task for a person',
      DEACTIVATE: 'Deactivate it',
      REMOVE_ENTITLEMENTS: 'Take its entitlements away',
      DELETE: 'Deactivate it, then delete it',
    },
  },
  deleteAfterDays: {
    label: 'Days until it is deleted',
    what: '0 deletes at once. Who comes back in time keeps their account.',
  },
  uniqueAttribute: {
    label: 'An existing account is recognised by',
    what: 'What tells that an account in the application is this person’s. Two accounts with the same are left to you.',
    choices: { userName: 'User name, then e-mail address', externalId: 'The key Usher gave it, and nothing else' },
  },
  entitlements: {
    label: 'Entitlements',
    what: 'Attributes to clear, with commas. Empty: those that roles, groups, licences and the like are kept in, by their names.',
  },
  confirmDeletions: {
    label: 'Number of accounts to delete now',
    what: 'Type the number named above, to say that you mean it. A preview shows which they are.',
  },
  suspended: {
    label: 'While somebody is suspended',
    what: 'Suspension is passing: the account comes back with its person.',
    choices: { LEAVE: 'Leave the account as it is', DEACTIVATE: 'Deactivate the account' },
  },
  advanced: 'Advanced',
  advancedWhat:
    'These fit most applications as they are. Lower the pace when the application complains of too many requests.',
  updateVerb: {
    label: 'How changes are sent',
    what: 'Automatic tries what the application says it understands, and remembers what worked.',
    choices: { AUTOMATIC: 'Automatic', PATCH: 'PATCH: only what differs', PUT: 'PUT: the whole account' },
  },
  concurrencyMax: { label: 'Requests at once', what: 'At most so many are on their way, 1 to 256.' },
  requestsPerMinute: {
    label: 'Requests per minute',
    what: 'On average. Empty: as fast as the application takes them.',
  },
  timeoutSeconds: {
    label: 'Time-out in seconds',
    what: 'For one request, 1 to 300. A write that took longer is looked up.',
  },
  pageSize: { label: 'Accounts per page', what: 'Asked for at once when accounts are listed, 1 to 1,000.' },
  manual: {
    label: 'People make and take away the accounts',
    what: 'Nothing is sent. Tasks tell which account to make or take away, and wait until somebody says it is done.',
  },
  manualTitle: 'Accounts kept by hand',
};
