import { describe, expect, it } from 'vitest';
import type { Bytes } from '#lib/core/brand.ts';
import { linkFrames, type LinkFrame } from '#lib/webrtc/frames.ts';
import { linkLimits } from '#lib/webrtc/limits.ts';
import { Link, type LinkEnd } from '#lib/webrtc/link/link.ts';

const start = 1_000_000;

/** A frame of the engine: `tag` tells it apart. */
const frame = (tag: number, length = 100): Bytes => {
	const bytes = new Uint8Array(length);
	bytes.set([1, 0x10, tag]);
	return bytes;
};
const tagOf = (bytes: Bytes) => bytes[2];

/** A link with everything it does written down. */
function rig({ buffered = 0, takes = true } = {}) {
	const world = { buffered, takes, now: start };
	const sent: Bytes[] = [];
	const delivered: Bytes[] = [];
	const proofs: Bytes[] = [];
	const ends: LinkEnd[] = [];
	const rooms = { count: 0 };
	const link = new Link(
		{
			transmit(bytes) {
				if (world.takes) sent.push(bytes);
				return world.takes;
			},
			buffered: () => world.buffered,
			degree: () => 3,
			deliver: (bytes) => delivered.push(bytes),
			admission: (proof) => proofs.push(proof),
			room: () => (rooms.count += 1),
			end: (reason) => ends.push(reason),
		},
		0,
		start,
	);
	const control = () =>
		sent.flatMap((bytes): LinkFrame[] => {
			const parsed = linkFrames.decode(bytes);
			return parsed.ok ? [parsed.value] : [];
		});
	return {
		world,
		link,
		delivered,
		proofs,
		ends,
		rooms,
		control,
		data: () => sent.filter((bytes) => (bytes[1] ?? 0) >= 0x10),
		send: (bytes: Bytes, priority: 0 | 1 | 2 = 1) => link.send(bytes, priority, world.now),
		get: (bytes: Bytes) => link.receive(bytes, world.now),
		getFrame: (value: LinkFrame) => link.receive(linkFrames.encode(value), world.now),
		/** Lets time pass, waking the link whenever it asks for it. */
		pass(ms: number) {
			const end = world.now + ms;
			for (let at = link.nextWake(world.now); at <= end; at = link.nextWake(world.now)) {
				world.now = Math.max(world.now, at);
				link.wake(world.now);
				if (ends.length > 0) break;
			}
			world.now = end;
		},
		/** Time passes while this program stands still. */
		freeze(ms: number) {
			world.now += ms;
		},
	};
}

