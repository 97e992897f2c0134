import { describe, expect, it } from 'vitest';
import type { Bytes, PeerId } from '#lib/core/brand.ts';
import { compressedKey } from '#lib/core/crypto/schnorr.ts';
import { CircuitCarrier } from '#lib/webrtc/circuit/carrier.ts';
import { createCircuitConns } from '#lib/webrtc/circuit/conn.ts';
import { circuitFrames } from '#lib/webrtc/circuit/frames.ts';
import { packInvitation, unpackInvitation } from '#lib/webrtc/circuit/invitation.ts';
import { circuitLimits } from '#lib/webrtc/circuit/limits.ts';
import { virtualClock } from '../kit/virtual-clock.ts';
import { describePeerConn } from './webrtc-kit/conn-conformance.ts';
import { connect, type ConformanceRig } from './webrtc-kit/conn-scenarios.ts';
import { identityOf } from './webrtc-kit/identity.ts';
import { seededRandom } from './webrtc-kit/random.ts';

/** A graph of carriers under virtual time; `spy` sees every frame on every link, and may change or drop it. */
function graph(edges: readonly (readonly [string, string])[]) {
	const clock = virtualClock();
	const names = [...new Set(edges.flat())];
	const links = new Set(edges.flatMap(([a, b]) => [`${a} ${b}`, `${b} ${a}`]));
	const seen: { readonly from: string; readonly to: string; readonly frame: Bytes }[] = [];
	const world: { spy: (from: string, to: string, frame: Bytes) => Bytes | undefined } = {
		spy: (_, __, same) => same,
	};
	const carriers = new Map<string, CircuitCarrier>();
	for (const name of names)
		carriers.set(
			name,
			new CircuitCarrier({
				now: () => clock.now(),
				neighbours: () => names.filter((other): other is PeerId => links.has(`${name} ${other}`)),
				send(peer, bytes) {
					if (!links.has(`${name} ${peer}`)) return false;
					const frame = world.spy(name, peer, bytes);
					if (!frame) return true;
					seen.push({ from: name, to: peer, frame });
					clock.after(20, () => carriers.get(peer)?.receive(name as PeerId, frame));
					return true;
				},
			}),
		);
	const conns = (name: string) =>
		createCircuitConns({
			carrier: carriers.get(name)!,
			clock,
			random: seededRandom(names.indexOf(name) + 77),
		});
	const rig = (caller: string, callee: string): ConformanceRig => ({
		caller: conns(caller),
		callee: conns(callee),
		async until(check) {
			for (let i = 0; i < 40_000 && !check(); i++) await clock.advance(5);
			expect(check()).toBe(true);
		},
	});
	const unlink = (a: string, b: string) => {
		for (const [from, to] of [
			[a, b],
			[b, a],
		] as const) {
			links.delete(`${from} ${to}`);
			carriers.get(from)!.unlinked(to as PeerId);
		}
	};
	return { clock, carriers, seen, world, rig, unlink };
}

const line = (...names: string[]) => names.slice(1).map((name, i) => [names[i]!, name] as const);
const ring = (count: number) =>
	Array.from({ length: count }, (_, i) => [`n${i}`, `n${(i + 1) % count}`] as const);

describePeerConn('circuit', () => {
	// Two ways of different length: pieces must keep their order all the same.
	const { rig } = graph([...line('a', 'm', 'n', 'b'), ...line('a', 'x', 'b')]);
	const forge = (packed: Bytes) => {
		const invitation = unpackInvitation(packed)!;
		return packInvitation({ ...invitation, key: compressedKey(identityOf(9).secret) });
	};
	return { ...rig('a', 'b'), forge };
});

