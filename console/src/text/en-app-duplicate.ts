/** A second instance of an app on the same accounts. */
export const appDuplicate = {
  title: 'A second instance',
  what: 'Makes another instance of this application on the same accounts, to provision beside the one people sign in with. Settings, attributes and mappings are copied; this one stays as it is. The credentials must be given again, and nothing is sent before provisioning is switched on there.',
  open: 'Duplicate',
  dialog: (label: string) => `Duplicate ${label}`,
  label: 'Label of the duplicate',
  proposal: (label: string) => `${label} (provisioning)`,
  links: 'Accounts that are linked already',
  choices: {
    MATCH: { label: 'Match again', what: 'The duplicate finds the same accounts and links them once it provisions.' },
    STAY: { label: 'Stay here', what: 'The duplicate asks before it takes an account that is there.' },
    MOVE: { label: 'Move', what: 'The links go to the duplicate. Turn off the connection of this one first.' },
  },
  visible: 'Show it on My Apps',
  previewWhat: 'Preview shows as a plan what becomes of each account first, and makes nothing.',
  make: 'Make duplicate',
  secret: 'Client secret of the duplicate',
  secretOnce:
    'People sign in to the duplicate by a client of its own. Copy its secret now and keep it where secrets are kept: it is shown this once.',
  made: (label: string) => `${label} is made. Give it the credentials next.`,
};
