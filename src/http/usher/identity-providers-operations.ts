import { Type } from 'typebox';
import { matchClaims, providerStatuses } from '../../domain/identity-provider.ts';
import { Moment, named } from '../openapi/answer-parts.ts';
import { noContent, ok, type OperationGroup } from '../openapi/operation.ts';

const ProviderSchema = named('IdentityProvider', 'Another place where people sign in. Its secret is never shown.', {
  id: Type.String(),
  label: Type.String(),
  issuer: Type.String(),
  clientId: Type.String(),
  matchClaim: Type.Enum([...matchClaims]),
  status: Type.Enum([...providerStatuses]),
  created: Moment,
  lastUpdated: Moment,
  links: Type.Integer({ description: 'People who have signed in there' }),
});
const ProvidersSchema = named('IdentityProviders', 'All of them, and where they send browsers back to.', {
  redirectUri: Type.String(),
  providers: Type.Array(ProviderSchema),
});
const TestSchema = named('IdentityProviderTest', 'What could be told without a person.', {
  findings: Type.Array(Type.Object({ subject: Type.String(), ok: Type.Boolean(), detail: Type.String() })),
});

const example = { label: 'Acme', issuer: 'https://login.acme.example', clientId: 'usher' };
/** The browser is sent on, with a cookie. */
const onward = (description: string) => ({ 302: { description } });

export const identityProviderOperations: OperationGroup = {
  tag: 'IdentityProvider',
  about:
    'Signing in with another provider, by OpenID Connect. A person has to be in the directory already; from their first sign-in on the provider’s `sub` says who they are, and no claim any more.',
  operations: {
    'GET /usher/v1/identity-providers': {
      id: 'listIdentityProviders',
      summary: 'List the providers people sign in with',
      answers: ok(ProvidersSchema, 'In order of labels'),
    },
    'POST /usher/v1/identity-providers': {
      id: 'addIdentityProvider',
      summary: 'Add a provider people sign in with',
      description:
        'Nothing is sent to it yet. `matchClaim` says which claim has the login at a person’s first sign-in: `email`, which then has to be verified, unless it says `preferred_username`.',
      example: { ...example, clientSecret: 'client-secret-of-usher' },
      answers: ok(ProviderSchema, 'Added'),
    },
    'GET /usher/v1/identity-providers/:providerId': {
      id: 'getIdentityProvider',
      summary: 'Get a provider',
      answers: ok(ProviderSchema),
    },
    'PUT /usher/v1/identity-providers/:providerId': {
      id: 'replaceIdentityProvider',
      summary: 'Replace what is known of a provider',
      description:
        'Without `clientSecret` the one there is stays, unless issuer or client ID change. `INACTIVE` lets nobody in and signs out whom it has let in.',
      example: { ...example, matchClaim: 'email', status: 'INACTIVE' },
      answers: ok(ProviderSchema, 'As it is now'),
    },
    'DELETE /usher/v1/identity-providers/:providerId': {
      id: 'removeIdentityProvider',
      summary: 'Remove a provider',
      description: 'Whom it has let in is signed out. Who is who there stays known, should it be added again.',
      answers: noContent,
    },
    'POST /usher/v1/identity-providers/:providerId/test': {
      id: 'testIdentityProvider',
      summary: 'Test a provider without signing in',
      answers: ok(TestSchema, 'What was found'),
    },
    'DELETE /usher/v1/identity-providers/:providerId/links/:userId': {
      id: 'unlinkIdentityProviderUser',
      summary: 'Forget which identity of a provider is somebody’s',
      description: 'The next identity with their address, or name, is taken for them.',
      answers: noContent,
    },
    'GET /usher/v1/sign-in/providers': {
      id: 'listSignInProviders',
      summary: 'List the providers one can sign in with',
      answers: ok(
        Type.Array(
          named('SignInProvider', 'A button of the sign-in page.', { id: Type.String(), label: Type.String() }),
        ),
      ),
    },
    'GET /usher/v1/sign-in/providers/:providerId': {
      id: 'beginProviderSignIn',
      summary: 'Sign in with a provider, in a browser',
      description:
        'With `fresh` the provider asks who they are though it knows, and says when it did. A session that the browser has then counts as shown the password again, if it is theirs.',
      parameters: { from: 'The page to go on to: a path of this server', fresh: 'Whether they sign in there anew' },
      answers: onward('To the provider, or to the sign-in page with what is wrong'),
    },
    'GET /usher/v1/sign-in/callback': {
      id: 'finishProviderSignIn',
      summary: 'Come back from a provider, in a browser',
      answers: onward('In, and to the page that was wanted; or to the sign-in page with what is wrong'),
    },
  },
};
