import { Type } from 'typebox';
import { permissions } from '../../domain/admin-role.ts';
import { Moment, MomentOrNull, named, TextOrNull } from '../openapi/answer-parts.ts';
import { noContent, ok, type OperationGroup } from '../openapi/operation.ts';

const SignInSchema = named('SignIn', 'Whether somebody is in; the session is in a cookie.', {
  status: Type.Enum(['SIGNED_IN', 'PASSWORD_EXPIRED']),
  userId: Type.Optional(Type.String()),
  passwordToken: Type.Optional(Type.String({ description: 'With PASSWORD_EXPIRED: sets another password, once' })),
});
const SessionSchema = named('SessionInfo', 'Who asks, and what they may do.', {
  user: Type.Object({ id: Type.String(), login: Type.String(), displayName: Type.String() }),
  roles: Type.Array(Type.String()),
  permissions: Type.Array(Type.Enum([...permissions])),
  csrfToken: TextOrNull,
  expires: MomentOrNull,
  idleMinutes: Type.Integer(),
  org: Type.Object({ name: Type.String() }),
  version: Type.String(),
});
const MyAppSchema = named('MyApp', 'A tile.', {
  id: Type.String(),
  label: Type.String(),
  linkUrl: TextOrNull,
  logoUrl: TextOrNull,
  hidden: Type.Boolean(),
  note: TextOrNull,
  state: Type.Enum(['READY', 'PREPARING', 'FAILED']),
  userName: TextOrNull,
});
const appIds = Type.Array(Type.String());
const MyLayoutSchema = named('MyLayout', 'How somebody has arranged their tiles.', {
  apps: appIds,
  sections: Type.Array(Type.Object({ name: Type.String(), apps: appIds })),
});
const MySessionSchema = named('MySession', 'A sign-in of whoever asks.', {
  id: Type.String(),
  created: Moment,
  lastSeen: Moment,
  expires: Moment,
  address: TextOrNull,
  userAgent: TextOrNull,
  current: Type.Boolean(),
});

const password = 'correct horse battery';

export const sessionOperations: OperationGroup = {
  tag: 'Session',
  about:
    'Signing in with a password, for browsers. What comes with a session and changes something has the `csrfToken` in the header `X-Usher-Csrf`.',
  operations: {
    'POST /usher/v1/session': {
      id: 'signIn',
      summary: 'Sign in with a password',
      example: { username: 'ada.lovelace@acme.example', password },
      answers: ok(SignInSchema, 'In, or the password is good no more'),
    },
    'POST /usher/v1/session/password': {
      id: 'signInByLink',
      summary: 'Set a password by the token of a link, and sign in',
      example: { token: 'x'.repeat(32), password },
      answers: ok(SignInSchema, 'In'),
    },
    'GET /usher/v1/session': {
      id: 'getSession',
      summary: 'Get who asks and what they may do',
      answers: ok(SessionSchema, 'Whoever the session or the token acts as'),
    },
    'POST /usher/v1/session/proof': {
      id: 'proveSession',
      summary: 'Show the password again',
      description: 'Within a quarter of an hour nothing asks for it. It is asked for by 403 with the code `U0000001`.',
      example: { password },
      answers: noContent,
    },
    'DELETE /usher/v1/session': { id: 'signOut', summary: 'Sign out', answers: noContent },
    'GET /usher/v1/me/apps': {
      id: 'listMyApps',
      summary: 'List the apps of whoever asks',
      answers: ok(Type.Array(MyAppSchema), 'In order of labels'),
    },
    'GET /usher/v1/me/layout': {
      id: 'getMyLayout',
      summary: 'Get how whoever asks has arranged their apps',
      description: 'An app that is in none of the lists stands after `apps`, in order of labels.',
      answers: ok(MyLayoutSchema, 'The order, and the sections'),
    },
    'PUT /usher/v1/me/layout': {
      id: 'arrangeMyApps',
      summary: 'Arrange the apps of whoever asks',
      description:
        'Takes the place of what was kept. At most 50 sections, each with a name of its own of at most 60 characters; an app has one place.',
      example: { apps: ['0oa1gjh63g214q0Hq0g4'], sections: [{ name: 'Every day', apps: ['0oa1gjh63g214q0Hq0g5'] }] },
      answers: ok(MyLayoutSchema, 'As it is kept'),
    },
    'GET /usher/v1/me/profile': {
      id: 'getMyProfile',
      summary: 'Get the profile of whoever asks',
      answers: ok(
        named('MyProfile', 'What Usher knows of whoever asks.', {
          attributes: Type.Array(Type.Object({ name: Type.String(), title: Type.String(), value: Type.Unknown() })),
          groups: Type.Array(Type.String()),
        }),
        'What has a value',
      ),
    },
    'POST /usher/v1/me/password': {
      id: 'changeMyPassword',
      summary: 'Change the password of whoever asks',
      description: 'Ends all of their sessions but gives this one anew.',
      example: { oldPassword: password, newPassword: 'another horse entirely' },
      answers: noContent,
    },
    'GET /usher/v1/me/sessions': {
      id: 'listMySessions',
      summary: 'List the sessions of whoever asks',
      answers: ok(Type.Array(MySessionSchema), 'The newest first'),
    },
    'DELETE /usher/v1/me/sessions': {
      id: 'endMyOtherSessions',
      summary: 'Sign out everywhere else',
      answers: noContent,
    },
    'DELETE /usher/v1/me/sessions/:sessionId': {
      id: 'endMySession',
      summary: 'End one of the sessions of whoever asks',
      answers: noContent,
    },
  },
};
