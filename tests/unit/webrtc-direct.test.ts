import { describe, expect, it, vi } from 'vitest';
import type { Bytes } from '#lib/core/brand.ts';
import { createNodeConns } from '#lib/webrtc/conn/node.ts';
import { createDirectLinks } from '#lib/webrtc/direct.ts';
import type { DirectEvents, Rendezvous } from '#lib/webrtc/ports.ts';
import { createMemoryRelays } from '#lib/webrtc/rendezvous/memory.ts';
import { createSignalling } from '#lib/webrtc/signalling.ts';
import { identityOf } from './webrtc-kit/identity.ts';
import { createLab, type Lab, type LabNode } from './webrtc-kit/lab.ts';
import { seededRandom } from './webrtc-kit/random.ts';
import { realClock } from './webrtc-kit/real-clock.ts';
import { instantSolver } from './webrtc-kit/solver.ts';

const job = identityOf(51);
const offer = identityOf(52);
const secret = '5e'.repeat(16);
const relay = 'wss://memory.test';
const frame = (tag: number): Bytes => new Uint8Array([1, 0x20, tag]);

function two(lab: Lab, parameters = {}): [LabNode, LabNode] {
	return [lab.add({ parameters }), lab.add({ parameters })];
}

async function called(lab: Lab, parameters = {}): Promise<[LabNode, LabNode]> {
	const [customer, worker] = two(lab, parameters);
	worker.direct.listen(offer, [secret]);
	customer.direct.call(job, offer.id, [relay], secret);
	await lab.clock.advance(1_000);
	expect([customer.calls.length, worker.calls.length]).toEqual([1, 1]);
	return [customer, worker];
}

