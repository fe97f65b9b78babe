import { Type } from 'typebox';
import { noContent, ok, type OperationGroup } from '../../openapi/operation.ts';
import { ApiTokenSchema, NewApiTokenSchema } from './answers.ts';

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
    'POST /usher/v1/api-tokens': {
      id: 'createApiToken',
      summary: 'Make an API token',
      description: 'It acts as whoever asks for it. Okta makes tokens in its console only.',
      example: { name: 'Terraform', expires: '2998-01-01T00:00:00Z' },
      answers: ok(NewApiTokenSchema, 'The token with its value'),
    },
  },
};
