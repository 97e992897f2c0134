import { expect, test as base, type BrowserContext, type Page } from '@playwright/test';
import { systemClock } from '#lib/app/platform/clock.ts';
import type { NodeConfig } from '#lib/app/protocol.ts';
import { createNodePool } from '#lib/pow/worker/node-pool.ts';
import type { PowPool } from '#lib/pow/worker/pool.ts';
import { startRelay, type Relay } from '../../network/relay/relay.ts';
import { startStaticServer, type StaticServer } from '../../network/static-server.ts';
import { startMember, type Member, type MemberOptions } from './member.ts';
import { startPeer, type Peer, type PeerOptions } from './peer.ts';

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
	readonly chains?: NodeConfig['chains'];
	readonly lightning?: NonNullable<NodeConfig['lightning']>;
	/** Route to open. */
	readonly path?: string;
	/** The browser to open it in, where it is not to have one of its own: that of another tab. */
	readonly context?: BrowserContext;
	/** What the browser itself logs as an error because the test breaks something on purpose. */
	readonly provoked?: RegExp;
	/** Done in the browser before the page loads. */
	prepare?(context: BrowserContext): Promise<void>;
}

interface Fixtures {
	/** Starts a relay that ends with the test. */
	relay: () => Promise<Relay>;
	/** Opens a tab whose /config.json names these relays. */
	tab: (options?: TabOptions) => Promise<Tab>;
	/** Starts a whole peer without a page in the test's own process. */
	peer: (options?: PeerOptions) => Promise<Peer>;
	/** Starts a member of the mesh that answers frames as the test says. */
	member: (options: MemberOptions) => Member;
}

/**
 * Proofs of work that take milliseconds, so that a test is about what it says, and no walks: who is linked to whom
 * follows from the relays that a test lays out.
 */
export const easyWork: NodeConfig['parameters'] = {
	admissionComplexity: 64,
	baseComplexity: 64,
	walksPerMinute: 0,
};

export const network = 'e2e';

function started<T>(result: { ok: true; value: T } | { ok: false; error: { detail: string } }): T {
	if (!result.ok) throw new Error(result.error.detail);
	return result.value;
}

export const configOf = ({
	relays = [],
	parameters = easyWork,
	chains = [],
	lightning,
}: Pick<TabOptions, 'relays' | 'parameters' | 'chains' | 'lightning'>): NodeConfig => ({
	...(lightning === undefined ? {} : { lightning }),
	network,
	relays: relays.map(({ url }) => url),
	iceServers: [],
	parameters,
	chains,
});

export const test = base.extend<Fixtures, { server: StaticServer; pool: PowPool }>({
	server: [
		async ({}, use) => {
			const server = started(await startStaticServer({ root: 'build', port: 0, config: configOf({}) }));
			await use(server);
			await server.close();
		},
		{ scope: 'worker' },
	],
	pool: [
		async ({}, use) => {
			const pool = createNodePool(systemClock);
			await use(pool);
			pool.stop();
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
		const contexts = new Set<BrowserContext>();
		const tabs: Tab[] = [];
		await use(async (options = {}) => {
			const context =
				options.context ??
				(await browser.newContext({
					...(baseURL === undefined ? {} : { baseURL }),
					serviceWorkers: 'block',
				}));
			if (!contexts.has(context)) {
				contexts.add(context);
				const config = configOf(options);
				await context.route('**/config.json', (route) => route.fulfill({ json: config }));
				await options.prepare?.(context);
			}
			const tab = await openTab(context, options.provoked);
			tabs.push(tab);
			await tab.page.goto(options.path ?? '/');
			return tab;
		});
		await Promise.all([...contexts].map((context) => context.close()));
		expect(tabs.flatMap(({ errors }) => errors)).toEqual([]);
	},
	peer: async ({ pool }, use) => {
		const peers: Peer[] = [];
		await use(async (options = {}) => {
			const peer = await startPeer(configOf(options), pool, options);
			peers.push(peer);
			return peer;
		});
		for (const peer of peers) peer.stop();
	},
	member: async ({ pool }, use) => {
		const members: Member[] = [];
		await use((options) => {
			const member = startMember(configOf(options), pool, options);
			members.push(member);
			return member;
		});
		for (const member of members) member.stop();
	},
});

async function openTab(context: BrowserContext, provoked: RegExp | undefined): Promise<Tab> {
	const page = await context.newPage();
	const errors: string[] = [];
	const requests: string[] = [];
	const note = (text: string) => {
		if (provoked?.test(text) !== true) errors.push(text);
	};
	page.on('pageerror', (error) => note(error.message));
	page.on('console', (message) => {
		if (message.type() === 'error') note(message.text());
	});
	context.on('request', (request) => requests.push(request.url()));
	page.on('websocket', (socket) => requests.push(socket.url()));
	return { page, context, errors, requests };
}

export { expect } from '@playwright/test';
