import { describe, expect, test } from 'vitest';
import { defaultLimits, provisioningOff } from '../domain/app.ts';
import type { AttributeDefinition } from '../domain/profile-schema.ts';
import type { AppId, GroupId, UserId } from '../lib/ids.ts';
import type { AppConfig } from '../store/app-config.ts';
import type { Person } from '../store/people.ts';
import { setUpApp } from './app-setup.ts';
import { buildDesired } from './desired.ts';

const text: AttributeDefinition = { title: 'Text', type: 'string' };
const sales = 'sales' as GroupId;
const leads = 'leads' as GroupId;

const config: AppConfig = {
  appId: 'app' as AppId,
  revision: 1,
  name: 'app',
  label: 'App',
  catalogKey: null,
  settings: { app: { tenant: 'acme' } },
  userNameTemplate: { template: '${source.login}', type: 'BUILT_IN' },
  provisioning: { ...provisioningOff, create: true },
  limits: defaultLimits,
  active: true,
  connected: true,
  accountsListed: true,
  pushesGroups: false,
  hasKnownAccounts: false,
  attributes: {
    userName: { ...text, required: true },
    givenName: { ...text, required: true },
    tenant: text,
    level: { title: 'Level', type: 'integer' },
    plan: { ...text, enum: ['basic', 'pro'] },
    licences: { title: 'Licences', type: 'array', items: { type: 'string' }, union: 'ENABLE' },
    role: text,
    short: { ...text, maxLength: 3 },
  },
  mappings: {
    givenName: { expression: 'user.firstName', pushStatus: 'PUSH' },
    tenant: { expression: 'app.tenant', pushStatus: 'DONT_PUSH' },
  },
  groups: [
    { groupId: leads, profile: { role: 'lead', licences: ['e5', 'visio'] } },
    { groupId: sales, profile: { role: 'agent', licences: ['e3', 'e5'] } },
  ],
};

const ada: Person = {
  userId: '00uAda' as UserId,
  status: 'ACTIVE',
  profile: { login: 'ada@acme.example', firstName: 'Ada', level: '7', manager: null },
  assignedGroupIds: new Set([sales]),
};
const byGroup = { direct: false, assignedProfile: {} };
const context = { now: new Date() };

const withMapping = (attribute: string, expression: string): AppConfig => ({
  ...config,
  mappings: { ...config.mappings, [attribute]: { expression, pushStatus: 'PUSH' } },
});

describe('buildDesired', () => {
  test('maps the person, adds the group’s values, and names the account', () => {
    expect(buildDesired(setUpApp(config), ada, byGroup, context)).toEqual({
      kind: 'account',
      account: {
        userName: 'ada@acme.example',
        active: true,
        correlationId: '00uAda',
        profile: { givenName: 'Ada', tenant: 'acme', role: 'agent', licences: ['e3', 'e5'] },
      },
      createOnly: new Set(['tenant']),
    });
  });

  test('the group that comes first wins, and united attributes hold everything', () => {
    const both = { ...ada, assignedGroupIds: new Set([sales, leads]) };
    expect(buildDesired(setUpApp(config), both, byGroup, context)).toMatchObject({
      account: { profile: { role: 'lead', licences: ['e5', 'visio', 'e3'] } },
    });
  });

  test('values of an individual assignment win, its user name too', () => {
    const facts = { direct: true, assignedProfile: { role: 'owner', givenName: 'Countess', userName: 'countess' } };
    expect(buildDesired(setUpApp(config), ada, facts, context)).toMatchObject({
      account: { userName: 'countess', profile: { role: 'owner', givenName: 'Countess' } },
    });
    expect(buildDesired(setUpApp(config), ada, { ...facts, direct: false }, context)).toMatchObject({
      account: { userName: 'ada@acme.example', profile: { role: 'agent', givenName: 'Ada' } },
    });
  });

  test.each<[string, Person | undefined, typeof byGroup, string]>([
    ['nobody', undefined, byGroup, 'no_account'],
    ['a leaver', { ...ada, status: 'DEPROVISIONED' }, byGroup, 'no_account'],
    [
      'a leaver with a direct assignment',
      { ...ada, status: 'DEPROVISIONED' },
      { ...byGroup, direct: true },
      'no_account',
    ],
    ['out of every group', { ...ada, assignedGroupIds: new Set() }, byGroup, 'no_account'],
    ['only directly', { ...ada, assignedGroupIds: new Set() }, { ...byGroup, direct: true }, 'account'],
    ['suspended', { ...ada, status: 'SUSPENDED' }, byGroup, 'account'],
    ['not activated', { ...ada, status: 'STAGED' }, byGroup, 'wait'],
  ])('%s', (_name, person, facts, kind) => {
    expect(buildDesired(setUpApp(config), person, facts, context).kind).toBe(kind);
  });

  test('pushes people who are not activated when told to', () => {
    const pushing = setUpApp({ ...config, provisioning: { ...config.provisioning, pushPending: true } });
    expect(buildDesired(pushing, { ...ada, status: 'STAGED' }, byGroup, context).kind).toBe('account');
  });

  test('brings values into the attribute’s type where nothing is lost', () => {
    expect(buildDesired(setUpApp(withMapping('level', 'user.level')), ada, byGroup, context)).toMatchObject({
      account: { profile: { level: 7 } },
    });
  });

  test.each([
    ['level', '"seven"', 'is not of type integer'],
    ['plan', '"gold"', 'is not one of basic, pro'],
    ['short', '"long"', 'is longer than 3 characters'],
    ['givenName', 'user.nickName', 'is required by the app and comes out empty'],
    ['role', 'Convert.toInt("x")', 'cannot be evaluated'],
  ])('refuses %s mapped to %s', (attribute, expression, reason) => {
    const setup = setUpApp(withMapping(attribute, expression));
    expect(() => buildDesired(setup, ada, byGroup, context)).toThrow(reason);
    expect(() => buildDesired(setup, ada, byGroup, context)).toThrow(attribute);
  });

  test('a mapping that does not parse fails its rows, with its own message', () => {
    expect(() => buildDesired(setUpApp(withMapping('role', 'user.')), ada, byGroup, context)).toThrow(/role.*line 1/s);
  });

  test('an empty user name is refused', () => {
    expect(() => buildDesired(setUpApp(config), { ...ada, profile: { firstName: 'Ada' } }, byGroup, context)).toThrow(
      'user name',
    );
  });
});