describe('a circuit', () => {
	it('finds the other end six links away and no further', async () => {
		const near = graph(line('a', '1', '2', '3', '4', '5', 'b'));
		await connect(near.rig('a', 'b'));
		const far = graph(line('a', '1', '2', '3', '4', '5', '6', '7', 'b'));
		const opened = connect(far.rig('a', 'b')).then(
			() => 'open',
			() => 'no way',
		);
		await far.clock.advance(30_000);
		expect(await opened).toBe('no way');
		// The circles did not meet, so nobody asked a ninth node.
		expect(far.seen.length).toBeLessThan(2 * circuitLimits.hops + 1);
	});

	it('costs few frames in a dense mesh, and each node hears of an end once', async () => {
		const edges = Array.from({ length: 200 }, (_, i) =>
			[1, 7, 31].map((step) => [`n${i}`, `n${(i + step) % 200}`] as const),
		).flat();
		const { rig, seen } = graph(edges);
		await connect(rig('n0', 'n101'));
		const opens = seen.filter(({ frame }) => circuitFrames.decode(frame).ok && frame[1] === 0x0c);
		expect(opens.length).toBeLessThan(2 * 6 * 5 * 5 + 20);
	});

	it('shows those on the way neither what is said nor the keys', async () => {
		const { rig, seen } = graph(line('a', 'm', 'b'));
		const [a, b] = await connect(rig('a', 'b'));
		const secret = new TextEncoder().encode('meet me at the bakery at nine');
		a.conn.send(secret);
		await rig('a', 'b').until(() => b.messages.length === 1);
		const wire = seen.map(({ frame }) => new TextDecoder('latin1').decode(frame)).join('');
		expect(wire).not.toContain('bakery');
		expect(new TextDecoder().decode(b.messages[0])).toContain('bakery');
	});

	it('drops what somebody on the way made up, changed or said again', async () => {
		const { rig, world, carriers, seen, clock } = graph(line('a', 'm', 'b'));
		const patience = rig('a', 'b');
		const [a, b] = await connect(patience);
		a.conn.send(new Uint8Array([1]));
		await patience.until(() => b.messages.length === 1);
		const piece = seen.find(({ from, frame }) => from === 'm' && frame[1] === 0x0d)!.frame;
		const forged = piece.slice();
		forged[forged.length - 1]! ^= 1;
		for (const junk of [forged, piece, piece.slice(0, 25)])
			carriers.get('b')!.receive('m' as string as PeerId, junk);
		a.conn.send(new Uint8Array([2]));
		await patience.until(() => b.messages.length === 2);
		expect(b.messages.map(([first]) => first)).toEqual([1, 2]);
		expect([a.closed, b.closed]).toEqual([[], []]);
		// A piece that is held back cannot go unnoticed.
		world.spy = (from, _, frame) => (from === 'm' && frame[1] === 0x0d ? undefined : frame);
		a.conn.send(new Uint8Array([3]));
		await clock.advance(100);
		world.spy = (_, __, frame) => frame;
		a.conn.send(new Uint8Array([4]));
		await patience.until(() => b.closed.length === 1);
		expect([b.messages.length, b.closed[0]!.code]).toEqual([2, 'failed']);
	});

	it('ends when a peer on the way leaves, at both ends', async () => {
		const { rig, unlink } = graph(line('a', 'm', 'n', 'b'));
		const patience = rig('a', 'b');
		const [a, b] = await connect(patience);
		unlink('m', 'n');
		await patience.until(() => a.closed.length === 1 && b.closed.length === 1);
		expect([a.closed[0]!.code, b.closed[0]!.code]).toEqual(['closed-by-peer', 'closed-by-peer']);
	});

	it('is forgotten by those on the way when nothing comes for half a minute', async () => {
		const { rig, clock, carriers, seen } = graph(line('a', 'm', 'b'));
		const [a] = await connect(rig('a', 'b'));
		await clock.advance(circuitLimits.idleMs + 1_000);
		// Sweeping happens as frames come.
		carriers.get('m')!.receive(
			'a' as string as PeerId,
			circuitFrames.encode({
				kind: 'CircuitOpen',
				tag: new Uint8Array(16),
				side: 'caller',
				ttl: 0,
			}),
		);
		const before = seen.length;
		a.conn.send(new Uint8Array([1]));
		await clock.advance(1_000);
		expect(seen.slice(before).filter(({ from }) => from === 'm')).toEqual([]);
	});

	it('carries no more than its share for a greedy end, and then ends', async () => {
		const { clock, carriers, seen } = graph(line('a', 'm', 'b'));
		const tag = new Uint8Array(16).fill(9);
		const m = carriers.get('m')!;
		for (const [peer, side] of [
			['a', 'caller'],
			['b', 'callee'],
		] as const)
			m.receive(peer as string as PeerId, circuitFrames.encode({ kind: 'CircuitOpen', tag, side, ttl: 0 }));
		const flood = circuitFrames.encode({
			kind: 'CircuitData',
			tag,
			to: 'callee',
			sealed: new Uint8Array(8_000),
		});
		for (let i = 0; i < 200; i++) m.receive('a' as string as PeerId, flood);
		await clock.advance(100);
		const carried = seen.filter(({ from, frame }) => from === 'm' && frame[1] === 0x0d);
		expect(carried.length * 8_000).toBeLessThanOrEqual(circuitLimits.burstBytes);
		expect(seen.some(({ from, to, frame }) => from === 'm' && to === 'b' && frame[1] === 0x0e)).toBe(true);
	});

	it('flood of circuits costs a node a bounded table, and its neighbours a bounded number of frames', () => {
		const { carriers, seen } = graph([...ring(3), ...line('n0', 'evil')]);
		for (let i = 0; i < 5_000; i++) {
			const tag = new Uint8Array(16);
			new DataView(tag.buffer).setUint32(0, i);
			carriers
				.get('n0')!
				.receive(
					'evil' as string as PeerId,
					circuitFrames.encode({ kind: 'CircuitOpen', tag, side: 'caller', ttl: circuitLimits.hops }),
				);
		}
		expect(seen.length).toBe(2 * circuitLimits.opensPerMinute);
	});

	it('junk of any kind is dropped', () => {
		const { carriers, seen } = graph(line('a', 'm', 'b'));
		const random = seededRandom(5);
		for (let i = 0; i < 2_000; i++) {
			const junk = random.bytes(1 + (i % 60));
			junk[0] = 1;
			if (junk.length > 1) junk[1] = 0x0c + (i % 3);
			carriers.get('m')!.receive('a' as string as PeerId, junk);
		}
		expect(seen.filter(({ frame }) => frame[1] === 0x0d)).toEqual([]);
	});
});
