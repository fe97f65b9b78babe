import { Type } from 'typebox';
import { named, TextOrNull } from '../openapi/answer-parts.ts';
import { ok, type OperationGroup } from '../openapi/operation.ts';

const done = (description: string) => Type.Boolean({ description });

export const setUpOperations: OperationGroup = {
  tag: 'System',
  about: 'This installation.',
  operations: {
    'GET /usher/v1/set-up': {
      id: 'getSetUp',
      summary: 'Get how far the first app is set up',
      description: 'Of the app that is furthest, among those the caller may see.',
      answers: ok(
        named('SetUp', 'The steps from nothing to the first account.', {
          appId: TextOrNull,
          added: done('There is an app'),
          connected: done('It is connected'),
          mapped: done('Accounts are made, from attributes that are mapped'),
          assigned: done('Somebody has it'),
          provisioned: done('Somebody has an account'),
        }),
      ),
    },
  },
};
