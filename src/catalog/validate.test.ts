import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import type { CatalogEntry } from './entry.ts';
import { validateEntry, type EntryFiles } from './validate.ts';

type Draft = { -readonly [Key in keyof CatalogEntry]: CatalogEntry[Key] };

let files: EntryFiles;

beforeAll(async () => {
  const [json = '', guide, logo] = await Promise.all(
    ['integration.json', 'guide.md', 'logo.svg'].map((name) =>
      readFile(new URL(`entries/amazon_aws_sso/${name}`, import.meta.url), 'utf8'),
    ),
  );
  files = { folder: 'amazon_aws_sso', json: JSON.parse(json), guide, logo };
});

/** The problems of the AWS entry after a fault was planted in a copy of its JSON. */
function problemsAfter(plant: (entry: Draft) => void): string[] {
  const entry = structuredClone(files.json) as Draft;
  plant(entry);
  return validateEntry({ ...files, json: entry });
}

function mapping(expression: string) {
  return { expression, pushStatus: 'PUSH' as const };
}

test('a good entry has no problems', () => {
  expect(validateEntry(files)).toEqual([]);
});

describe('planted faults in integration.json', () => {
  const faults: readonly (readonly [name: string, plant: (entry: Draft) => void, problem: string])[] = [
    ['key differs from folder', (entry) => (entry.key = 'aws'), 'key: is "aws"'],
    ['name too long', (entry) => (entry.name = 'x'.repeat(65)), 'name: '],
    ['unknown field', (entry) => Object.assign(entry, { colour: 'red' }), 'entry: '],
    [
      'unknown facet value',
      (entry) => Object.assign(entry.facets, { functionality: ['Cars'] }),
      'facets.functionality',
    ],
    [
      'six collections and use cases',
      (entry) => {
        entry.facets.collection = ['Popular', 'Generic', 'Developer Favorites'];
        entry.facets.useCase = ['Lifecycle Management', 'Single Sign-On', 'Zero Trust'];
      },
      'facets: more than five',
    ],
    ['lifecycle missing', (entry) => (entry.facets.useCase = []), 'facets.useCase'],
    ['promises without connector', (entry) => (entry.connector = null), 'capabilities: promises operations'],
    ['connector that cannot create', (entry) => (entry.capabilities.users.create = false), 'capabilities.users.create'],
    ['no way to authenticate', (entry) => (entry.authModes = []), 'authModes'],
    ['no connection', (entry) => (entry.connection = null), 'connection: is missing'],
    ['undeclared variable', (entry) => entry.connection?.variables.pop(), '{tenantId} is not declared'],
    [
      'unused variable',
      (entry) => entry.connection && (entry.connection.baseUrl = 'https://{region}.example.com'),
      'tenantId is not used',
    ],
    [
      'pattern that is not anchored',
      (entry) => Object.assign(entry.connection?.variables[0] ?? {}, { pattern: '[a-z]+' }),
      'connection.variables.0.pattern',
    ],
    ['variable without form', (entry) => delete entry.connection?.variables[0]?.pattern, 'needs a pattern or enum'],
    [
      'example that does not fit',
      (entry) => Object.assign(entry.connection?.variables[0] ?? {}, { example: 'Frankfurt' }),
      'the example does not fit',
    ],
    [
      'plain http',
      (entry) => entry.connection && (entry.connection.baseUrl = 'http://{region}.example.com/{tenantId}'),
      'is not an https address',
    ],
    ['header mode without template', (entry) => (entry.authModes = ['header']), 'connection.headerTemplate'],
    [
      'header template without token',
      (entry) => {
        entry.authModes = ['header'];
        Object.assign(entry.connection ?? {}, { headerTemplate: 'Token {secret}' });
      },
      'must hold {token}',
    ],
    ['userName not required', (entry) => delete entry.schema['userName']?.required, 'schema.userName'],
    [
      'attribute without external name',
      (entry) => delete (entry.schema['title'] as { externalName?: string }).externalName,
      'schema.title',
    ],
    [
      'two attributes in one place',
      (entry) => Object.assign(entry.schema['title'] ?? {}, { externalName: 'locale' }),
      'has the same place in the app as',
    ],
    [
      'required attribute unmapped',
      (entry) => delete entry.mappings.toApp['displayName'],
      'schema.displayName: is required',
    ],
    ['mapping to nothing', (entry) => (entry.mappings.toApp['shoeSize'] = mapping('user.title')), 'no such attribute'],
    ['empty expression', (entry) => (entry.mappings.toApp['title'] = mapping('  ')), 'mappings.toApp.title.expression'],
    ['mapped username', (entry) => (entry.mappings.toApp['userName'] = mapping('user.login')), 'username template'],
    [
      'unknown user attribute',
      (entry) => (entry.mappings.toApp['title'] = mapping('user.job')),
      'there is no user.job',
    ],
    [
      'unknown app attribute',
      (entry) => (entry.mappings.toDirectory['title'] = mapping('appuser.job')),
      'there is no appuser.job',
    ],
    [
      'unknown directory attribute',
      (entry) => (entry.mappings.toDirectory['shoeSize'] = mapping('appuser.title')),
      'the directory has no such attribute',
    ],
    [
      'import without login',
      (entry) => delete entry.mappings.toDirectory['login'],
      'mappings.toDirectory.login: is missing',
    ],
    [
      'broken expression',
      (entry) => (entry.mappings.toApp['title'] = mapping('user.title +')),
      'mappings.toApp.title: ',
    ],
    ['template over another root', (entry) => (entry.userNameTemplate = '${user.login}'), 'there is no user.login'],
    ['broken template', (entry) => (entry.userNameTemplate = '${source.login'), 'userNameTemplate: '],
    ['limit below one', (entry) => (entry.limits.pageSize = 0), 'limits.pageSize'],
  ];
  test.each(faults)('%s', (_, plant, problem) => {
    const problems = problemsAfter(plant);
    expect(problems.filter((found) => found.startsWith('integration.json: ') && found.includes(problem))).not.toEqual(
      [],
    );
  });

  test('a file that is no JSON object', () => {
    expect(validateEntry({ ...files, json: undefined })[0]).toMatch(/^integration\.json: entry: /);
  });
});

describe('the other files', () => {
  test('missing guide and logo', () => {
    expect(validateEntry({ ...files, guide: undefined, logo: undefined })).toEqual([
      'guide.md: is missing',
      'logo.svg: is missing',
    ]);
  });

  test.each([
    ['a missing chapter', (guide: string) => guide.replace('## Requirements\n', ''), 'has no heading "Requirements"'],
    ['an extra chapter', (guide: string) => `${guide}\n## Prices\n`, 'in this order and no others'],
  ])('a guide with %s', (_, plant, problem) => {
    expect(validateEntry({ ...files, guide: plant(files.guide ?? '') })).toEqual([expect.stringContaining(problem)]);
  });

  test('a logo with a script', () => {
    const logo = files.logo?.replace('</svg>', '<script>alert(1)</script></svg>');
    expect(validateEntry({ ...files, logo })).toEqual(['logo.svg: contains the element <script>']);
  });
});
