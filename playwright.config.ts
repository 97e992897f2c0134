import { defineConfig } from '@playwright/test';
import { chromiumLaunch } from './tests/chromium.ts';

/** Real tabs on a real build. Each test starts the servers and relays it needs (tests/e2e/fixtures.ts). */
export default defineConfig({
	testDir: 'tests/e2e',
	outputDir: 'test-results',
	forbidOnly: true,
	workers: 1,
	retries: 0,
	timeout: 90_000,
	expect: { timeout: 30_000 },
	use: {
		browserName: 'chromium',
		launchOptions: chromiumLaunch(),
		locale: 'en',
		screenshot: 'only-on-failure',
		trace: 'retain-on-failure',
	},
});
