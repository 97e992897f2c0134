import { describe, expect, it } from 'vitest';
import type { Bytes } from '#lib/core/brand.ts';
import { linkFrames } from '#lib/webrtc/frames.ts';
import {
	bindingOf,
	secretProof,
	startHandshake,
	stepHandshake,
	type HandshakeEffect,
	type HandshakeEvent,
	type HandshakeState,
	type HandshakeTerms,
} from '#lib/webrtc/handshake.ts';
import type { Fingerprints } from '#lib/webrtc/ports.ts';
import { identityOf } from './webrtc-kit/identity.ts';
import { seededRandom } from './webrtc-kit/random.ts';

const alice = identityOf(1);
const bob = identityOf(2);
const mallory = identityOf(3);
const random = seededRandom(4);
const attempt = 'ab'.repeat(16);
const certA = random.bytes(32);
const certB = random.bytes(32);
const seenByAlice: Fingerprints = { local: certA, remote: certB };
const seenByBob: Fingerprints = { local: certB, remote: certA };

const callerTerms: HandshakeTerms = {
	network: 'test',
	purpose: 'mesh',
	role: 'caller',
	self: alice,
	peer: bob.id,
	binding: bindingOf(attempt),
	nonce: random.bytes(32),
	degree: 1,
	maxDegree: 16,
	admissionComplexity: 100,
};
const calleeTerms: HandshakeTerms = {
	...callerTerms,
	role: 'callee',
	self: bob,
	peer: alice.id,
	nonce: random.bytes(32),
};

/** A side as a driver runs it: what it sent, and how it ended. */
class Side {
	state: HandshakeState;
	readonly sent: Bytes[] = [];
	readonly effects: HandshakeEffect[] = [];

	constructor(terms: HandshakeTerms) {
		this.state = startHandshake(terms);
	}

	step(event: HandshakeEvent): void {
		const [state, effects] = stepHandshake(this.state, event);
		this.state = state;
		this.effects.push(...effects);
		for (const effect of effects) if (effect.kind === 'send') this.sent.push(effect.bytes);
	}

	get outcome(): string {
		const last = this.effects.find(({ kind }) => kind !== 'send');
		if (!last || last.kind === 'send') return this.state.phase;
		return last.kind === 'failed' ? last.error.code : 'established';
	}
}

/** Passes messages both ways until nothing moves; `change` is who sits in the middle. */
function run(
	a: Side,
	b: Side,
	{
		prints = [seenByAlice, seenByBob],
		change = (bytes) => bytes,
	}: { prints?: readonly Fingerprints[]; change?: (bytes: Bytes, from: Side) => Bytes } = {},
): void {
	a.step({ kind: 'open', fingerprints: prints[0]! });
	b.step({ kind: 'open', fingerprints: prints[1]! });
	let [passedA, passedB] = [0, 0];
	while (passedA < a.sent.length || passedB < b.sent.length) {
		const [fromA, fromB] = [a.sent[passedA], b.sent[passedB]];
		if (fromA) {
			passedA += 1;
			b.step({ kind: 'message', bytes: change(fromA, a) });
		}
		if (fromB) {
			passedB += 1;
			a.step({ kind: 'message', bytes: change(fromB, b) });
		}
	}
}

