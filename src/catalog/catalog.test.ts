import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compileExpression } from '../expression/compile.ts';
import { compileUserNameTemplate } from '../expression/user-name-template.ts';
import { UsherError } from '../lib/errors.ts';
import { loadCatalog } from './catalog.ts';

const catalog = await loadCatalog();
const genericKeys = ['scim2basicauth', 'scim2headerauth', 'scim2rawheader', 'scim2oauth2clientcredentials'];

describe('the shipped catalog', () => {
  test('is found by key, with guide and logo', () => {
    expect(catalog.get('slack')?.name).toBe('Slack');
    expect(catalog.guideOf('slack')).toMatch(/^# Slack\n/);
    expect(catalog.logoOf('slack')).toContain('<title>Slack</title>');
  });

  test('knows nothing of unknown keys', () => {
    expect(catalog.get('nope')).toBeUndefined();
    expect(catalog.guideOf('nope')).toBeUndefined();
    expect(catalog.logoOf('nope')).toBeUndefined();
  });

  test('has at least eighteen entries besides the generic ones', () => {
    expect(catalog.all().filter((entry) => !entry.facets.collection.includes('Generic')).length).toBeGreaterThan(17);
  });

  test.each(genericKeys)('%s has the schema and mappings of the other generic entries', (key) => {
    const [entry, first] = [catalog.get(key), catalog.get('scim2basicauth')];
    expect(entry?.schema).toEqual(first?.schema);
    expect(entry?.mappings).toEqual(first?.mappings);
    expect(entry?.authModes).toHaveLength(1);
  });

  test.each(catalog.all().map((entry) => [entry.key, entry] as const))(
    'the guide of %s fits its entry',
    (key, entry) => {
      const guide = catalog.guideOf(key) ?? '';
      for (const attribute of Object.keys(entry.schema)) expect(guide).toContain(`| \`${attribute}\``);
      for (const statement of entry.unverified) expect(guide).toContain(statement);
      expect(guide.includes('Group push:')).toBe(entry.capabilities.groups.update);
    },
  );
});

describe('a person with nothing but what a directory requires', () => {
  const person = { login: 'ada@acme.example', email: 'ada@acme.example', firstName: 'Ada', lastName: 'Byron' };
  const scope = {
    user: person,
    source: person,
    internal: { id: '00u1', status: 'ACTIVE' },
    now: new Date('2026-01-01T00:00:00Z'),
  };

  test.each(catalog.all().map((entry) => [entry.key, entry] as const))('has all that %s requires', (_, entry) => {
    expect(compileUserNameTemplate(entry.userNameTemplate).evaluate(scope)).toMatch(/^ada(@acme\.example)?$/);
    for (const [target, { expression }] of Object.entries(entry.mappings.toApp)) {
      const value = compileExpression(expression, 'mapping').evaluate(scope);
      if (entry.schema[target]?.required === true) expect(value, target).toMatch(/\S/);
    }
  });
});

describe('a faulty catalog', () => {
  let folder = '';

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'usher-catalog-'));
    await cp(new URL('entries/slack', import.meta.url), join(folder, 'slack'), { recursive: true });
    await cp(new URL('entries/miro', import.meta.url), join(folder, 'miro'), { recursive: true });
    await rm(join(folder, 'miro/guide.md'));
    await writeFile(join(folder, 'slack/integration.json'), JSON.stringify({ ...catalog.get('slack'), name: '' }));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('is refused with the file and field of every fault', async () => {
    const error = await loadCatalog(pathToFileURL(`${folder}/`)).catch((reason: unknown) => reason);
    if (!(error instanceof UsherError)) throw new Error('expected an UsherError');
    expect(error.code).toBe('invalid_input');
    expect(error.causes).toEqual([
      { field: 'miro/guide.md', reason: 'is missing' },
      { field: 'slack/integration.json', reason: expect.stringMatching(/^name: /) as string },
    ]);
  });
});
