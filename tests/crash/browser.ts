import { spawn, type ChildProcess } from 'node:child_process';
import { chromium, type Browser, type Page } from '@playwright/test';
import { chromiumLaunch } from '../chromium.ts';

/** A whole Chromium on a profile of ours, which can be killed as the system kills it: all of it, without a word. */
export interface KillableBrowser {
	readonly page: Page;
	/** `kill -9` of the browser and every process it started. */
	kill(): Promise<void>;
}

export async function startBrowser(profile: string): Promise<KillableBrowser> {
	const { executablePath = chromium.executablePath(), args } = chromiumLaunch();
	const child = spawn(
		executablePath,
		[
			...args,
			'--headless=new',
			'--remote-debugging-port=0',
			'--no-first-run',
			'--disable-gpu',
			`--user-data-dir=${profile}`,
			'about:blank',
		],
		// A group of its own, so that all of it can be killed at once.
		{ detached: true, stdio: ['ignore', 'ignore', 'pipe'] },
	);
	const browser = await chromium.connectOverCDP(await debuggerOf(child));
	const [context] = browser.contexts();
	if (!context) throw new Error('the browser has no profile');
	return { page: await context.newPage(), kill: () => kill(child, browser) };
}

/** The address that Chromium prints once it can be driven. */
function debuggerOf(child: ChildProcess): Promise<string> {
	return new Promise((resolve, reject) => {
		let said = '';
		child.stderr?.on('data', (part: Buffer) => {
			said += part.toString();
			const found = /DevTools listening on (ws:\S+)/.exec(said)?.[1];
			if (found !== undefined) resolve(found);
		});
		child.once('exit', () => reject(new Error(`Chromium ended: ${said.slice(-2_000)}`)));
	});
}

async function kill(child: ChildProcess, browser: Browser): Promise<void> {
	const gone = new Promise((resolve) => child.once('exit', resolve));
	if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
	await gone;
	await browser.close().catch(() => undefined);
}
