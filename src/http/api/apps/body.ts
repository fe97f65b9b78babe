import { Type } from 'typebox';
import { clientAuthMethods, credentialsSchemes, signOnModes } from '../../../domain/app.ts';
import type { CredentialsInput } from '../../../services/app-credentials.ts';
import type { AppChanges } from '../../../services/apps.ts';
import { defined } from '../../query-values.ts';
import { AnyObject, Nullable } from '../schema.ts';

const UserNameTemplateBody = Type.Object({
  template: Type.String(),
  type: Type.Enum(['BUILT_IN', 'CUSTOM', 'NONE']),
  suffix: Nullable(Type.String({ maxLength: 1_024 })),
  pushStatus: Nullable(Type.Enum(['PUSH', 'DONT_PUSH', 'NOT_CONFIGURED'])),
});
const OAuthClientBody = Type.Object({
  client_id: Nullable(Type.String()),
  client_secret: Nullable(Type.String()),
  token_endpoint_auth_method: Nullable(Type.Enum([...clientAuthMethods])),
  autoKeyRotation: Nullable(Type.Boolean()),
  pkce_required: Nullable(Type.Boolean()),
});
/** `signing` is left aside: Usher has no keys of its own to sign with. */
const CredentialsBody = Type.Object({
  userNameTemplate: Nullable(UserNameTemplateBody),
  scheme: Nullable(Type.Enum([...credentialsSchemes])),
  userName: Nullable(Type.String()),
  revealPassword: Nullable(Type.Boolean()),
  // Without a value it says nothing: clients send `{}` with every app.
  password: Nullable(Type.Object({ value: Nullable(Type.String()) })),
  oauthClient: Nullable(OAuthClientBody),
});

/** What of an app can be set. Whatever else clients send back to us (id, name, status, features, links) is left aside. */
export const AppBody = Type.Object({
  label: Nullable(Type.String()),
  signOnMode: Nullable(Type.Enum([...signOnModes])),
  settings: Nullable(AnyObject),
  visibility: Nullable(AnyObject),
  accessibility: Nullable(AnyObject),
  credentials: Nullable(CredentialsBody),
});

/** What Okta's clients read and write back comes as null where it is not set. */
export function appFields({ credentials, ...body }: Type.Static<typeof AppBody>): Omit<AppChanges, 'limits'> {
  return defined({
    label: body.label ?? undefined,
    signOnMode: body.signOnMode ?? undefined,
    settings: body.settings ?? undefined,
    visibility: body.visibility ?? undefined,
    accessibility: body.accessibility ?? undefined,
    userNameTemplate: templateOf(credentials),
    credentials: credentials == null ? undefined : credentialsOf(credentials),
  });
}

type Credentials = Type.Static<typeof CredentialsBody>;

function templateOf(credentials: Credentials | null | undefined): AppChanges['userNameTemplate'] | undefined {
  const given = credentials?.userNameTemplate;
  if (given == null) return undefined;
  const { template, type, suffix, pushStatus } = given;
  return { template, type, ...defined({ suffix: suffix ?? undefined, pushStatus: pushStatus ?? undefined }) };
}

function credentialsOf({ scheme, userName, revealPassword, password, oauthClient }: Credentials): CredentialsInput {
  return defined({
    scheme: scheme ?? undefined,
    userName: userName ?? undefined,
    revealPassword: revealPassword ?? undefined,
    password: password?.value ?? undefined,
    oauthClient:
      oauthClient == null
        ? undefined
        : defined({
            client_id: oauthClient.client_id ?? undefined,
            client_secret: oauthClient.client_secret ?? undefined,
            token_endpoint_auth_method: oauthClient.token_endpoint_auth_method ?? undefined,
            autoKeyRotation: oauthClient.autoKeyRotation ?? undefined,
            pkce_required: oauthClient.pkce_required ?? undefined,
          }),
  });
}
