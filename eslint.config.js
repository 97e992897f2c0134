import js from '@eslint/js';
import prettier from 'eslint-config-prettier';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

/**
 * Allowed imports: core <- {pow} <- {gossip, channel} <- {webrtc, wallet, store} <- app <- ui <- routes.
 * A room may import itself and what stands to its left, nothing else.
 */
const rooms = {
	core: [],
	pow: ['core'],
	channel: ['core'],
	gossip: ['core', 'pow'],
	webrtc: ['core', 'pow', 'gossip'],
	wallet: ['core', 'pow', 'gossip', 'channel'],
	store: ['core', 'pow', 'gossip', 'channel'],
	app: ['core', 'pow', 'gossip', 'channel', 'webrtc', 'wallet', 'store'],
	ui: ['core', 'pow', 'gossip', 'channel', 'webrtc', 'wallet', 'store', 'app'],
};

const pureGlobals = [
	'window',
	'document',
	'fetch',
	'setTimeout',
	'setInterval',
	'queueMicrotask',
	'performance',
	'crypto',
	'localStorage',
	'indexedDB',
	'WebSocket',
	'Worker',
	'navigator',
	'self',
];
const pureFiles = [
	'src/lib/core/**/*.ts',
	'src/lib/gossip/**/*.ts',
	'src/lib/channel/**/*.ts',
	'src/lib/pow/*.ts',
];

export default ts.config(
	{
		ignores: ['build/', '.svelte-kit/', 'node_modules/', 'contracts/', 'test-results/', 'playwright-report/'],
	},
	js.configs.recommended,
	...ts.configs.strictTypeChecked,
	...svelte.configs.recommended,
	prettier,
	...svelte.configs.prettier,
	{
		languageOptions: {
			globals: { ...globals.browser, ...globals.node },
			parserOptions: {
				projectService: { allowDefaultProject: ['*.js', 'playwright.config.ts'] },
				tsconfigRootDir: import.meta.dirname,
				extraFileExtensions: ['.svelte'],
			},
		},
		rules: {
			'@typescript-eslint/restrict-template-expressions': [
				'error',
				{ allowNumber: true, allowBoolean: true },
			],
			'@typescript-eslint/consistent-type-imports': 'error',
			'@typescript-eslint/switch-exhaustiveness-check': [
				'error',
				{ considerDefaultExhaustiveForUnions: true },
			],
			'@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
			'@typescript-eslint/no-unnecessary-condition': ['error', { allowConstantLoopConditions: true }],
			'@typescript-eslint/no-non-null-assertion': 'error',
			'no-console': 'error',
			eqeqeq: 'error',
		},
	},
	{
		files: ['**/*.svelte', '**/*.svelte.ts'],
		languageOptions: { parserOptions: { parser: ts.parser, svelteConfig } },
		rules: { 'svelte/no-at-html-tags': 'error' },
	},
	{ files: ['**/*.js'], ...ts.configs.disableTypeChecked },
	{
		files: ['network/**', 'tests/**'],
		rules: { 'no-console': 'off', '@typescript-eslint/no-non-null-assertion': 'off' },
	},
	{
		// Playwright reads the names of a fixture's dependencies from its first parameter, also when there are none.
		files: ['tests/e2e/**'],
		rules: { 'no-empty-pattern': ['error', { allowObjectPatternsAsParameters: true }] },
	},
	...Object.entries(rooms).map(([room, allowed]) => ({
		files: [`src/lib/${room}/**`],
		rules: {
			'no-restricted-imports': [
				'error',
				{
					patterns: [
						{
							group: ['../*/../*', '$app/*'].slice(room === 'ui' ? 0 : 0, room === 'ui' ? 1 : 2),
							message: 'Rooms import each other as #lib/<room>/<file>.ts; only ui and routes know SvelteKit.',
						},
						{
							regex: `^#lib/(?!(?:${[room, ...allowed].join('|')})/)`,
							message: `${room} may import only: ${[room, ...allowed].join(', ')}.`,
						},
					],
				},
			],
		},
	})),
	{
		files: pureFiles,
		rules: {
			'no-restricted-globals': [
				'error',
				...pureGlobals.map((name) => ({ name, message: 'Pure room: take it as a port.' })),
			],
			'no-restricted-properties': [
				'error',
				{ object: 'Date', property: 'now', message: 'Pure room: the clock is a port.' },
				{ object: 'Math', property: 'random', message: 'Pure room: randomness is a port.' },
			],
			'no-restricted-syntax': [
				'error',
				{ selector: 'NewExpression[callee.name="Date"]', message: 'Pure room: the clock is a port.' },
				{ selector: 'Program > VariableDeclaration[kind="let"]', message: 'No module-level mutable state.' },
			],
		},
	},
	{
		files: ['src/lib/**/*.ts', 'src/lib/**/*.svelte'],
		ignores: ['src/lib/store/**', 'src/lib/pow/worker/**'],
		rules: {},
	},
);
