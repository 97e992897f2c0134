import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { startStaticServer } from '../../network/static-server.ts';

/** Builds a page of a test or benchmark and serves it on this machine; it is no part of the product. */
export async function servePage(folder: URL): Promise<{ readonly url: string; close(): Promise<void> }> {
	const outDir = mkdtempSync(join(tmpdir(), 'mesh-page-'));
	await build({
		configFile: false,
		logLevel: 'error',
		root: fileURLToPath(folder),
		build: { target: 'es2023', outDir, emptyOutDir: true },
	});
	const config = { network: 'test', relays: [], iceServers: [], parameters: {} };
	const server = await startStaticServer({ root: outDir, port: 0, config });
	if (!server.ok) throw new Error(server.error.detail);
	return {
		url: `${server.value.url}/index.html`,
		async close() {
			await server.value.close();
			rmSync(outDir, { recursive: true });
		},
	};
}
