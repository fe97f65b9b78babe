import { Type } from 'typebox';
import { noContent, ok, type OperationGroup } from '../../openapi/operation.ts';
import { ApiTokenSchema, ApiTokenUseSchema, NewApiTokenSchema } from './answers.ts';

export const apiTokenOperations: OperationGroup = {
  tag: 'ApiToken',
  about: 'Who may use this API.',
  operations: {
    'GET /api/v1/api-tokens': {
      id: 'listApiTokens',
      summary: 'List API tokens',
      answers: ok(Type.Array(ApiTokenSchema), 'All of them'),
    },
    'GET /api/v1/api-tokens/:tokenId': {
      id: 'getApiToken',
      summary: 'Get an API token',
      answers: ok(ApiTokenSchema, 'The token'),
    },
    'DELETE /api/v1/api-tokens/:tokenId': {
      id: 'revokeApiToken',
      summary: 'Revoke an API token',
      answers: noContent,
    },
    'DELETE /api/v1/api-tokens/current': {
      id: 'revokeCurrentApiToken',
      summary: 'Revoke the API token of this request',
      answers: noContent,
    },
    'GET /usher/v1/api-tokens': {
      id: 'listApiTokenUses',
      summary: 'List API tokens with whose they are and when each was last used',
      description: 'The last use is kept to the minute.',
      answers: ok(Type.Array(ApiTokenUseSchema), 'All of them; only their own to who does not administer tokens'),
    },
    'POST /usher/v1/api-tokens': {
      id: 'createApiToken',
      summary: 'Make an API token',
      description: 'It acts as whoever asks for it. Okta makes tokens in its console only.',
      example: { name: 'Terraform', expires: '2998-01-01T00:00:00Z' },
      answers: ok(NewApiTokenSchema, 'The token with its value'),
    },
  },
};