describe('a direct call', () => {
	it('opens between the two keys, with the secret that was named and the same certificates', async () => {
		const lab = createLab();
		const [customer, worker] = await called(lab);
		const [[out], [incoming]] = [customer.calls, worker.calls];
		expect(out).toMatchObject({ self: job.id, peer: offer.id, incoming: false, secret });
		expect(incoming).toMatchObject({ self: offer.id, peer: job.id, incoming: true, secret });
		expect(out!.fingerprints.local).toEqual(incoming!.fingerprints.remote);
		expect(customer.direct.send(out!.id, frame(1))).toBe(true);
		expect(worker.direct.send(incoming!.id, frame(2))).toBe(true);
		await lab.clock.advance(100);
		expect(worker.callFrames).toEqual([{ callId: incoming!.id, bytes: frame(1) }]);
		expect(customer.callFrames).toEqual([{ callId: out!.id, bytes: frame(2) }]);
		customer.direct.hangUp(out!.id, 'thanks');
		await lab.clock.advance(100);
		expect(worker.callEnds).toEqual([`${incoming!.id} the peer left: hang-up thanks`]);
		expect(customer.direct.send(out!.id, frame(3))).toBe(false);
	});

	it('carries a mebibyte with back-pressure, whole and in order over a slow path, and a chat overtakes it', async () => {
		// Slower than the age at which the mesh would drop what waits.
		const lab = createLab({ bytesPerSecond: 20_000 });
		const [customer, worker] = await called(lab);
		const callId = customer.calls[0]!.id;
		const pieces = 64;
		let sent = 0;
		const write = () => {
			while (sent < pieces) {
				const piece = new Uint8Array(16_384);
				piece.set([1, 0x21, sent]);
				if (!customer.direct.send(callId, piece, 2)) return;
				sent += 1;
			}
		};
		write();
		expect(sent).toBeLessThan(pieces);
		expect(customer.direct.send(callId, frame(200), 1)).toBe(true);
		for (let drains = 0; sent < pieces; drains = customer.drains.length) {
			while (customer.drains.length === drains) await lab.clock.advance(500);
			write();
		}
		while (worker.callFrames.length < pieces + 1) await lab.clock.advance(500);
		const tags = worker.callFrames.map(({ bytes }) => bytes[2]!);
		expect(tags.indexOf(200)).toBeLessThan(pieces / 2);
		expect(tags.filter((tag) => tag !== 200)).toEqual(Array.from({ length: pieces }, (_, i) => i));
		expect(customer.callEnds).toEqual([]);
	});

	it('goes through peers where the two cannot connect, as private and as proven as any other', async () => {
		const apart = new Set(['n0 n1', 'n1 n0']);
		const lab = createLab({ reachable: (a, b) => !apart.has(`${a} ${b}`) });
		const [customer, worker] = two(lab);
		lab.add();
		await lab.clock.advance(5_000);
		expect(customer.neighbours()).not.toContain(worker.id);
		worker.direct.listen(offer, [secret]);
		customer.direct.call(job, offer.id, [relay], secret);
		await lab.clock.advance(40_000);
		expect([customer.calls.length, worker.calls.length]).toEqual([1, 1]);
		const [[out], [incoming]] = [customer.calls, worker.calls];
		expect(out).toMatchObject({ self: job.id, peer: offer.id, secret });
		expect(out!.fingerprints.local).toEqual(incoming!.fingerprints.remote);
		const picture = new Uint8Array(16_384).fill(3);
		picture.set([1, 0x21]);
		expect(worker.direct.send(incoming!.id, picture)).toBe(true);
		expect(customer.direct.send(out!.id, frame(1))).toBe(true);
		await lab.clock.advance(2_000);
		expect(customer.callFrames).toEqual([{ callId: out!.id, bytes: picture }]);
		expect(worker.callFrames).toEqual([{ callId: incoming!.id, bytes: frame(1) }]);
		customer.direct.hangUp(out!.id, 'thanks');
		await lab.clock.advance(1_000);
		expect(worker.callEnds).toEqual([`${incoming!.id} the peer left: hang-up thanks`]);
	});

	it('fails where neither a connection nor a circuit is possible', async () => {
		const lab = createLab({ reachable: () => false });
		const [customer, worker] = two(lab);
		worker.direct.listen(offer, [secret]);
		customer.direct.call(job, offer.id, [relay], secret);
		await lab.clock.advance(120_000);
		expect(customer.failures).toMatchObject([{ self: job.id, peer: offer.id, reason: 'unreachable' }]);
	});

	it.each<[string, (customer: LabNode, worker: LabNode) => void, string]>([
		[
			'a wrong secret',
			(customer, worker) => {
				worker.direct.listen(offer, [secret]);
				customer.direct.call(job, offer.id, [relay], '00'.repeat(16));
			},
			'refused',
		],
		[
			'no secret where one is wanted',
			(customer, worker) => {
				worker.direct.listen(offer, [secret]);
				customer.direct.call(job, offer.id, [relay], '');
			},
			'refused',
		],
		[
			'a key that is not listened to any more',
			(customer, worker) => {
				const unlisten = worker.direct.listen(offer, [secret]);
				// Another wish still holds the key open for signals, without taking calls.
				worker.direct.call(offer, identityOf(99).id, [relay], '');
				unlisten();
				customer.direct.call(job, offer.id, [relay], secret);
			},
			'refused',
		],
		[
			'a key nobody has',
			(customer) => customer.direct.call(job, identityOf(77).id, [relay], ''),
			'no-answer',
		],
		[
			'relays this node does not know',
			(customer, worker) => {
				worker.direct.listen(offer, []);
				customer.direct.call(job, offer.id, ['wss://elsewhere.test'], '');
			},
			'no-relay',
		],
	])('to %s fails and says so once', async (_, act, reason) => {
		const lab = createLab();
		const [customer, worker] = two(lab);
		act(customer, worker);
		await lab.clock.advance(70_000);
		expect(customer.failures).toEqual([{ self: job.id, peer: expect.any(String) as string, reason }]);
		expect([customer.calls, worker.calls]).toEqual([[], []]);
	});

	it('fails as unreachable when no path exists, after more than one try', async () => {
		const lab = createLab({ reachable: () => false });
		const [customer, worker] = two(lab);
		worker.direct.listen(offer, []);
		customer.direct.call(job, offer.id, [relay], '');
		await lab.clock.advance(2_000);
		expect(customer.failures).toEqual([]);
		await lab.clock.advance(60_000);
		expect(customer.failures).toMatchObject([{ reason: 'unreachable' }]);
	});

	it('is open to any caller where no secret is asked, whatever secret the caller names', async () => {
		const lab = createLab();
		const [customer, worker] = two(lab);
		worker.direct.listen(offer, []);
		customer.direct.call(job, offer.id, [], secret);
		await lab.clock.advance(1_000);
		expect(worker.calls).toMatchObject([{ secret: '' }]);
	});

	it('that waits for the other side’s own call says so when that comes to nothing', async () => {
		const lab = createLab({ reachable: () => false });
		const [customer, worker] = two(lab);
		customer.direct.listen(job, []);
		worker.direct.call(offer, job.id, [relay], '');
		await lab.clock.advance(500);
		customer.direct.call(job, offer.id, [relay], secret);
		await lab.clock.advance(120_000);
		expect(customer.failures).toMatchObject([{ self: job.id, peer: offer.id }]);
	});

	it('is answered a few times at most, however often its offer is said', async () => {
		const lab = createLab({ reachable: () => false });
		const path = (onsend: () => number): Rendezvous => {
			const inner = lab.relays.rendezvous();
			return {
				...inner,
				send: (...message) => Array.from({ length: onsend() }, () => inner.send(...message)).includes(true),
			};
		};
		let answers = 0;
		const customer = lab.add({ rendezvous: [path(() => 30)] });
		const worker = lab.add({ rendezvous: [path(() => ++answers && 1)] });
		worker.direct.listen(offer, [secret]);
		customer.direct.call(job, offer.id, [relay], secret);
		await lab.clock.advance(2_000);
		expect(answers).toBeGreaterThan(0);
		expect(answers).toBeLessThan(5);
	});

	it('survives a relay that loses the first offers', async () => {
		const lab = createLab();
		const [customer, worker] = two(lab);
		customer.direct.call(job, offer.id, [relay], secret);
		await lab.clock.advance(2_500);
		worker.direct.listen(offer, [secret]);
		await lab.clock.advance(2_000);
		expect(worker.calls).toHaveLength(1);
		expect(customer.failures).toEqual([]);
	});

	it('is one call when both call each other at once', async () => {
		const lab = createLab();
		const [customer, worker] = two(lab);
		worker.direct.listen(offer, []);
		customer.direct.listen(job, []);
		customer.direct.call(job, offer.id, [relay], '');
		worker.direct.call(offer, job.id, [relay], '');
		await lab.clock.advance(30_000);
		expect([customer.calls.length, worker.calls.length]).toEqual([1, 1]);
		expect([customer.callEnds, worker.callEnds]).toEqual([[], []]);
		expect([customer.failures, worker.failures]).toEqual([[], []]);
	});

	it('replaces an earlier one between the same keys', async () => {
		const lab = createLab();
		const [customer, worker] = await called(lab);
		customer.direct.call(job, offer.id, [relay], secret);
		await lab.clock.advance(1_000);
		expect(worker.calls).toHaveLength(2);
		expect(worker.callEnds).toHaveLength(1);
		expect(customer.direct.send(customer.calls[1]!.id, frame(9))).toBe(true);
		await lab.clock.advance(100);
		expect(worker.callFrames).toEqual([{ callId: worker.calls[1]!.id, bytes: frame(9) }]);
	});

	it('is closed when nothing was said for a while', async () => {
		const lab = createLab();
		const [customer, worker] = await called(lab, { directIdleMs: 60_000 });
		await lab.clock.advance(40_000);
		customer.direct.send(customer.calls[0]!.id, frame(1));
		await lab.clock.advance(50_000);
		expect(worker.callEnds).toEqual([]);
		await lab.clock.advance(11_000);
		expect([customer.callEnds.length, worker.callEnds.length]).toEqual([1, 1]);
		expect([...customer.callEnds, ...worker.callEnds].join()).toContain('idle');
	});

	it('ends for both sides when a node stops', async () => {
		const lab = createLab();
		const [customer, worker] = await called(lab);
		worker.direct.stop('reload');
		await lab.clock.advance(100);
		expect(customer.callEnds.join()).toContain('the peer left: leaving reload');
	});
});

