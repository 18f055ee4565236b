import tseslint from 'typescript-eslint';

/** Imports that only the outer layers may use; the pure libraries must stay free of them. */
const frameworks = ['@nestjs/*', 'typeorm', 'bullmq', 'ioredis', 'pg', 'mssql', 'express'];
const pure = ['domain', 'allocation', 'rules'].map((folder) => `libs/powerfill/src/${folder}/**/*.ts`);
const noFrameworks = frameworks.map((group) => ({
  group: [group],
  message: 'domain, allocation and rules know no framework.',
}));
/** The parts of the allocation core, each built on those before it. */
const parts = ['problem', 'stage', 'relaxation', 'bound', 'compositions', 'search', 'polish', 'modes'];

export default tseslint.config(
  { ignores: ['node_modules', 'dist', '.data', 'coverage', 'client/schema.ts'] },
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      eqeqeq: 'error',
      'no-empty': ['error', { allowEmptyCatch: false }],
      'no-restricted-syntax': [
        'error',
        {
          selector: "MemberExpression[object.name='process'][property.name='env']",
          message: 'Read the environment in libs/platform only.',
        },
      ],
    },
  },
  {
    // Nest's injection needs the class itself at run time, so type-only imports would break it.
    files: ['apps/**/*.ts', 'libs/**/*.ts', 'test/**/*.ts'],
    rules: { '@typescript-eslint/consistent-type-imports': 'off' },
  },
  {
    files: ['libs/platform/**/*.ts', 'scripts/**', 'test/**', 'bench/**'],
    rules: { 'no-restricted-syntax': 'off' },
  },
  {
    files: pure,
    ignores: ['**/*.spec.ts'],
    rules: {
      'no-restricted-imports': ['error', { patterns: noFrameworks }],
    },
  },
  ...parts.map((part, n) => ({
    files: [`libs/powerfill/src/allocation/${part}/**/*.ts`],
    ignores: ['**/*.spec.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            ...noFrameworks,
            {
              group: [...parts.slice(n + 1), 'small', 'certificate'].map((later) => `../${later}/*`).concat('../solve'),
              message: `${part} is built on what precedes it.`,
            },
          ],
        },
      ],
    },
  })),
  {
    files: [...pure, 'libs/powerfill/src/steps/**/*.ts'],
    ignores: ['**/*.spec.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'A run must replay byte for byte: no clock here.' },
        { object: 'Math', property: 'random', message: 'A run must replay byte for byte: use the seeded generator.' },
      ],
    },
  },
  {
    files: ['**/*.mjs', '**/*.js'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { globals: { process: 'readonly', console: 'readonly' } },
  },
);
