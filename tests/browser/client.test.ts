import { afterAll, expect, test, vi } from 'vitest';
import { startClient } from '#lib/app/client.ts';
import type { NodeClient, Slices } from '#lib/app/protocol.ts';

/** The page's end of a node in its Worker, for real: only the deployment's configuration is made up. */
const config = { network: 'client-test', relays: ['ws://127.0.0.1:9'], iceServers: [], parameters: {} };
vi.stubGlobal('fetch', () => Promise.resolve(new Response(JSON.stringify(config))));
afterAll(() => vi.unstubAllGlobals());

const until = (
	client: NodeClient,
	holds: (network: Slices['network']) => boolean,
): Promise<Slices['network']> =>
	new Promise((resolve) => {
		const stop = client.slices.subscribe(() => {
			const network = client.slices.current('network');
			if (!holds(network)) return;
			stop();
			resolve(network);
		});
	});

test('a node that starts anew, for other relays, is the same peer', async () => {
	const client = startClient();
	const before = await until(client, ({ role }) => role === 'keeper');
	const relays = ['ws://127.0.0.1:19'];
	const saved = await client.command('saveSettings', {
		topics: [],
		relays,
		iceServers: [],
		relayOnly: false,
		notifications: false,
		sparing: false,
		graphics: false,
		name: '',
	});
	expect(saved).toEqual({ ok: true, value: null });
	const after = await until(
		client,
		({ role, relays: [relay] }) => role === 'keeper' && relay?.name === relays[0],
	);
	expect(after.self).toBe(before.self);
	await client.command('eraseAll', {});
});

test('a node that cannot start refuses commands at once', async () => {
	vi.stubGlobal('fetch', () => Promise.resolve(new Response('{}')));
	const client = startClient();
	const reasons: string[] = [];
	await new Promise<void>((resolve) => {
		client.onfatal(({ code }) => {
			reasons.push(code);
			resolve();
		});
	});
	expect(reasons).toEqual(['config']);
	await expect(client.command('markRead', {})).resolves.toMatchObject({
		ok: false,
		error: { code: 'not-ready' },
	});
});
