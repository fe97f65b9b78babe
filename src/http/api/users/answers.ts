import { Type } from 'typebox';
import { userStatuses } from '../../../domain/user.ts';
import { linksWith, Moment, MomentOrNull, named, orNull, TextOrNull } from '../../openapi/answer-parts.ts';

const UserProfileSchema = Type.Object(
  {
    login: Type.String(),
    email: Type.String(),
    firstName: Type.Optional(TextOrNull),
    lastName: Type.Optional(TextOrNull),
    mobilePhone: TextOrNull,
    secondEmail: TextOrNull,
  },
  {
    $id: 'UserProfile',
    additionalProperties: true,
    description: 'The attributes of the user schema that have a value.',
  },
);

export const UserCredentialsSchema = named(
  'UserCredentials',
  'What somebody signs in with, without the secret parts.',
  {
    password: Type.Optional(Type.Object({})),
    recovery_question: Type.Optional(Type.Object({ question: Type.String() })),
    provider: Type.Object({ type: Type.String(), name: Type.String() }),
  },
);

export const UserSchema = named('User', 'A person in the directory.', {
  id: Type.String(),
  status: Type.Enum([...userStatuses]),
  created: Moment,
  activated: MomentOrNull,
  statusChanged: MomentOrNull,
  lastLogin: MomentOrNull,
  lastUpdated: Moment,
  passwordChanged: MomentOrNull,
  transitioningToStatus: Type.Optional(orNull(Type.Enum([...userStatuses]))),
  type: Type.Object({ id: Type.String() }),
  profile: UserProfileSchema,
  credentials: UserCredentialsSchema,
  _links: linksWith('self'),
});

export const AppLinkSchema = named('AppLink', "A tile of somebody's apps.", {
  id: Type.String(),
  label: Type.String(),
  linkUrl: TextOrNull,
  logoUrl: TextOrNull,
  appName: Type.String(),
  appInstanceId: Type.String(),
  appAssignmentId: Type.String(),
  credentialsSetup: Type.Boolean(),
  hidden: Type.Boolean(),
  sortOrder: Type.Integer(),
});

/** Without properties where nothing is to be handed over. */
export const ActivationLink = Type.Object({
  activationToken: Type.Optional(Type.String()),
  activationUrl: Type.Optional(Type.String()),
});
export const ResetLink = Type.Object({ resetPasswordUrl: Type.Optional(Type.String()) });
