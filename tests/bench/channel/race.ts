import { chromium, type CDPSession, type Page } from 'playwright';
import { chromiumLaunch } from '../../chromium.ts';
import { usageOf } from '../mesh/processes.ts';
import type { Contestant, Heat } from './page/protocol.ts';

export interface HeatResult {
	readonly contestant: Contestant;
	readonly rounds: number;
	readonly ms: number;
	/** Time that the main threads of both tabs were at work, ms. */
	readonly busyMs: number;
	/** Processor time of the whole browser, ms; Linux only. */
	readonly browserCpuMs: number | undefined;
	/** Both directions, without what WebRTC adds. */
	readonly bytes: number;
}

export interface Race {
	run(heat: Heat): Promise<HeatResult>;
	close(): Promise<void>;
}

/** Two tabs with storage of their own and one data channel between them. */
export async function openRace(url: string): Promise<Race> {
	const server = await chromium.launchServer(chromiumLaunch());
	const browser = await chromium.connect(server.wsEndpoint());
	const open = async (): Promise<{ page: Page; session: CDPSession }> => {
		const context = await browser.newContext();
		const page = await context.newPage();
		await page.goto(url);
		const session = await context.newCDPSession(page);
		await session.send('Performance.enable');
		return { page, session };
	};
	const user = await open();
	const suggester = await open();
	const offer = await user.page.evaluate(() => globalThis.dial());
	const answer = await suggester.page.evaluate((text) => globalThis.answer(text), offer);
	await user.page.evaluate((text) => globalThis.accept(text), answer);
	await suggester.page.evaluate(() => globalThis.accept(''));
	const pid = server.process().pid ?? 0;
	const cpu = () => (process.platform === 'linux' ? usageOf(pid).cpuSeconds * 1_000 : undefined);
	const busy = async () => (await busyMs(user.session)) + (await busyMs(suggester.session));

	return {
		async run(heat) {
			await suggester.page.evaluate((heat) => globalThis.prepare('suggester', heat), heat);
			await user.page.evaluate((heat) => globalThis.prepare('user', heat), heat);
			const before = { busy: await busy(), cpu: cpu() };
			const [mine, theirs] = await Promise.all([
				user.page.evaluate(() => {
					globalThis.go();
					return globalThis.raceResult();
				}),
				suggester.page.evaluate(() => globalThis.raceResult()),
			]);
			const after = { busy: await busy(), cpu: cpu() };
			return {
				contestant: heat.contestant,
				rounds: heat.rounds,
				ms: theirs.ms,
				busyMs: after.busy - before.busy,
				browserCpuMs:
					after.cpu === undefined || before.cpu === undefined ? undefined : after.cpu - before.cpu,
				bytes: mine.bytesSent + theirs.bytesSent,
			};
		},
		async close() {
			await browser.close();
			await server.close();
		},
	};
}

async function busyMs(session: CDPSession): Promise<number> {
	const { metrics } = await session.send('Performance.getMetrics');
	return 1_000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0);
}