describe('the link handshake', () => {
	it('opens on both sides, each knowing the other by its key', () => {
		const [a, b] = [new Side(callerTerms), new Side(calleeTerms)];
		run(a, b);
		expect([a.outcome, b.outcome]).toEqual(['established', 'established']);
		const up = a.effects.find((effect) => effect.kind === 'established')!;
		expect(up.peerHello).toMatchObject({ key: bob.id, role: 'callee', admissionComplexity: 100 });
		const upB = b.effects.find((effect) => effect.kind === 'established')!;
		expect([upB.hashes.own, upB.hashes.peer]).toEqual([up.hashes.peer, up.hashes.own]);
	});

	it.each<[string, Partial<HandshakeTerms>, string]>([
		['another network', { network: 'other' }, 'wrong-network'],
		['another purpose', { purpose: 'direct' }, 'wrong-purpose'],
		['the same role', { role: 'caller' }, 'wrong-role'],
		['another key than was called', { self: mallory }, 'wrong-peer'],
		['another offer', { binding: bindingOf('cd'.repeat(16)) }, 'bad-signature'],
	])('refuses a peer of %s', (_, change, code) => {
		const [a, b] = [new Side(callerTerms), new Side({ ...calleeTerms, ...change })];
		run(a, b);
		expect(a.outcome).toBe(code);
		expect(b.outcome).not.toBe('established');
	});

	it('refuses a caller that names another one-time secret', () => {
		const own = secretProof('11'.repeat(16), attempt, alice.id);
		const wrong = secretProof('22'.repeat(16), attempt, alice.id);
		const [a, b] = [
			new Side({ ...callerTerms, purpose: 'direct', binding: bindingOf(attempt, wrong) }),
			new Side({ ...calleeTerms, purpose: 'direct', binding: bindingOf(attempt, own) }),
		];
		run(a, b);
		expect([a.outcome, b.outcome]).toEqual(['bad-signature', 'bad-signature']);
	});

	it('refuses a relay that ends DTLS on both sides and passes every message on', () => {
		const [toAlice, toBob] = [random.bytes(32), random.bytes(32)];
		const [a, b] = [new Side(callerTerms), new Side(calleeTerms)];
		run(a, b, {
			prints: [
				{ local: certA, remote: toAlice },
				{ local: certB, remote: toBob },
			],
		});
		expect([a.outcome, b.outcome]).toEqual(['bad-signature', 'bad-signature']);
	});

	it('refuses one who holds no key but its own, whatever it signs', () => {
		const [a, b] = [
			new Side(callerTerms),
			new Side({ ...calleeTerms, self: { id: bob.id, secret: mallory.secret } }),
		];
		run(a, b);
		expect(a.outcome).toBe('bad-signature');
	});

	it('refuses its own messages sent back', () => {
		const a = new Side(callerTerms);
		a.step({ kind: 'open', fingerprints: seenByAlice });
		a.step({ kind: 'message', bytes: a.sent[0]! });
		expect(a.outcome).toBe('reflection');
	});

	it('refuses a connection to its own key', () => {
		const [a, b] = [
			new Side({ ...callerTerms, peer: alice.id }),
			new Side({ ...calleeTerms, self: alice, peer: alice.id }),
		];
		run(a, b);
		expect([a.outcome, b.outcome]).toEqual(['self-connect', 'self-connect']);
	});

	it('refuses a replay of an earlier session between the same two', () => {
		const [earlierA, earlierB] = [new Side(callerTerms), new Side(calleeTerms)];
		run(earlierA, earlierB);
		const a = new Side({ ...callerTerms, nonce: random.bytes(32) });
		a.step({ kind: 'open', fingerprints: seenByAlice });
		for (const bytes of earlierB.sent) a.step({ kind: 'message', bytes });
		expect(a.outcome).toBe('bad-signature');
	});

	it('refuses a hello changed by one bit and an auth changed by one bit', () => {
		for (const index of [0, 1]) {
			const [a, b] = [new Side(callerTerms), new Side(calleeTerms)];
			const seen = { a: 0, b: 0 };
			run(a, b, {
				change(bytes, from) {
					const nth = from === a ? seen.a++ : seen.b++;
					if (from !== b || nth !== index) return bytes;
					const forged = new Uint8Array(bytes);
					forged[60] = (forged[60] ?? 0) ^ 1;
					return forged;
				},
			});
			expect(a.outcome).toBe('bad-signature');
		}
	});

	const ping = linkFrames.encode({ kind: 'Ping', seq: 1, degree: 0 });
	it.each<[string, readonly Bytes[], string]>([
		['a ping first', [ping], 'unexpected-frame'],
		['junk', [new Uint8Array([9, 9, 9])], 'bad-frame'],
		['an engine frame', [new Uint8Array([1, 0x10, 0, 0, 0, 0, 0])], 'bad-frame'],
		[
			'an auth before its hello',
			[linkFrames.encode({ kind: 'Auth', signature: new Uint8Array(64) })],
			'unexpected-frame',
		],
	])('takes nothing but a hello and an auth: %s', (_, messages, code) => {
		const a = new Side(callerTerms);
		a.step({ kind: 'open', fingerprints: seenByAlice });
		for (const bytes of messages) a.step({ kind: 'message', bytes });
		expect(a.outcome).toBe(code);
	});

	it('takes one hello only', () => {
		const [a, b] = [new Side(callerTerms), new Side(calleeTerms)];
		a.step({ kind: 'open', fingerprints: seenByAlice });
		b.step({ kind: 'open', fingerprints: seenByBob });
		a.step({ kind: 'message', bytes: b.sent[0]! });
		a.step({ kind: 'message', bytes: b.sent[0]! });
		expect(a.outcome).toBe('unexpected-frame');
	});

	it.each(['connecting', 'hello-sent', 'auth-sent'])('ends by its time-out while %s', (phase) => {
		const [a, b] = [new Side(callerTerms), new Side(calleeTerms)];
		b.step({ kind: 'open', fingerprints: seenByBob });
		if (phase !== 'connecting') a.step({ kind: 'open', fingerprints: seenByAlice });
		if (phase === 'auth-sent') a.step({ kind: 'message', bytes: b.sent[0]! });
		expect(a.state.phase).toBe(phase);
		a.step({ kind: 'timeout' });
		expect(a.outcome).toBe('timeout');
	});
});
