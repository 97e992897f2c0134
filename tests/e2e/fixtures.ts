import { test as base, type BrowserContext, type Page } from '@playwright/test';
import type { NodeConfig } from '#lib/app/protocol.ts';
import { startRelay, type Relay } from '../../network/relay/relay.ts';
import { startStaticServer, type StaticServer } from '../../network/static-server.ts';

/** A tab in a browser context of its own: nothing is shared with the others but the network. */
export interface Tab {
	readonly page: Page;
	readonly context: BrowserContext;
	/** Errors the page logged or threw; an honest run has none. */
	readonly errors: readonly string[];
	/** Addresses the page asked for, web sockets included. */
	readonly requests: readonly string[];
}

export interface TabOptions {
	readonly relays?: readonly Relay[];
	readonly parameters?: NodeConfig['parameters'];
	/** Route to open. */
	readonly path?: string;
}

interface Fixtures {
	/** Starts a relay that ends with the test. */
	relay: () => Promise<Relay>;
	/** Opens a tab whose /config.json names these relays. */
	tab: (options?: TabOptions) => Promise<Tab>;
}

/** Proofs of work that take milliseconds, so that a test is about what it says. */
export const easyWork: NodeConfig['parameters'] = { admissionComplexity: 64, baseComplexity: 64 };

const network = 'e2e';

function started<T>(result: { ok: true; value: T } | { ok: false; error: { detail: string } }): T {
	if (!result.ok) throw new Error(result.error.detail);
	return result.value;
}

export const test = base.extend<Fixtures, { server: StaticServer }>({
	server: [
		async ({}, use) => {
			const config = { network, relays: [], iceServers: [], parameters: easyWork };
			const server = started(await startStaticServer({ root: 'build', port: 0, config }));
			await use(server);
			await server.close();
		},
		{ scope: 'worker' },
	],
	baseURL: ({ server }, use) => use(server.url),
	relay: async ({}, use) => {
		const relays: Relay[] = [];
		await use(async () => {
			const relay = started(await startRelay({ port: 0 }));
			relays.push(relay);
			return relay;
		});
		await Promise.all(relays.map((relay) => relay.close()));
	},
	tab: async ({ browser, baseURL }, use) => {
		const contexts: BrowserContext[] = [];
		await use(async ({ relays = [], parameters = easyWork, path = '/' } = {}) => {
			const context = await browser.newContext({
				...(baseURL === undefined ? {} : { baseURL }),
				serviceWorkers: 'block',
			});
			contexts.push(context);
			const config: NodeConfig = {
				network,
				relays: relays.map(({ url }) => url),
				iceServers: [],
				parameters,
			};
			await context.route('**/config.json', (route) => route.fulfill({ json: config }));
			const page = await context.newPage();
			const errors: string[] = [];
			const requests: string[] = [];
			page.on('pageerror', (error) => errors.push(error.message));
			page.on('console', (message) => {
				if (message.type() === 'error') errors.push(message.text());
			});
			context.on('request', (request) => requests.push(request.url()));
			page.on('websocket', (socket) => requests.push(socket.url()));
			await page.goto(path);
			return { page, context, errors, requests };
		});
		await Promise.all(contexts.map((context) => context.close()));
	},
});

export { expect } from '@playwright/test';
