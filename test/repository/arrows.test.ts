import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';

const rules = resolve('.dependency-cruiser.cjs');
const { forbidden } = createRequire(import.meta.url)(rules) as { forbidden: { name: string }[] };

interface Violation {
  readonly rule: { readonly name: string };
  readonly from: string;
  readonly to: string;
}

/** A little repository with one file per planted fault: rule, file, what it imports. */
const faults: readonly (readonly [rule: string, file: string, specifier: string])[] = [
  ['cli-imports-up', 'src/cli/fault.ts', '../main.ts'],
  ['http-imports-up', 'src/http/fault.ts', '../cli/ok.ts'],
  ['worker-imports-up', 'src/worker/fault.ts', '../http/ok.ts'],
  ['services-imports-up', 'src/services/fault.ts', '../worker/ok.ts'],
  ['provisioning-imports-up', 'src/provisioning/fault.ts', '../services/ok.ts'],
  ['store-imports-up', 'src/store/fault.ts', '../provisioning/ok.ts'],
  ['connectors-imports-up', 'src/connectors/fault.ts', '../store/ok.ts'],
  ['catalog-imports-up', 'src/catalog/fault.ts', '../connectors/ok.ts'],
  ['planner-imports-up', 'src/planner/fault.ts', '../catalog/ok.ts'],
  ['expression-imports-up', 'src/expression/fault.ts', '../planner/ok.ts'],
  ['domain-imports-up', 'src/domain/fault.ts', '../expression/ok.ts'],
  ['lib-imports-up', 'src/lib/fault.ts', '../domain/ok.ts'],
  ['folder-without-a-place', 'src/services/place.ts', '../helpers/ok.ts'],
  ['engine-knows-only-the-contract', 'src/provisioning/connector.ts', '../connectors/scim/ok.ts'],
  ['connector-imports-connector', 'src/connectors/ldap/fault.ts', '../scim/ok.ts'],
  ['pure-imports-npm', 'src/planner/npm.ts', 'undici'],
  ['pure-imports-node', 'src/expression/node.ts', 'node:fs'],
  ['runtime-imports-tests', 'src/store/tests.ts', '../../test/ok.ts'],
  ['runtime-imports-dev-dependency', 'src/cli/dev.ts', 'vitest'],
  ['cycle', 'src/lib/one.ts', './two.ts'],
  ['import-of-nothing', 'src/lib/nothing.ts', './nowhere.ts'],
];
const innocent = [
  ...['cli', 'http', 'worker', 'services', 'provisioning', 'store', 'connectors', 'catalog', 'planner', 'expression'],
  ...['domain', 'lib', 'helpers', 'connectors/scim'],
].map((folder) => `src/${folder}/ok.ts`);

let repository: string;
let violations: readonly Violation[];

beforeAll(async () => {
  repository = mkdtempSync(join(tmpdir(), 'usher-arrows-'));
  symlinkSync(resolve('node_modules'), join(repository, 'node_modules'));
  write(
    'package.json',
    '{ "type": "module", "dependencies": { "undici": "*" }, "devDependencies": { "vitest": "*" } }',
  );
  write('tsconfig.json', '{ "compilerOptions": { "module": "NodeNext", "allowImportingTsExtensions": true } }');
  for (const file of ['src/main.ts', 'test/ok.ts', ...innocent]) write(file, 'export const ok = 1;');
  for (const [, file, specifier] of faults) write(file, `import * as fault from '${specifier}'; export { fault };`);
  write('src/lib/two.ts', `import * as fault from './one.ts'; export { fault };`);
  write('src/connectors/contract.ts', 'export interface Connection {}');
  write('src/provisioning/contract.ts', `export type { Connection } from '../connectors/contract.ts';`);
  write('src/lib/beside.test.ts', `import { ok } from '../cli/ok.ts'; import 'vitest'; export { ok };`);
  violations = await cruise();
});

afterAll(() => rmSync(repository, { recursive: true, force: true }));

test.each(faults)('%s is reported', (rule, from) => {
  expect(violations).toContainEqual(expect.objectContaining({ rule: expect.objectContaining({ name: rule }), from }));
});

test('every rule has its planted fault', () => {
  expect(faults.map(([rule]) => rule).sort()).toEqual(forbidden.map(({ name }) => name).sort());
});

test('tests may reach anything, and the engine its contract', () => {
  const allowed = ['src/lib/beside.test.ts', 'src/provisioning/contract.ts', ...innocent];
  expect(violations.filter(({ from }) => allowed.includes(from))).toEqual([]);
});

function write(path: string, text: string): void {
  mkdirSync(dirname(join(repository, path)), { recursive: true });
  writeFileSync(join(repository, path), `${text}\n`);
}

async function cruise(): Promise<readonly Violation[]> {
  const cruiser = resolve('node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const args = [cruiser, '--config', rules, '--output-type', 'json', 'src', 'test'];
  const run = promisify(execFile)(process.execPath, args, { cwd: repository, maxBuffer: 64 * 2 ** 20 });
  const { stdout } = await run.catch((failure: { stdout: string }) => failure);
  return (JSON.parse(stdout) as { summary: { violations: Violation[] } }).summary.violations;
}
