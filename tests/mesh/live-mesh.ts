import type { Browser, Page } from 'playwright';
import { startRelay, type Relay } from '../../network/relay/relay.ts';
import { servePage } from './build-page.ts';
import type { PeerState } from './page/protocol.ts';

export interface LiveShape {
	readonly peers: number;
	readonly components: number;
	readonly minLinks: number;
	readonly maxLinks: number;
}

/** Real peers in tabs of one browser, at one relay. */
export interface LiveMesh {
	readonly relay: Relay;
	/** Opens so many tabs, and then starts this many peers in one after another. */
	open(tabs: number, peers: number): Promise<void>;
	shape(): Promise<LiveShape>;
	states(): Promise<readonly PeerState[]>;
	/** Resolves with the time it took, ms, once the shape is as wanted. */
	until(wanted: (shape: LiveShape) => boolean, withinMs: number): Promise<number>;
	/** Closes this share of the tabs; their peers say goodbye to nobody. */
	kill(share: number): Promise<void>;
	close(): Promise<void>;
}

const network = 'live';

export async function openLiveMesh(browser: Browser): Promise<LiveMesh> {
	const served = await servePage(new URL('./page/', import.meta.url));
	const relay = await startRelay({ port: 0 });
	if (!relay.ok) throw new Error(relay.error.detail);
	const { url } = relay.value;
	const context = await browser.newContext();
	let pages: Page[] = [];

	const states = async () =>
		(await Promise.all(pages.map((page) => page.evaluate(() => globalThis.peerStates())))).flat();
	const shape = async () => shapeOf(await states());

	return {
		relay: relay.value,
		states,
		shape,
		async open(tabs, count) {
			// First all of them: peers that join leave the machine no time to load a page.
			const opened: Page[] = [];
			for (let i = 0; i < tabs; i++) {
				const page = await context.newPage();
				await page.goto(served.url);
				opened.push(page);
			}
			pages.push(...opened);
			for (const page of opened)
				await page.evaluate((wanted) => globalThis.startPeers(wanted), { count, network, relays: [url] });
		},
		async until(wanted, withinMs) {
			const started = performance.now();
			for (;;) {
				const now = await shape();
				if (wanted(now)) return Math.round(performance.now() - started);
				if (performance.now() - started > withinMs)
					throw new Error(`still ${JSON.stringify(now)} after ${withinMs} ms`);
				await new Promise((resolve) => setTimeout(resolve, 250));
			}
		},
		async kill(share) {
			const victims = pages.slice(0, Math.round(pages.length * share));
			pages = pages.slice(victims.length);
			await Promise.all(victims.map((page) => page.close({ runBeforeUnload: false })));
		},
		async close() {
			await context.close();
			await relay.value.close();
			await served.close();
		},
	};
}

/** Parts and links of the graph; a link counts where both ends have it. */
export function shapeOf(states: readonly PeerState[]): LiveShape {
	const byId = new Map(states.map((state) => [state.id, state]));
	const linksOf = (state: PeerState) =>
		state.links.flatMap((id) => {
			const other = byId.get(id);
			return other?.links.includes(state.id) ? [other] : [];
		});
	const left = new Set(states);
	let components = 0;
	for (const first of states) {
		if (!left.delete(first)) continue;
		components += 1;
		const queue = [first];
		for (let state = queue.pop(); state; state = queue.pop())
			for (const other of linksOf(state)) if (left.delete(other)) queue.push(other);
	}
	const degrees = states.map((state) => linksOf(state).length);
	return {
		peers: states.length,
		components,
		minLinks: Math.min(...degrees),
		maxLinks: Math.max(...degrees),
	};
}