describe('sending', () => {
	it('says once that there is room again, when the class that refused a frame is half empty', () => {
		const rigged = rig();
		const largest = () => frame(0, 16_384);
		let taken = 0;
		while (rigged.send(largest())) taken += 1;
		expect(taken).toBeGreaterThan(16);
		expect(rigged.rooms.count).toBe(0);
		rigged.getFrame({ kind: 'Credit', frames: 80, bytes: linkLimits.windowBytes * 2 - 16_384 });
		expect(rigged.rooms.count).toBe(0);
		rigged.getFrame({ kind: 'Credit', frames: 90, bytes: linkLimits.windowBytes * 2 });
		expect(rigged.rooms.count).toBe(1);
		rigged.getFrame({ kind: 'Credit', frames: 100, bytes: linkLimits.windowBytes * 3 });
		expect(rigged.rooms.count).toBe(1);
		expect(rigged.send(largest())).toBe(true);
	});

	it('stops at the window and goes on when credit comes', () => {
		const rigged = rig();
		for (let i = 0; i < 100; i++) rigged.send(frame(i));
		expect(rigged.data()).toHaveLength(linkLimits.windowFrames);
		rigged.getFrame({ kind: 'Credit', frames: 80, bytes: linkLimits.windowBytes * 2 });
		expect(rigged.data()).toHaveLength(80);
		// A late repetition of an older grant takes nothing away and adds nothing.
		rigged.getFrame({ kind: 'Credit', frames: 70, bytes: 1 });
		expect(rigged.data()).toHaveLength(80);
	});

	it('counts bytes as well as frames', () => {
		const rigged = rig();
		for (let i = 0; i < 20; i++) rigged.send(frame(i, 16_384));
		expect(rigged.data()).toHaveLength(linkLimits.windowBytes / 16_384);
	});

	it('sends the urgent first once there is credit again, in order within a class', () => {
		const rigged = rig();
		for (let i = 0; i < linkLimits.windowFrames; i++) rigged.send(frame(200));
		rigged.send(frame(1), 2);
		rigged.send(frame(2), 1);
		rigged.send(frame(3), 0);
		rigged.send(frame(4), 0);
		rigged.getFrame({ kind: 'Credit', frames: 68, bytes: linkLimits.windowBytes });
		expect(rigged.data().slice(-4).map(tagOf)).toEqual([3, 4, 2, 1]);
	});

	it('says no when a class is full, and only that class', () => {
		const rigged = rig();
		const room = linkLimits.windowFrames + linkLimits.queueFrames;
		for (let i = 0; i < room; i++) expect(rigged.send(frame(1), 2)).toBe(true);
		expect(rigged.send(frame(1), 2)).toBe(false);
		expect(rigged.send(frame(1), 0)).toBe(true);
	});

	it('keeps frames to itself while the connection holds its high-water mark, until it drains', () => {
		const rigged = rig({ buffered: linkLimits.highWater });
		rigged.send(frame(7));
		expect(rigged.data()).toHaveLength(0);
		rigged.world.buffered = 0;
		rigged.link.drained(rigged.world.now);
		expect(rigged.data().map(tagOf)).toEqual([7]);
	});

	it('drops what waited too long instead of sending it late', () => {
		const rigged = rig();
		for (let i = 0; i < linkLimits.windowFrames; i++) rigged.send(frame(1));
		rigged.send(frame(2));
		rigged.pass(6_000);
		rigged.getFrame({ kind: 'Pong', seq: 2, degree: 0 });
		rigged.send(frame(3));
		rigged.pass(5_000);
		rigged.getFrame({ kind: 'Credit', frames: 70, bytes: linkLimits.windowBytes });
		expect(rigged.data().slice(linkLimits.windowFrames).map(tagOf)).toEqual([3]);
	});
});

describe('receiving', () => {
	it('grants more once half the window is used', () => {
		const rigged = rig();
		for (let i = 0; i < 31; i++) rigged.get(frame(i));
		expect(rigged.control().filter(({ kind }) => kind === 'Credit')).toEqual([]);
		rigged.get(frame(31));
		expect(rigged.control().find(({ kind }) => kind === 'Credit')).toEqual({
			kind: 'Credit',
			frames: 32 + linkLimits.windowFrames,
			bytes: 3_200 + linkLimits.windowBytes,
		});
		expect(rigged.delivered).toHaveLength(32);
	});

	it('paces a flood by its grants: what a neighbour sends in the long run is bounded', () => {
		const rigged = rig();
		const granted = () => {
			const last = rigged.control().findLast(({ kind }) => kind === 'Credit');
			return last?.kind === 'Credit' ? last.frames : linkLimits.windowFrames;
		};
		let received = 0;
		const seconds = 20;
		for (let step = 0; step < seconds * 20; step++) {
			while (received < granted()) {
				rigged.get(frame(1, 20));
				received += 1;
			}
			rigged.pass(50);
		}
		expect(rigged.ends).toEqual([]);
		expect(received).toBeLessThanOrEqual(
			linkLimits.frameBurst + linkLimits.windowFrames + seconds * linkLimits.framesPerSecond,
		);
		expect(received).toBeGreaterThan(seconds * linkLimits.framesPerSecond * 0.9);
	});

	it.each<[string, Bytes, string]>([
		['an oversized message', frame(1, 16_385), 'bad-frame'],
		['an empty message', new Uint8Array(), 'bad-frame'],
		['another version', new Uint8Array([2, 0x10, 0]), 'bad-frame'],
		['an unknown link frame', new Uint8Array([1, 0x0f]), 'bad-frame'],
		['a truncated link frame', new Uint8Array([1, 0x05, 0]), 'bad-frame'],
		[
			'a hello after the handshake',
			linkFrames.encode({ kind: 'Auth', signature: new Uint8Array(64) }),
			'bad-frame',
		],
	])('closes on %s', (_, bytes, code) => {
		const rigged = rig();
		rigged.get(bytes);
		expect(rigged.ends).toMatchObject([{ kind: 'closed', code }]);
		expect(rigged.control().at(-1)).toMatchObject({ kind: 'Bye', code });
		rigged.get(frame(1));
		expect(rigged.delivered).toEqual([]);
	});

	it('closes on one frame over the credit', () => {
		const rigged = rig();
		for (let i = 0; i < 17; i++) rigged.get(frame(i, 16_384));
		expect(rigged.ends).toMatchObject([]);
		// The grants that answered are ignored by a peer that just sends on.
		const greedy = rig();
		for (let i = 0; i < 2_000 && greedy.ends.length === 0; i++) greedy.get(frame(1, 20));
		expect(greedy.ends).toMatchObject([{ kind: 'closed', code: 'over-credit' }]);
	});

	it('closes on a flood of link frames', () => {
		const rigged = rig();
		for (let i = 0; i <= linkLimits.controlBurst; i++) rigged.getFrame({ kind: 'Ping', seq: i, degree: 0 });
		expect(rigged.ends).toMatchObject([{ kind: 'closed', code: 'too-fast' }]);
	});

	it('ends with the reason of the peer', () => {
		const rigged = rig();
		rigged.getFrame({ kind: 'Bye', code: 'full', detail: 'no room' });
		expect(rigged.ends).toEqual([{ kind: 'bye', code: 'full', detail: 'no room' }]);
	});
});

