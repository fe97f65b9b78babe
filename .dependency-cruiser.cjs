/** Read downwards: a folder may import only folders named after it. */
const order = [
  'main',
  'cli',
  'http',
  'worker',
  'services',
  'provisioning',
  'store',
  'connectors',
  'catalog',
  'planner',
  'expression',
  'domain',
  'lib',
];
const folder = (name) => (name === 'main' ? '^src/(main|start-usher)[.]ts$' : `^src/${name}/`);

/** Tests, and the kit that connectors are tested with, may reach anything. */
const tests = ['[.]test[.]ts$', '^src/connectors/conformance[.]ts$'];
const npm = ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-bundled', 'npm-no-pkg', 'npm-unknown'];

const upwards = order.slice(1).map((name, index) => ({
  name: `${name}-imports-up`,
  comment: `src/${name} may not import ${order.slice(0, index + 1).join(', ')}.`,
  severity: 'error',
  from: { path: folder(name), pathNot: tests },
  to: { path: order.slice(0, index + 1).map(folder) },
}));

module.exports = {
  forbidden: [
    ...upwards,
    {
      name: 'folder-without-a-place',
      comment: 'Every file under src/ belongs to a folder in the order above.',
      severity: 'error',
      from: { pathNot: tests },
      to: { path: '^src/', pathNot: order.map(folder) },
    },
    {
      name: 'engine-knows-only-the-contract',
      comment: 'Connectors reach the engine as values, put together in src/start-usher.ts.',
      severity: 'error',
      from: { path: '^src/(http|worker|services|provisioning|store)/', pathNot: tests },
      to: { path: '^src/connectors/', pathNot: '^src/connectors/(contract|definition)[.]ts$' },
    },
    {
      name: 'connector-imports-connector',
      comment: 'What two connectors share belongs in src/lib.',
      severity: 'error',
      from: { path: '^src/connectors/([^/]+)/', pathNot: tests },
      to: { path: '^src/connectors/[^/]+/', pathNot: '^src/connectors/$1/' },
    },
    {
      name: 'pure-imports-npm',
      comment: 'planner and expression decide; what they need from outside is wrapped in src/lib.',
      severity: 'error',
      from: { path: '^src/(planner|expression)/', pathNot: tests },
      to: { dependencyTypes: npm },
    },
    {
      name: 'pure-imports-node',
      comment: 'planner and expression decide; they read no file, clock or network.',
      severity: 'error',
      from: { path: '^src/(planner|expression)/', pathNot: tests },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'runtime-imports-tests',
      comment: 'What ships may not need test/, bench/ or a test file.',
      severity: 'error',
      from: { path: '^src/', pathNot: tests },
      to: { path: ['^(test|bench)/', ...tests] },
    },
    {
      name: 'runtime-imports-dev-dependency',
      comment: 'A production install leaves devDependencies out.',
      severity: 'error',
      from: { path: '^src/', pathNot: tests },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], pathNot: 'node_modules/@types/' },
    },
    {
      name: 'cycle',
      comment: 'Two files that need each other are one file. (Types alone may point back.)',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'import-of-nothing',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
