import { sveltekit } from '@sveltejs/kit/vite';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { powKernels } from './src/lib/pow/generator/vite-plugin.ts';
import { workerFiles } from './src/service-worker/worker-files.ts';
import { chromiumLaunch, softwareGraphics } from './tests/chromium.ts';

const launch = chromiumLaunch();

export default defineConfig({
	plugins: [sveltekit(), powKernels(), workerFiles()],
	worker: { format: 'es', plugins: () => [powKernels()] },
	build: { target: 'es2023' },
	server: { port: 5173, host: '127.0.0.1' },
	test: {
		expect: { requireAssertions: true },
		projects: [
			{
				extends: true,
				test: {
					name: 'unit',
					environment: 'node',
					include: ['tests/{unit,property,fuzz}/**/*.test.ts'],
				},
			},
			{
				extends: true,
				test: {
					name: 'lightning',
					environment: 'node',
					include: ['tests/lightning/**/*.test.ts'],
					testTimeout: 60_000,
				},
			},
			{
				extends: true,
				resolve: { conditions: ['browser'] },
				test: {
					name: 'browser',
					include: ['tests/browser/**/*.test.ts'],
					browser: {
						enabled: true,
						headless: true,
						screenshotFailures: false,
						provider: playwright({
							launchOptions: { ...launch, args: [...launch.args, ...softwareGraphics] },
						}),
						instances: [{ browser: 'chromium' }],
					},
				},
			},
		],
	},
});
