import { chromium, type Page } from 'playwright';
import { startRelay } from '../../../network/relay/relay.ts';
import { chromiumLaunch } from '../../chromium.ts';
import { percentile } from '../../simulation/overlay/measure.ts';
import type { Contestant } from './page/protocol.ts';
import { usageOf, type Usage } from './processes.ts';

/** Tabs come one after another, ms apart, and are then left alone. */
const pace = { betweenMs: 250, settleMs: 20_000, patienceMs: 90_000 } as const;

export interface Figures {
	readonly contestant: Contestant;
	readonly tabs: number;
	/** From the first tab's join until every tab has the links it aims at, ms. */
	readonly joinMs: number;
	readonly firstLinkP50Ms: number;
	readonly firstLinkP95Ms: number;
	readonly minLinks: number;
	readonly maxLinks: number;
	/** Events that the relay took in, and handed on, from the first join to the end. */
	readonly relayEvents: number;
	readonly relayDeliveries: number;
	/** CPU of the whole browser over the same time, less what the empty tabs had used before. */
	readonly cpuSeconds: number;
	readonly memoryMbPerTab: number;
}

/** Lets `tabs` tabs join one after another in a browser of their own, and measures it from outside. */
export async function contest(contestant: Contestant, tabs: number, pageUrl: string): Promise<Figures> {
	const relay = await startRelay({ port: 0 });
	if (!relay.ok) throw new Error(relay.error.detail);
	const server = await chromium.launchServer(chromiumLaunch());
	const pid = server.process().pid;
	if (pid === undefined) throw new Error('the browser has no process id');
	const browser = await chromium.connect(server.wsEndpoint());
	try {
		const context = await browser.newContext();
		const pages: Page[] = [];
		for (let i = 0; i < tabs; i++) {
			const page = await context.newPage();
			await page.goto(pageUrl);
			pages.push(page);
		}
		// Each tab's own start is over, and not counted.
		await pause(2_000);
		const before: Usage = usageOf(pid);
		const started = performance.now();
		const wanted = contestant === 'trystero' ? tabs - 1 : Math.min(tabs - 1, 4);
		for (const page of pages) {
			await page.evaluate(([which, url]) => globalThis.joinMesh(which, url), [
				contestant,
				relay.value.url,
			] as const);
			await pause(pace.betweenMs);
		}
		const states = () => Promise.all(pages.map((page) => page.evaluate(() => globalThis.meshOfTab())));
		let joinMs = -1;
		while (joinMs < 0 && performance.now() - started < pace.patienceMs) {
			if ((await states()).every(({ links }) => links >= wanted))
				joinMs = Math.round(performance.now() - started);
			else await pause(250);
		}
		await pause(pace.settleMs);
		const after = usageOf(pid);
		const last = await states();
		const first = last.map(({ firstLinkMs }) => firstLinkMs ?? Infinity);
		const { accepted, delivered } = relay.value.stats();
		return {
			contestant,
			tabs,
			joinMs,
			firstLinkP50Ms: percentile(first, 0.5),
			firstLinkP95Ms: percentile(first, 0.95),
			minLinks: Math.min(...last.map(({ links }) => links)),
			maxLinks: Math.max(...last.map(({ links }) => links)),
			relayEvents: accepted,
			relayDeliveries: delivered,
			cpuSeconds: round(after.cpuSeconds - before.cpuSeconds),
			memoryMbPerTab: round((after.memoryMb - before.memoryMb) / tabs),
		};
	} finally {
		await browser.close();
		await server.close();
		await relay.value.close();
	}
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const round = (value: number): number => Math.round(value * 100) / 100;
