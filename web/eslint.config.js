import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/** What strangers wrote must only ever become text: these would turn it into markup or code. */
const untrustedText = ['innerHTML', 'outerHTML', 'insertAdjacentHTML', 'srcdoc', 'dangerouslySetInnerHTML'];

export default tseslint.config(
  { ignores: ['**/dist/**', '**/build/**', '**/node_modules/**', 'api-client/src/generated/**'] },
  js.configs.recommended,
  ...tseslint.configs.recommended,
  {
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-eval': 'error',
      'no-implied-eval': 'error',
      'no-new-func': 'error',
      'no-undef': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      'no-restricted-properties': [
        'error',
        ...untrustedText.map((property) => ({ property, message: 'Text becomes text nodes, never markup.' })),
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector: 'JSXAttribute[name.name="dangerouslySetInnerHTML"]',
          message: 'Text becomes text nodes, never markup.',
        },
        {
          selector: 'ImportDeclaration[source.value=/unsafe-(html|svg)/]',
          message: 'Text becomes text nodes, never markup.',
        },
      ],
    },
  },
);
