import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from './fixtures.ts';
import { expectPeers, go } from './gigs.ts';
import { workFact } from './network.ts';

/** A proof too dear to be found by chance, yet a fraction of a second for a kernel: expected hashes. */
const admissionComplexity = 2 ** 21;

/** Serves what another server serves, with a policy for scripts in the answer's own header: Workers obey that one. */
async function strictServer(origin: string): Promise<{ url: string; close(): Promise<unknown> }> {
	const server = createServer((request, response) => {
		void fetch(origin + (request.url ?? '/')).then(async (answer) => {
			response.writeHead(answer.status, {
				'content-type': answer.headers.get('content-type') ?? '',
				...(request.url?.includes('/workers/') ? { 'content-security-policy': "script-src 'self'" } : {}),
			});
			response.end(Buffer.from(await answer.arrayBuffer()));
		});
	});
	await once(server.listen(0, '127.0.0.1'), 'listening');
	const { port } = server.address() as AddressInfo;
	return {
		url: `http://127.0.0.1:${port}`,
		close: () => {
			server.closeAllConnections();
			return once(server.close(), 'close');
		},
	};
}

/** The kernels among what was asked for: WebAssembly, or the chunk that turns a digest's bytes round. */
async function kernelsOf(requests: readonly string[]): Promise<string[]> {
	const files = requests.filter((url) => /\/workers\/(assets|chunks)\//.test(url));
	const alone = await Promise.all(
		files.map(
			async (url) => url.endsWith('.wasm') || (await (await fetch(url)).text()).includes(String(0x00ff00ff)),
		),
	);
	return files.filter((_, at) => alone[at]);
}

test('solvers run the SIMD kernel where the page itself may not compile', async ({ tab, relay }) => {
	const alice = await tab({ relays: [await relay()] });
	await go(alice, 'Network');
	await expect(workFact(alice, 'Measured speed')).toContainText('hashes a second');
	const kernels = await kernelsOf(alice.requests);
	expect(kernels.length).toBeGreaterThan(0);
	for (const url of kernels) expect(url).toMatch(/pow-simd-[\w-]+\.wasm$/);

	const refused = await alice.page.evaluate(() => {
		try {
			new WebAssembly.Module(new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]));
			return '';
		} catch (error) {
			return String(error);
		}
	});
	expect(refused).toContain('Content Security Policy');
});

test('a deployment whose policy forbids WebAssembly works with the kernel in JavaScript', async ({
	tab,
	baseURL,
}) => {
	const strict = await strictServer(baseURL ?? '');
	const alice = await tab({ path: `${strict.url}/network` });
	await expect(workFact(alice, 'Measured speed')).toContainText('hashes a second');
	const kernels = await kernelsOf(alice.requests);
	expect(kernels.length).toBeGreaterThan(0);
	for (const url of kernels) expect(url).toMatch(/chunks\/[\w-]+\.js$/);
	await strict.close();
});

test('a neighbour accepts the admission proof that the kernel found', async ({ tab, relay }) => {
	const relays = [await relay()];
	const parameters = { admissionComplexity, baseComplexity: 64 };
	const [alice, bob] = [await tab({ relays, parameters }), await tab({ relays, parameters })];
	for (const one of [alice, bob]) {
		await expectPeers(one, 1);
		await go(one, 'Network');
	}
	// The tab that was asked for the link checks the proof with plain hashes.
	const proven = () =>
		Promise.all([alice, bob].map(({ page }) => page.getByText('Admission proven').count()));
	await expect.poll(async () => (await proven()).some((count) => count > 0)).toBe(true);
	expect([...alice.errors, ...bob.errors]).toEqual([]);
});
