import type { ErrorCode } from '../lib/errors.ts';

/** What most likely lies behind a failure, and what a person can do about it. */
export interface Advice {
  readonly probableCause: string;
  readonly suggestion: string;
}

/** Usher's own mistakes and states, which no administrator can do much about. */
const ours: Advice = {
  probableCause: 'Usher itself, or the machine it runs on.',
  suggestion: 'Look into the log of the Usher process and run "usher doctor"; then retry.',
};
const ourData: Advice = {
  probableCause: 'A value made for the account is not one the app takes: a mapping, a group value or the profile.',
  suggestion:
    'Read which attribute it is, preview the mappings for one of these people, correct them; they are retried.',
};

/** Every failure a row can have. The sentence of the failure itself says what happened; this is for what comes next. */
export const adviceByCode: Readonly<Record<ErrorCode, Advice>> = {
  invalid_input: ourData,
  invalid_expression: {
    probableCause: 'A mapping or the user name template is not an expression.',
    suggestion: 'Correct it under Mappings, where it is checked before it is saved.',
  },
  evaluation_failed: {
    probableCause: 'A mapping cannot be evaluated for these people, most likely because an attribute is empty.',
    suggestion: 'Preview the mappings for one of them; fill the attribute, or let the expression stand an empty one.',
  },
  unauthenticated: ours,
  forbidden: ours,
  credentials_refused: ours,
  changed_meanwhile: ours,
  stale: ours,
  proof_required: ours,
  busy: ours,
  not_acceptable: ours,
  rate_limited: ours,
  data_folder_locked: ours,
  database_unavailable: ours,
  internal: ours,
  not_found: {
    probableCause: 'These people have no account in the app, and making accounts is switched off.',
    suggestion: 'Create the accounts in the app, or switch "Create users" on, and retry.',
  },
  conflict: {
    probableCause: 'Two people here claim one account in the app.',
    suggestion: 'Find out whose it is, and give the other another user name.',
  },
  wrong_state: {
    probableCause: 'The app or its connection is not set up to the end.',
    suggestion: 'Open the app’s connection, complete it, test it, and retry.',
  },
  unsupported: {
    probableCause: 'The app cannot do what is asked of it.',
    suggestion: 'Switch this off under To App, or choose another deprovisioning policy; do it by hand until then.',
  },
  app_unreachable: {
    probableCause: 'The app is down, or its address has changed, or a firewall is between.',
    suggestion: 'Test the connection. Nothing is lost meanwhile: everything is retried when the app answers.',
  },
  app_timeout: {
    probableCause: 'The app is slow or overloaded.',
    suggestion: 'Look at the app’s status page; a longer time-out or fewer requests at once may help.',
  },
  app_rate_limited: {
    probableCause: 'More requests than the app allows, perhaps together with other programs that use it.',
    suggestion: 'Nothing: Usher slows down and goes on. Set the app’s rate if it happens every day.',
  },
  app_failed: {
    probableCause: 'A fault inside the app.',
    suggestion: 'Retries go on. If they all end so, give the app’s support the sentence above.',
  },
  app_rejected: {
    probableCause:
      'The app does not take these values: a licence that is missing, a value it does not know, a rule of its own.',
    suggestion: 'Read what the app says, change it there or in the mappings, and retry.',
  },
  app_password_refused: {
    probableCause:
      'The app’s rules for passwords are stricter than ours: these people’s are too short or too simple for it.',
    suggestion:
      'Have them sign in again or choose another password: it is then sent anew. Make our password policy as strict as the app’s, or relax the app’s.',
  },
  app_credentials_refused: {
    probableCause: 'The credential has expired, was revoked, or belongs to somebody who may no longer do this.',
    suggestion: 'Make a new one in the app and enter it under Connection; everything waiting goes on by itself.',
  },
  app_account_exists: {
    probableCause: 'The app already has an account with this user name that nobody has linked.',
    suggestion: 'Link it, or let existing accounts be linked under To App; else change the user name.',
  },
  app_account_gone: {
    probableCause: 'Somebody deleted the account in the app.',
    suggestion: 'Retry: Usher looks for it and makes it again where the person should have one.',
  },
  app_bad_answer: {
    probableCause: 'What answers is not the app’s interface: a sign-in page, a proxy, or a wrong base address.',
    suggestion: 'Test the connection and compare its address with the app’s documentation.',
  },
  app_ignored_write: {
    probableCause:
      'The app says yes and does not do it; often its operator has taken the right away from the credential.',
    suggestion: 'Do it in the app by hand and tell its operator; Usher goes on checking.',
  },
  app_ambiguous: {
    probableCause: 'Several accounts in the app fit the person equally well.',
    suggestion: 'Remove or rename the ones that are not theirs, and retry.',
  },
  app_address_refused: {
    probableCause: 'The app’s address leads into a network Usher may not enter.',
    suggestion: 'Correct the address, or have the operator of Usher allow the network.',
  },
  secret_unreadable: {
    probableCause: 'The credential was sealed with another key than the one Usher runs with.',
    suggestion: 'Start Usher with the former key, or enter the credential again.',
  },
};
