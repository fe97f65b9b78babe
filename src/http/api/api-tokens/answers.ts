import { Type } from 'typebox';
import { linksWith, Moment, MomentOrNull, named } from '../../openapi/answer-parts.ts';

const properties = {
  id: Type.String(),
  name: Type.String(),
  userId: Type.String({ description: 'Whom it acts as' }),
  tokenWindow: Type.String(),
  network: Type.Object({ connection: Type.String() }),
  clientName: Type.String(),
  created: Moment,
  lastUpdated: Moment,
  expiresAt: MomentOrNull,
  _link: linksWith('self'),
};

export const ApiTokenSchema = named('ApiToken', 'An API token without its value.', properties);
export const NewApiTokenSchema = named('ApiTokenWithValue', 'A new API token: its value is shown this once.', {
  ...properties,
  value: Type.String(),
});

export const ApiTokenUseSchema = named('ApiTokenUse', 'An API token, whose it is and when it was last used.', {
  id: Type.String(),
  name: Type.String(),
  holder: Type.Object({ id: Type.String(), login: Type.String(), name: Type.String() }),
  created: Moment,
  expires: MomentOrNull,
  lastUsed: MomentOrNull,
});
