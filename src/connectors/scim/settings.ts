import { Type, type Static } from 'typebox';

const secret = { secret: true, minLength: 1, maxLength: 8192 } as const;

/** How to reach a SCIM server and how to sign in there. */
export const ScimSettings = Type.Object({
  baseUrl: Type.String({
    format: 'uri',
    maxLength: 2048,
    title: 'SCIM base URL',
    description: 'The address below which /Users and /Groups are, e.g. https://app.example.com/scim/v2.',
  }),
  auth: Type.Union(
    [
      Type.Object(
        { scheme: Type.Literal('bearer'), token: Type.String({ ...secret, title: 'Token' }) },
        { title: 'Bearer token' },
      ),
      Type.Object(
        {
          scheme: Type.Literal('basic'),
          username: Type.String({ minLength: 1, maxLength: 1024, title: 'User name' }),
          password: Type.String({ ...secret, title: 'Password' }),
        },
        { title: 'User name and password' },
      ),
      Type.Object(
        {
          scheme: Type.Literal('header'),
          headerName: Type.Optional(
            Type.String({ pattern: '^[A-Za-z0-9-]{1,100}$', title: 'Header', default: 'Authorization' }),
          ),
          value: Type.String({ ...secret, title: 'Value', description: 'Sent as it is, e.g. "Token token=…".' }),
        },
        { title: 'Header' },
      ),
      Type.Object(
        {
          scheme: Type.Literal('oauth2_client_credentials'),
          tokenUrl: Type.String({ format: 'uri', maxLength: 2048, title: 'Token URL' }),
          clientId: Type.String({ minLength: 1, maxLength: 1024, title: 'Client ID' }),
          clientSecret: Type.String({ ...secret, title: 'Client secret' }),
          scope: Type.Optional(Type.String({ maxLength: 2048, title: 'Scope' })),
        },
        { title: 'OAuth 2.0 client credentials' },
      ),
    ],
    { title: 'Authentication' },
  ),
});

export type ScimSettings = Static<typeof ScimSettings>;
export type ScimAuth = ScimSettings['auth'];