describe('a note', () => {
	it('reaches a key that is listened to, and no other', async () => {
		const lab = createLab();
		const [customer, worker] = two(lab);
		customer.direct.listen(job, []);
		const body = new Uint8Array(12_600).fill(3);
		worker.direct.note(offer, job.id, [relay], body);
		worker.direct.note(offer, identityOf(60).id, [relay], body);
		await lab.clock.advance(100);
		expect(customer.notes).toEqual([{ to: job.id, from: offer.id, body }]);
	});

	it('that is too long is not sent, and a flood of them is cut', async () => {
		const lab = createLab();
		const [customer, worker] = two(lab);
		customer.direct.listen(job, []);
		worker.direct.note(offer, job.id, [relay], new Uint8Array(13_313));
		await lab.clock.advance(100);
		expect(customer.notes).toEqual([]);
		for (let i = 0; i < 500; i++) worker.direct.note(offer, job.id, [relay], new Uint8Array([i & 255]));
		await lab.clock.advance(1_000);
		expect(customer.notes.length).toBeGreaterThan(0);
		expect(customer.notes.length).toBeLessThanOrEqual(31);
	});
});

describe('over libdatachannel', () => {
	it('a call opens, carries a frame and hangs up', async () => {
		const relays = createMemoryRelays({ clock: realClock, random: seededRandom(1) });
		const log: string[] = [];
		const side = (seed: number, events: Partial<DirectEvents>) => {
			const identity = identityOf(seed);
			const signalling = createSignalling({ identity, rendezvous: [relays.rendezvous()], log: () => {} });
			const direct = createDirectLinks({
				identity,
				network: 'real',
				clock: realClock,
				random: seededRandom(seed),
				conns: createNodeConns({ clock: realClock, iceServers: [] }),
				signalling,
				solver: instantSolver,
				log: (_, part, text) => log.push(`${part} ${text}`),
			});
			signalling.start();
			direct.start({
				onopen() {},
				onframe() {},
				onclose() {},
				onfailed: ({ reason }) => log.push(reason),
				onnote() {},
				...events,
			});
			return { direct, signalling };
		};
		const got: Bytes[] = [];
		let ended = '';
		const worker = side(61, {
			onframe: (_, bytes) => got.push(bytes),
			onclose: (_, reason) => (ended = reason),
		});
		const customer = side(62, {
			onopen: ({ id }) => {
				customer.direct.send(id, frame(4));
				customer.direct.hangUp(id, 'bye');
			},
		});
		worker.direct.listen(offer, [secret]);
		customer.direct.call(job, offer.id, [relay], secret);
		await vi.waitUntil(() => ended !== '', { timeout: 20_000, interval: 5 });
		expect(got).toEqual([frame(4)]);
		expect(ended).toBe('the peer left: hang-up bye');
		for (const { direct, signalling } of [worker, customer]) {
			direct.stop('done');
			signalling.stop();
		}
	});
});
