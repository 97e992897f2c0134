import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright';
import { build } from 'vite';
import { powKernels } from '#lib/pow/generator/vite-plugin.ts';
import { startStaticServer } from '../../../network/static-server.ts';
import { chromiumLaunch } from '../../chromium.ts';
import type { ModuleBytes } from './contestants.ts';
import type { Measured } from './figures.ts';
import type { PageFigures, Question } from './page/protocol.ts';

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');

/** Builds the benchmark's page, opens it in Chromium and lets its Worker race; `between` runs after each piece. */
export async function measureInChromium(
	modules: ModuleBytes,
	pieces: number,
	rounds: number,
	between: () => Promise<void>,
): Promise<Measured & { readonly page: PageFigures }> {
	const folder = mkdtempSync(join(tmpdir(), 'pow-bench-'));
	await build({
		configFile: false,
		logLevel: 'error',
		root: fileURLToPath(new URL('./page', import.meta.url)),
		plugins: [powKernels()],
		worker: { format: 'es', plugins: () => [powKernels()] },
		build: { target: 'es2023', outDir: folder, emptyOutDir: true },
	});
	const config = { network: 'bench', relays: [], iceServers: [], parameters: {} };
	const server = await startStaticServer({ root: folder, port: 0, config });
	if (!server.ok) throw new Error(server.error.detail);
	const browser = await chromium.launch(chromiumLaunch());
	try {
		const page = await browser.newPage();
		await page.goto(`${server.value.url}/index.html`);
		const ask = (question: Question) => page.evaluate((question) => globalThis.ask(question), question);
		await ask({
			kind: 'prepare',
			ask: {
				simd: base64(modules.simd),
				scalar: base64(modules.scalar),
				cap: base64(modules.cap),
				mcaptcha: base64(modules.mcaptcha),
				friendly: base64(modules.friendly),
			},
		});
		for (let piece = 0; piece < pieces; piece++) {
			await ask({ kind: 'run', ask: rounds });
			await between();
		}
		const measured = (await ask({ kind: 'finish', ask: null })) as Measured;
		return { ...measured, page: await page.evaluate(() => globalThis.measurePool()) };
	} finally {
		await browser.close();
		await server.value.close();
		rmSync(folder, { recursive: true });
	}
}