describe('the heartbeat', () => {
	it('measures the round trip and learns the degree of the peer', () => {
		const rigged = rig();
		rigged.pass(0);
		expect(rigged.control()).toEqual([{ kind: 'Ping', seq: 1, degree: 3 }]);
		rigged.pass(120);
		rigged.getFrame({ kind: 'Pong', seq: 1, degree: 9 });
		expect(rigged.link.rttMs).toBe(120);
		expect(rigged.link.peerDegree).toBe(9);
	});

	it('answers pings', () => {
		const rigged = rig();
		rigged.getFrame({ kind: 'Ping', seq: 77, degree: 4 });
		expect(rigged.control()).toEqual([{ kind: 'Pong', seq: 77, degree: 3 }]);
	});

	it('gives up a silent peer after 10 s and not before', () => {
		const rigged = rig();
		rigged.pass(9_999);
		expect(rigged.ends).toEqual([]);
		rigged.pass(1);
		expect(rigged.ends).toEqual([{ kind: 'dead' }]);
	});

	it('keeps a peer that only sends frames', () => {
		const rigged = rig();
		for (let i = 0; i < 10; i++) {
			rigged.pass(5_000);
			rigged.get(frame(i));
		}
		expect(rigged.ends).toEqual([]);
	});

	it('after a freeze drops the burst that had waited, until the peer answers a new ping', () => {
		const rigged = rig();
		rigged.pass(0);
		rigged.getFrame({ kind: 'Pong', seq: 1, degree: 0 });
		rigged.freeze(60_000);
		for (let i = 0; i < 5; i++) rigged.get(frame(i));
		expect(rigged.delivered).toEqual([]);
		expect(rigged.link.counters.staleIn).toBe(5);
		const ping = rigged.control().at(-1);
		expect(ping).toMatchObject({ kind: 'Ping', seq: 2 });
		// An answer to the ping from before the freeze proves nothing about now.
		rigged.getFrame({ kind: 'Pong', seq: 1, degree: 0 });
		rigged.get(frame(8));
		expect(rigged.delivered).toEqual([]);
		rigged.getFrame({ kind: 'Pong', seq: 2, degree: 0 });
		rigged.get(frame(9));
		expect(rigged.delivered.map(tagOf)).toEqual([9]);
	});

	it('after a freeze gives a peer that is gone 2 s, though the burst it left behind still comes', () => {
		const rigged = rig();
		rigged.pass(0);
		rigged.freeze(60_000);
		rigged.get(frame(1));
		rigged.pass(1_000);
		rigged.get(frame(2));
		rigged.pass(999);
		expect(rigged.ends).toEqual([]);
		rigged.pass(1);
		expect(rigged.ends).toEqual([{ kind: 'dead' }]);
	});
});
