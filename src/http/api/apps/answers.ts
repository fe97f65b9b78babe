import { Type } from 'typebox';
import { signOnModes } from '../../../domain/app.ts';
import { AppUserSchema } from '../app-users/answers.ts';
import { AnyProperties, Link, linksWith, Moment, named, TextOrNull } from '../../openapi/answer-parts.ts';

const open = { additionalProperties: true };

export const AppSchema = named('Application', 'An instance of an app integration.', {
  id: Type.String(),
  orn: Type.String(),
  name: Type.String({ description: 'The key of the catalog entry, or a name made for this instance' }),
  label: Type.String(),
  status: Type.Enum(['ACTIVE', 'INACTIVE']),
  lastUpdated: Moment,
  created: Moment,
  accessibility: Type.Object(
    { selfService: Type.Boolean(), errorRedirectUrl: TextOrNull, loginRedirectUrl: TextOrNull },
    open,
  ),
  visibility: Type.Object(
    {
      autoLaunch: Type.Boolean(),
      autoSubmitToolbar: Type.Boolean(),
      hide: Type.Object({ iOS: Type.Boolean(), web: Type.Boolean() }, open),
      appLinks: AnyProperties,
    },
    open,
  ),
  features: Type.Array(Type.String(), { description: 'What is switched on, e.g. PUSH_NEW_USERS' }),
  signOnMode: Type.Enum([...signOnModes]),
  credentials: Type.Object(
    {
      userNameTemplate: Type.Object({
        template: Type.String(),
        type: Type.Enum(['BUILT_IN', 'CUSTOM', 'NONE']),
        suffix: Type.Optional(Type.String()),
        pushStatus: Type.Optional(Type.Enum(['PUSH', 'DONT_PUSH', 'NOT_CONFIGURED'])),
      }),
      signing: AnyProperties,
    },
    open,
  ),
  settings: Type.Object(
    {
      app: AnyProperties,
      notifications: AnyProperties,
      manualProvisioning: Type.Boolean(),
      implicitAssignment: Type.Boolean(),
      notes: Type.Object({ admin: TextOrNull, enduser: TextOrNull }, open),
    },
    open,
  ),
  _embedded: Type.Optional(Type.Object({ user: AppUserSchema })),
  _links: Type.Object(
    { ...linksWith('users', 'groups').properties, appLinks: Type.Array(Link), logo: Type.Array(Link) },
    { additionalProperties: Type.Union([Link, Type.Array(Link)]) },
  ),
});
