import { describe, expect, it } from 'vitest';
import { isRelayUrl, parseConfig } from '#lib/app/config.ts';
import { defaultSettings } from '#lib/app/default-settings.ts';
import { parseSettings } from '#lib/app/settings.ts';

const good = {
	network: 'sweet-local',
	relays: ['ws://127.0.0.1:7777', 'wss://relay.example/path'],
	iceServers: [
		{ urls: 'stun:stun.example:3478' },
		{ urls: 'turn:turn.example', username: 'u', credential: 'c' },
	],
	parameters: { admissionComplexity: 0, targetLinks: 3 },
	chains: [
		{
			id: 31_337,
			name: 'This machine',
			rpcs: ['http://127.0.0.1:8545', 'https://rpc.example/key'],
			contract: `0x${'5'.repeat(40)}`,
			coin: 'ETH',
			money: 'play',
		},
	],
};
const chain = good.chains[0]!;

describe('config.json', () => {
	it('is accepted with every known field', () => {
		expect(parseConfig(JSON.stringify(good))).toEqual({ ok: true, value: good });
	});

	it('may leave ice servers, parameters and chains out', () => {
		expect(parseConfig('{"network":"n","relays":[]}')).toEqual({
			ok: true,
			value: { network: 'n', relays: [], iceServers: [], parameters: {}, chains: [] },
		});
	});

	it.each([
		['not JSON', 'network=1'],
		['null', 'null'],
		['a list', '[]'],
		['over 16 KiB', JSON.stringify({ ...good, filler: 'x'.repeat(17_000) })],
		['no network', '{"relays":[]}'],
		['a network with a slash', '{"network":"a/b","relays":[]}'],
		['relays of another type', '{"network":"n","relays":"wss://a"}'],
		['too many relays', JSON.stringify({ network: 'n', relays: Array(9).fill('wss://a.example') })],
		['a plain relay far away', '{"network":"n","relays":["ws://a.example"]}'],
		['an http relay', '{"network":"n","relays":["https://a.example"]}'],
		['an http ice server', '{"network":"n","relays":[],"iceServers":[{"urls":"http://a"}]}'],
		['an unknown parameter', '{"network":"n","relays":[],"parameters":{"magic":1}}'],
		['a parameter out of range', '{"network":"n","relays":[],"parameters":{"targetLinks":1000}}'],
		['a parameter that is no number', '{"network":"n","relays":[],"parameters":{"targetLinks":"5"}}'],
		['prototype games', '{"network":"n","relays":[],"parameters":{"__proto__":1}}'],
	])('is refused when it is %s', (_name, json) => {
		expect(parseConfig(json)).toMatchObject({ ok: false, error: { type: 'config' } });
	});

	it.each([
		['no list', {}],
		['nine of them', Array.from({ length: 9 }, (_, i) => ({ ...chain, id: i + 1 }))],
		['nothing', [null]],
		['one twice', [chain, chain]],
		['an id that is no number', [{ ...chain, id: '1' }]],
		['an id below one', [{ ...chain, id: 0 }]],
		['a long name', [{ ...chain, name: 'x'.repeat(33) }]],
		['no RPC', [{ ...chain, rpcs: [] }]],
		['an unencrypted RPC far away', [{ ...chain, rpcs: ['http://rpc.example'] }]],
		['an RPC with a password in it', [{ ...chain, rpcs: ['https://me:secret@rpc.example'] }]],
		['an RPC that is a script', [{ ...chain, rpcs: ['javascript:alert(1)'] }]],
		['a contract that is no address', [{ ...chain, contract: '0x5' }]],
		['money of no kind', [{ ...chain, money: 'monopoly' }]],
	])('is refused when its chains are %s', (_name, chains) => {
		expect(parseConfig(JSON.stringify({ ...good, chains }))).toMatchObject({
			ok: false,
			error: { type: 'config', detail: expect.stringMatching(/^chains: /) as string },
		});
	});
});

describe('relay URLs', () => {
	it.each(['wss://a.example', 'wss://a.example:8443/x', 'ws://localhost:7777', 'ws://127.0.0.1:1/'])(
		'%s is allowed',
		(url) => {
			expect(isRelayUrl(url)).toBe(true);
		},
	);
	it.each([
		'ws://10.0.0.1',
		'wss://user:pw@a.example',
		'wss://a?x=1',
		'javascript:alert(1)',
		'file:///etc/passwd',
		'',
		'wss://',
		'ws://localhost.evil.example',
		7,
	])('%s is not', (url) => {
		expect(isRelayUrl(url)).toBe(false);
	});
});

describe('stored settings', () => {
	it('keep what is sound and drop what is not', () => {
		const settings = parseSettings({
			topics: ['/drive', '/Drive', 5, '/drive', '/a/b'],
			relays: ['wss://a.example', 'http://b'],
			iceServers: [{ urls: 'stun:a.example:3478' }, { urls: 'https://b' }, 7],
			relayOnly: true,
			notifications: 'yes',
			name: 'x'.repeat(99),
		});
		expect(settings).toEqual({
			topics: ['/drive', '/a/b'],
			relays: ['wss://a.example'],
			iceServers: [{ urls: 'stun:a.example:3478' }],
			relayOnly: true,
			notifications: false,
			sparing: false,
			graphics: false,
			name: 'x'.repeat(40),
		});
	});
	it.each([undefined, null, 7, 'x', []])('fall back when they are %s', (value) => {
		expect(parseSettings(value)).toEqual(defaultSettings);
	});
});
