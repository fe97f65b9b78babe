import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

const tests = ['test/**/*.ts', 'bench/**/*.ts', 'src/**/*.test.ts', 'src/connectors/conformance.ts'];

const defaultExports = [
  {
    selector: 'ExportDefaultDeclaration',
    message: 'Export by name, so that a thing has one name wherever it is used.',
  },
];
const casts = [
  {
    selector: 'TSAsExpression:not([typeAnnotation.typeName.name=/^const$|Id$/])',
    message:
      'A cast hides what the compiler would have found: narrow the value instead. (`as const` and `as UserId` pass.)',
  },
];
const environment = [
  {
    selector: 'MemberExpression[object.name="process"][property.name="env"]',
    message: 'Only src/cli/settings.ts reads the environment; take the setting as an argument.',
  },
];
const time = [
  {
    selector: 'NewExpression[callee.name="Date"][arguments.length=0]',
    message: 'Take a Clock (src/lib/clock.ts) or the moment itself, so that a test can hold it.',
  },
  {
    selector: 'CallExpression[callee.object.name="Date"][callee.property.name="now"]',
    message: 'Take a Clock (src/lib/clock.ts) or the moment itself, so that a test can hold it.',
  },
  {
    selector: 'MemberExpression[object.name="Math"][property.name="random"]',
    message: 'Take `random: () => number` as an argument, so that a test can hold it.',
  },
];
const words = [
  {
    selector: 'JSXText[value=/[A-Za-z]/]',
    message: 'Words a person reads are in console/src/text/en.ts, so that they can be translated.',
  },
  {
    selector:
      'JSXAttribute[name.name=/^(label|title|placeholder|description|alt|aria-label)$/] > Literal[value=/[A-Za-z]/]',
    message: 'Words a person reads are in console/src/text/en.ts, so that they can be translated.',
  },
  {
    selector: 'JSXAttribute[name.name="dangerouslySetInnerHTML"]',
    message: 'What people and apps wrote is shown as text, never as HTML.',
  },
];
/** One list per kind of file: a later `no-restricted-syntax` replaces an earlier one as a whole. */
const restrict = (...lists) => ({ 'no-restricted-syntax': ['error', ...lists.flat()] });

export default tseslint.config(
  {
    ignores: [
      'dist/',
      'dist.next/',
      'node_modules/',
      'data/',
      'coverage/',
      'console/src/api/openapi.d.ts',
      'console/public/',
    ],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts', '**/*.tsx'],
    plugins: { '@typescript-eslint': tseslint.plugin },
    languageOptions: {
      parser: tseslint.parser,
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      'no-console': 'error',
      'prefer-const': 'error',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'max-lines-per-function': ['warn', { max: 60, skipBlankLines: true, skipComments: true }],
      ...restrict(defaultExports, casts, environment, time),
    },
  },
  {
    files: ['src/store/**/*.ts', 'src/lib/ids.ts', 'src/connectors/definition.ts'],
    rules: restrict(defaultExports, environment, time),
  },
  { files: ['src/lib/clock.ts'], rules: restrict(defaultExports, casts, environment) },
  { files: ['src/cli/settings.ts'], rules: restrict(defaultExports, casts, time) },
  { files: ['src/cli/**/*.ts', 'test/apps/**/*.ts', 'bench/**/*.ts'], rules: { 'no-console': 'off' } },
  {
    files: ['console/**/*.{ts,tsx}'],
    plugins: { 'react-hooks': reactHooks },
    rules: {
      ...restrict(defaultExports, casts, words),
      'react-hooks/rules-of-hooks': 'error',
      // A page is what it shows: its length is mostly markup.
      'max-lines-per-function': ['warn', { max: 140, skipBlankLines: true, skipComments: true }],
    },
  },
  { files: tests, rules: { ...restrict(defaultExports), 'max-lines-per-function': 'off' } },
  {
    files: ['scripts/**/*.mjs', '*.js', '*.cjs'],
    rules: { 'no-unused-vars': 'error', 'prefer-const': 'error', eqeqeq: ['error', 'always', { null: 'ignore' }] },
  },
);
