import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request, type RequestOptions } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parseOptions } from '../../network/options.ts';
import { startStaticServer } from '../../network/static-server.ts';

const config = { network: 'test', relays: ['ws://127.0.0.1:1'], iceServers: [], parameters: {} };

async function serving() {
	const folder = mkdtempSync(join(tmpdir(), 'sweet-static-'));
	const root = join(folder, 'build');
	mkdirSync(join(root, '_app/immutable'), { recursive: true });
	let asked = 0;
	writeFileSync(join(folder, 'secret.txt'), 'secret');
	writeFileSync(join(root, 'index.html'), 'home');
	writeFileSync(join(root, 'activity.html'), 'activity');
	writeFileSync(join(root, '200.html'), 'shell');
	writeFileSync(join(root, 'manifest.webmanifest'), '{}');
	writeFileSync(join(root, '_app/immutable/a.js'), '0');
	const server = await startStaticServer({
		root,
		port: 0,
		config,
		post: { '/counted': () => ({ n: ++asked }) },
	});
	if (!server.ok) throw new Error(server.error.detail);
	onTestFinished(async () => {
		await server.value.close();
		rmSync(folder, { recursive: true });
	});
	return server.value.url;
}

/** A POST with any headers, which `fetch` would not send. */
const post = (options: RequestOptions) =>
	new Promise<{ status: number | undefined; text: string }>((resolve, reject) => {
		const sent = request({ ...options, method: 'POST' }, (response) => {
			let text = '';
			response.on('data', (part: Buffer) => (text += part.toString()));
			response.on('end', () => resolve({ status: response.statusCode, text }));
		});
		sent.on('error', reject);
		sent.end();
	});

describe('the static server', () => {
	test.each([
		['/', 200, 'text/html; charset=utf-8', 'home'],
		['/activity', 200, 'text/html; charset=utf-8', 'activity'],
		['/activity?tab=2', 200, 'text/html; charset=utf-8', 'activity'],
		['/jobs/abc', 200, 'text/html; charset=utf-8', 'shell'],
		['/200.html', 200, 'text/html; charset=utf-8', 'shell'],
		['/manifest.webmanifest', 200, 'application/manifest+json', '{}'],
		['/_app/immutable/a.js', 200, 'text/javascript; charset=utf-8', '0'],
		['/_app/immutable/missing.js', 404, 'text/plain', 'Not found\n'],
		['/%ff', 400, 'text/plain', 'Not found\n'],
		['/..%2fsecret.txt', 404, 'text/plain', 'Not found\n'],
	])('answers %s', async (path, status, type, body) => {
		const answer = await fetch(`${await serving()}${path}`);
		expect([answer.status, answer.headers.get('content-type'), await answer.text()]).toEqual([
			status,
			type,
			body,
		]);
	});

	test.each([
		['its own page', {}, 200, '{"n":1}\n'],
		['a foreign page', { origin: 'https://example.org' }, 403, undefined],
		['a page that made its name resolve here', { host: 'evil.example' }, 403, undefined],
	])('answers a POST of %s', async (_who, headers, status, body) => {
		const { hostname, port } = new URL(await serving());
		const answer = await post({ hostname, port, path: '/counted', headers });
		expect(answer.status).toBe(status);
		if (body !== undefined) expect(answer.text).toBe(body);
		expect((await post({ hostname, port, path: '/other' })).status).toBe(405);
	});

	test.each(['/../secret.txt', '//secret.txt', '/./../../etc/passwd', '/\\..\\secret.txt', '/a\0b.txt'])(
		'gives nothing outside its folder for %j',
		async (path) => {
			const { port } = new URL(await serving());
			const answer = await new Promise<string>((resolve, reject) => {
				let text = '';
				const socket = connect(Number(port), '127.0.0.1', () =>
					socket.write(`GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n`),
				);
				socket.on('data', (data) => (text += data.toString()));
				socket.on('end', () => resolve(text));
				socket.on('error', reject);
			});
			const body = answer.split('\r\n\r\n').at(-1);
			expect(['', 'shell', 'Not found\n']).toContain(body);
		},
	);

	test('sends the headers that keep a page to itself, with every answer', async () => {
		const url = await serving();
		for (const path of ['/', '/config.json', '/missing.js']) {
			const { headers } = await fetch(`${url}${path}`);
			expect(headers.get('permissions-policy')).toContain('camera=()');
			expect(Object.fromEntries(headers)).toMatchObject({
				'content-security-policy': "frame-ancestors 'none'",
				'cross-origin-opener-policy': 'same-origin',
				'referrer-policy': 'no-referrer',
				'x-content-type-options': 'nosniff',
			});
		}
	});

	test('lets a browser keep what cannot change and ask about the rest', async () => {
		const url = await serving();
		const immutable = await fetch(`${url}/_app/immutable/a.js`);
		expect(immutable.headers.get('cache-control')).toContain('immutable');
		const page = await fetch(url);
		expect(page.headers.get('cache-control')).toBe('no-cache');
		const again = await fetch(url, { headers: { 'if-none-match': page.headers.get('etag') ?? '' } });
		expect(again.status).toBe(304);
	});

	test('serves its configuration fresh', async () => {
		const answer = await fetch(`${await serving()}/config.json`);
		expect(await answer.json()).toEqual(config);
		expect(answer.headers.get('cache-control')).toBe('no-store');
	});

	test('answers HEAD without a body and nothing else than reading', async () => {
		const url = await serving();
		const head = await fetch(url, { method: 'HEAD' });
		expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '4', '']);
		expect((await fetch(url, { method: 'POST' })).status).toBe(405);
	});
});

describe('the command line of the local network', () => {
	const defaults = { port: 4180, relayPort: 4181, peers: 5, chainPort: 4182, blockTime: 2, help: false };

	test.each([
		[[], {}, defaults],
		[[], { PORT: '8000', RELAY_PORT: '8001' }, { ...defaults, port: 8000, relayPort: 8001 }],
		[['--port', '9000'], { PORT: '8000' }, { ...defaults, port: 9000 }],
		[['--port=0', '--relay-port=0', '--peers=0'], {}, { ...defaults, port: 0, relayPort: 0, peers: 0 }],
		[['--chain-port=none'], { CHAIN_PORT: '8545' }, { ...defaults, chainPort: undefined }],
		[['--block-time', '0'], { CHAIN_PORT: '8545' }, { ...defaults, chainPort: 8545, blockTime: 0 }],
		[['--help'], { PORT: '' }, { ...defaults, help: true }],
	])('%j with %j is %j', (args, env, options) => {
		expect(parseOptions(args, env)).toEqual({ ok: true, value: options });
	});

	test.each([
		[['--port', 'http'], {}],
		[['--port', '65536'], {}],
		[['--port', '-1'], {}],
		[['--prot', '1'], {}],
		[['--peers', '51'], {}],
		[[], { RELAY_PORT: '1e3' }],
		[['--port', '4181'], {}],
		[['--chain-port', '4180'], {}],
		[['--chain-port', 'any'], {}],
		[['--block-time', '61'], {}],
	])('%j with %j is refused with one line', (args, env) => {
		const options = parseOptions(args, env);
		expect(options).toMatchObject({ ok: false, error: { type: 'option' } });
		expect(options.ok ? '' : options.error.detail).not.toBe('');
	});
});
