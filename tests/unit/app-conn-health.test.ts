import { describe, expect, it } from 'vitest';
import { createConnHealth } from '#lib/app/conn-health.ts';
import { err, ok } from '#lib/core/result.ts';
import type { ConnClosed, ConnFactory, PeerConnEvents } from '#lib/webrtc/ports.ts';

const stun = { iceServers: [{ urls: 'stun:a.example' }] };
const fingerprints = { local: new Uint8Array(32), remote: new Uint8Array(32) };

function setUp() {
	const made: PeerConnEvents[] = [];
	let changes = 0;
	const health = createConnHealth(() => (changes += 1));
	const conns: ConnFactory = {
		create(_, events) {
			made.push(events);
			return ok({ signal() {}, send: () => true, buffered: 0, close() {} });
		},
	};
	const told: string[] = [];
	const watched = health.watch(conns);
	const open = () => {
		watched.create(true, {
			onsignal() {},
			onopen: () => told.push('open'),
			onmessage() {},
			ondrain() {},
			onclose: ({ code }) => told.push(code),
		});
		return made.at(-1)!;
	};
	const fail = (code: ConnClosed['code']) => open().onclose({ type: 'conn-closed', code, detail: '' });
	return { health, open, fail, told, changes: () => changes };
}

describe('what ails the connections', () => {
	it('is nothing at first, and nothing after a single failure', () => {
		const { health, fail, told, changes } = setUp();
		expect(health.trouble(stun)).toBeUndefined();
		fail('failed');
		expect(health.trouble(stun)).toBeUndefined();
		expect([told, changes()]).toEqual([['failed'], 1]);
	});

	it('is a missing path after three failures in a row, until a connection opens', () => {
		const { health, open, fail } = setUp();
		for (let i = 0; i < 3; i++) fail('failed');
		expect(health.trouble(stun)).toBe('no-path');
		open().onopen(fingerprints);
		expect(health.trouble(stun)).toBeUndefined();
	});

	it('does not count what this node or its peer gave up', () => {
		const { health, fail, changes } = setUp();
		for (let i = 0; i < 9; i++)
			for (const code of ['closed', 'closed-by-peer', 'budget'] as const) fail(code);
		expect([health.trouble(stun), changes()]).toEqual([undefined, 0]);
	});

	it('is the lack of candidates, or of room in the browser, at once', () => {
		const { health, fail } = setUp();
		fail('no-candidates');
		expect(health.trouble(stun)).toBe('no-candidates');
		fail('cannot-construct');
		expect(health.trouble(stun)).toBe('exhausted');
	});

	it('is known beforehand where only relays may be used and there is none', () => {
		const { health } = setUp();
		expect(health.trouble({ ...stun, relayOnly: true })).toBe('relay-only-without-turn');
		expect(health.trouble({ iceServers: [{ urls: 'turns:a.example' }], relayOnly: true })).toBeUndefined();
	});

	it('is a browser without room where a connection cannot be constructed', () => {
		const health = createConnHealth(() => undefined);
		const conns: ConnFactory = {
			create: () => err({ type: 'conn', code: 'failed', detail: 'Cannot create so many PeerConnections' }),
		};
		health.watch(conns).create(true, {} as PeerConnEvents);
		expect(health.trouble(stun)).toBe('exhausted');
	});
});
