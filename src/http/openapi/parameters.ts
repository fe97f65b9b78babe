/** What a parameter of this name means wherever an operation does not say otherwise. */
export const parameterDescriptions: { readonly [name: string]: string } = {
  userId: 'Id of a user; where a user is the subject also their login, the part of it before the @, or `me`',
  groupId: 'Id of a group',
  ruleId: 'Id of a group rule',
  appId: 'Id of an app instance',
  mappingId: 'Id of a mapping',
  roleId: 'Id of a role that was given to somebody',
  targetGroupId: 'Id of a group a role is limited to',
  tokenId: 'Id of an API token',
  runId: 'Id of a run',
  planId: 'Id of a plan',
  limit: 'Items on a page, at most',
  after: 'Where the page begins: the cursor from the `next` link of the page before',
  q: 'Looks for names that begin with this',
  sendEmail: 'Taken for the sake of clients: Usher sends no mail',
  oauthTokens: 'Taken for the sake of clients: Usher gives no OAuth tokens',
  activate: 'Whether it is switched on at once',
};
