import { describe, expect, test } from 'vitest';
import { UsherError } from '../lib/errors.ts';
import { connectionUrl, templateVariables } from './connection-url.ts';

const aws = {
  name: 'AWS',
  connection: {
    baseUrl: 'https://scim.{region}.example.com/{tenantId}/scim/v2/',
    variables: [
      { name: 'region', title: 'region', description: 'd', required: true, enum: ['eu-1', 'us-1'], example: 'eu-1' },
      {
        name: 'tenantId',
        title: 'tenant id',
        description: 'd',
        required: true,
        pattern: '^[a-z0-9-]+$',
        example: 'a-1',
      },
    ],
  },
};

describe('connectionUrl', () => {
  test('fills in the settings and drops the last slash', () => {
    const url = connectionUrl(aws, { region: 'eu-1', tenantId: ' a-1 ', other: 'x' });
    expect(url).toBe('https://scim.eu-1.example.com/a-1/scim/v2');
  });

  test('an optional variable may be empty', () => {
    const variable = {
      name: 'path',
      title: 'path',
      description: 'd',
      required: false,
      pattern: '^[a-z]+$',
      example: 'a',
    };
    const entry = { name: 'App', connection: { baseUrl: 'https://example.com/{path}', variables: [variable] } };
    expect(connectionUrl(entry, {})).toBe('https://example.com');
  });

  test.each([
    ['missing', { region: 'eu-1' }, ['settings.app.tenantId']],
    ['not in the list', { region: 'mars', tenantId: 'a' }, ['settings.app.region']],
    ['leaving its place', { region: 'eu-1', tenantId: 'a/../../x' }, ['settings.app.tenantId']],
    ['not text', { region: 7, tenantId: true }, ['settings.app.region', 'settings.app.tenantId']],
  ])('names every setting that is %s', (_, settings, fields) => {
    const error = thrownBy(() => connectionUrl(aws, settings));
    expect(error.code).toBe('invalid_input');
    expect(error.causes.map((cause) => cause.field)).toEqual(fields);
  });

  test('an entry without a connection has no address', () => {
    expect(thrownBy(() => connectionUrl({ name: 'Bookmark', connection: null }, {})).code).toBe('unsupported');
  });
});

test('templateVariables names each variable once', () => {
  expect(templateVariables('https://{host}/{path}/{host}')).toEqual(['host', 'path']);
});

function thrownBy(action: () => unknown): UsherError {
  try {
    action();
  } catch (error) {
    if (error instanceof UsherError) return error;
  }
  throw new Error('expected an UsherError');
}
