import tseslint from 'typescript-eslint'

// A later block replaces all options of a rule, so the common part has a name.
const everywhere = [
  { selector: 'ExportAllDeclaration', message: 'Name what you export.' },
  { selector: 'ExportDefaultDeclaration', message: 'Export by name.' },
  { selector: 'TSEnumDeclaration', message: 'Use a union of string literals.' },
]
const projects = ['crdt', 'protocol', 'search-index', 'media-server', 'sync-server', 'app'].map((name) => `./${name}/tsconfig.json`)

export default tseslint.config(
  { ignores: ['**/node_modules', '**/dist', '.cache', '*.js', '**/*.cjs', '**/*.mjs', 'data'] },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: {
        project: [...projects, './app/tsconfig.worker.json', './tsconfig.programs.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
      'max-params': ['error', 3],
      complexity: ['error', 12],
      'max-depth': ['error', 3],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-definitions': ['error', 'type'],
      '@typescript-eslint/consistent-type-imports': 'error',
      // Numbers and booleans print as expected.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      // `() => void promise` and `void (count += 1)` say that the result is not used.
      '@typescript-eslint/no-meaningless-void-operator': 'off',
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidOperator: true },
      ],
      'no-restricted-syntax': ['error', ...everywhere],
    },
  },
  {
    files: ['crdt/src/**', 'search-index/src/**', 'app/src/engine/**'],
    ignores: ['**/*.test.ts'],
    rules: {
      '@typescript-eslint/no-dynamic-delete': 'off',
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'Take the time as a parameter.' },
        { object: 'Math', property: 'random', message: 'Take randomness as a parameter.' },
      ],
      'no-restricted-syntax': [
        'error',
        { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'Take the time as a parameter.' },
        ...everywhere,
      ],
    },
  },
  // React components are one function with their markup.
  {
    files: ['**/*.tsx'],
    rules: { 'max-lines-per-function': ['error', { max: 90, skipBlankLines: true, skipComments: true }] },
  },
  { files: ['vite.config.ts', 'vitest.config.ts'], rules: { 'no-restricted-syntax': 'off' } },
  {
    files: [
      '**/*.test.ts',
      '**/*.test.tsx',
      '**/*.contract.ts',
      '**/*.testkit.ts',
      'e2e/**',
      'bench/**',
      'harness/**',
      'campaigns/**',
    ],
    extends: [tseslint.configs.disableTypeChecked],
    rules: {
      'max-lines-per-function': 'off',
      'max-depth': 'off',
      complexity: 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
)
