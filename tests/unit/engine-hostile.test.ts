import { describe, expect, test } from 'vitest';
import type { Bytes, Topic } from '#lib/core/brand.ts';
import { hexBytes, toHex, utf8 } from '#lib/core/bytes.ts';
import { taggedHash } from '#lib/core/crypto/hash.ts';
import { conversationKey, encrypt } from '#lib/core/crypto/nip44.ts';
import { publicKey, sign } from '#lib/core/crypto/schnorr.ts';
import { encodeRecord } from '#lib/core/wire/record.ts';
import { favourSeed } from '#lib/gossip/wire/favour-cookie.ts';
import {
	inetAddr,
	meshFrames,
	sealedReply,
	type MeshFrameOf,
	type RefusalCode,
} from '#lib/gossip/wire/frames.ts';
import { readJob, shortIdOf } from '#lib/gossip/wire/job.ts';
import { replyDigestOf, sealReply } from '#lib/gossip/wire/sealed.ts';
import { paymentHashOf, thankYouSecret } from '#lib/gossip/wire/thank-you.ts';
import { bytesOf, customerJob, worker } from '../kit/actors.ts';
import { Network, relay } from '../simulation/network.ts';
import { solve } from '../simulation/solver.ts';

type Broadcast = MeshFrameOf<'Broadcast'>;
const parameters = { baseComplexity: 64, garbage: 1_000 };

function readCore(bytes: Bytes) {
	const core = readJob(bytes);
	if (!core.ok) throw new Error(core.error.detail);
	return core.value;
}

/** B, whom X may send anything. X has no credit unless it is admitted. */
function attack(admitted = false) {
	const network = new Network({ parameters });
	const [x, y, b] = [network.add('X'), network.add('Y'), network.add('B').open('/')];
	network.link(x, b, admitted);
	network.link(y, b, admitted);
	const job = customerJob();
	const shortId = shortIdOf(job.msgId);

	/** Terms that B names to X. */
	function ask(
		topic = job.core.topic,
		id = shortId,
		size = job.bytes.length,
	): MeshFrameOf<'AskForFavourReply'> {
		network.inject(x, b, meshFrames.encode({ kind: 'AskForFavour', askId: 1, topic, size, shortId: id }));
		return network.frames('AskForFavourReply').at(-1)!.frame;
	}

	/** A broadcast that is right in every way, before `change`; `after` the proof is made. */
	function broadcast(change: Partial<Broadcast> = {}, after: Partial<Broadcast> = {}): Bytes {
		const terms = ask(undefined, undefined, change.core?.length);
		const complexity = terms.powComplexity ?? 0;
		const frame: Broadcast = {
			kind: 'Broadcast',
			favourNumber: terms.favourNumber,
			favourTimestamp: terms.favourTimestamp,
			complexity,
			proof: new Uint8Array(0),
			ttl: 3,
			core: job.bytes,
			signature: job.signature,
			...change,
		};
		const seed = favourSeed(
			frame.favourNumber,
			{
				asker: x.peer,
				topic: job.core.topic,
				scheme: 'sha256',
				complexity: frame.complexity,
				timestamp: frame.favourTimestamp,
				validForMs: terms.validForMs,
			},
			b.peer,
			meshFrames.encode(frame),
		);
		const proof = frame.complexity > 0 ? solve(seed, frame.complexity).proof : frame.proof;
		return meshFrames.encode({ ...frame, proof, ...after });
	}

	/** Sends it and says how B refused; nothing is listed, kept or passed on. */
	function refusal(bytes: Bytes, from = x): RefusalCode | undefined {
		const before = network.sent.length;
		network.inject(from, b, bytes);
		const answers = network.sent.slice(before).map((sent) => meshFrames.decode(sent.bytes));
		const refusals = answers.flatMap((frame) =>
			frame.ok && frame.value.kind === 'Refuse' ? [frame.value] : [],
		);
		for (const { ref } of refusals) expect([4, 8, 16]).toContain(ref.length);
		expect(answers.length).toBeLessThanOrEqual(1);
		network.run(10_000);
		expect(b.engine.leads()).toEqual([]);
		expect(network.frames('AskForFavour').filter((sent) => sent.from === b)).toEqual([]);
		return refusals[0]?.code;
	}

	return { network, x, y, b, job, shortId, ask, broadcast, refusal };
}

describe('a broadcast', () => {
	test('that is right in every way is heard', () => {
		const { network, x, b, broadcast } = attack();
		network.inject(x, b, broadcast());
		expect(b.lead().status).toBe('open');
		expect(b.account(x).creditLimit).toBeGreaterThan(0);
	});

	test.each<[string, RefusalCode, (scene: ReturnType<typeof attack>) => Bytes]>([
		['a wrong nonce', 'bad-proof', ({ broadcast }) => broadcast({}, { proof: new Uint8Array(112) })],
		['a proof cut short', 'bad-proof', ({ broadcast }) => broadcast({}, { proof: new Uint8Array(111) })],
		['no proof', 'bad-proof', ({ broadcast }) => broadcast({}, { proof: new Uint8Array(0) })],
		['one hop more after solving', 'bad-proof', ({ broadcast }) => broadcast({}, { ttl: 12 })],
		['a price after solving', 'bad-proof', ({ broadcast }) => broadcast({}, { replyDeadline: 1 })],
		['less work than asked', 'favour-unknown', ({ broadcast }) => broadcast({ complexity: 1 })],
		[
			'absurd work it says it did',
			'favour-unknown',
			({ broadcast }) => broadcast({}, { complexity: 2 ** 53 - 1 }),
		],
		[
			'an invented favour',
			'favour-unknown',
			({ broadcast }) => broadcast({ favourNumber: '0011223344556677' }),
		],
		[
			'another timestamp',
			'favour-unknown',
			({ network, broadcast }) => broadcast({ favourTimestamp: network.now() - 1 }),
		],
		[
			'a favour from the future',
			'favour-expired',
			({ network, broadcast }) => broadcast({ favourTimestamp: network.now() + 1_009 }),
		],
		['a reply price', 'no-wallet', ({ broadcast }) => broadcast({ replyPriceMsat: 1 })],
		[
			'a signature of nobody',
			'bad-signature',
			({ broadcast }) => broadcast({ signature: new Uint8Array(64).fill(1) }),
		],
		[
			'a longer job than was asked for',
			'favour-unknown',
			({ broadcast }) => {
				const long = customerJob({ message: 'long '.repeat(100) });
				return broadcast({}, { core: long.bytes, signature: long.signature });
			},
		],
		['a core that is no job', 'bad-frame', ({ broadcast }) => broadcast({}, { core: new Uint8Array(40) })],
		[
			'a job that has expired',
			'job-expired',
			({ broadcast }) => {
				const old = customerJob({ createdAt: 1_700_000_000_000, expiresAt: 1_700_000_001_000 });
				return broadcast({ core: old.bytes, signature: old.signature });
			},
		],
		[
			'a job that expires in a month',
			'bad-frame',
			({ broadcast }) => {
				const late = customerJob({ expiresAt: 1_800_000_000_000 + 30 * 86_400_000 });
				return broadcast({ core: late.bytes, signature: late.signature });
			},
		],
		[
			'another topic than it asked for',
			'favour-unknown',
			({ broadcast }) => {
				const other = customerJob({ topic: '/cook' as Topic });
				return broadcast({ core: other.bytes, signature: other.signature });
			},
		],
	])('with %s is refused as %s', (_, code, make) => {
		const scene = attack();
		expect(scene.refusal(make(scene))).toBe(code);
		expect(scene.b.engine.traffic()).toMatchObject({ broadcastsSeen: 0, refused: { [code]: 1 } });
	});

	test('with one byte of the job changed after solving is refused', () => {
		for (const at of [0, 30, 60, 150]) {
			const scene = attack();
			const core = new Uint8Array(scene.job.bytes);
			core[at] = (core[at] ?? 0) ^ 1;
			expect(scene.refusal(scene.broadcast({}, { core }))).toMatch(/bad-proof|bad-frame|favour-unknown/);
		}
	});

	test('with an expired favour is refused by the issuer’s own clock', () => {
		const scene = attack();
		const bytes = scene.broadcast();
		scene.network.run(60_001);
		expect(scene.refusal(bytes)).toBe('favour-expired');
	});

	test('with another’s favour is refused', () => {
		const scene = attack();
		expect(scene.refusal(scene.broadcast(), scene.y)).toBe('favour-unknown');
	});

	test('with a used favour is refused, and changes nothing', () => {
		const { network, x, b, broadcast } = attack();
		const bytes = broadcast();
		network.inject(x, b, bytes);
		network.inject(x, b, bytes);
		expect(network.frames('Refuse').at(-1)?.frame.code).toBe('favour-used');
		expect(b.engine.leads()).toHaveLength(1);
		expect(b.account(x).carriedForThem).toBe(1);
	});

	test('on credit needs no proof, and brings none either', () => {
		const scene = attack(true);
		expect(scene.refusal(scene.broadcast({ proof: new Uint8Array(112) }))).toBe('bad-proof');
	});
});

describe('frames no node of this version sends', () => {
	test.each<[string, (right: Bytes) => Uint8Array]>([
		['empty', () => new Uint8Array(0)],
		['of another version', (right) => new Uint8Array([2, ...right.subarray(1)])],
		['of an unknown type', (right) => new Uint8Array([1, 0x7f, ...right.subarray(2)])],
		['cut short', (right) => right.subarray(0, right.length - 1)],
		['with bytes left over', (right) => new Uint8Array([...right, 0])],
		['oversized', () => new Uint8Array(16_385).fill(1)],
		['random', () => Uint8Array.from({ length: 300 }, (_, i) => (i * 97) & 0xff)],
	])('%s: dropped, and the link closed when there are many', (_, make) => {
		const network = new Network({ parameters: { garbage: 8 } });
		const [x, b] = [network.add('X'), network.add('B').open('/')];
		network.link(x, b);
		const right = meshFrames.encode({ kind: 'Have', shortId: '0011223344556677' });
		const sent = network.sent.length;
		for (let i = 0; i < 8; i++) network.inject(x, b, make(right));
		expect(network.sent.length).toBe(sent);
		expect(b.links.has(x.peer)).toBe(true);
		network.inject(x, b, make(right));
		network.run(1);
		expect(b.links.has(x.peer)).toBe(false);
		expect(b.engine.traffic().refused['bad-frame']).toBe(9);
	});

	test('from a peer that is not linked: nothing', () => {
		const network = new Network();
		const [x, b] = [network.add('X'), network.add('B').open('/')];
		network.inject(x, b, meshFrames.encode({ kind: 'Have', shortId: '0011223344556677' }));
		expect(b.engine.traffic().framesIn).toEqual({});
	});

	test('unasked answers of every kind: nothing happens', () => {
		const { network, x, b, shortId, job } = attack();
		const answers = network.sent.length;
		const favour = { favourNumber: '0011223344556677', favourTimestamp: 1, validForMs: 1_000 };
		for (const bytes of [
			meshFrames.encode({ kind: 'AskForFavourReply', askId: 1, ...favour }),
			meshFrames.encode({ kind: 'Have', shortId }),
			meshFrames.encode({
				kind: 'ThankYou',
				msgId: job.msgId,
				replyId: '00'.repeat(16) as never,
				secret: new Uint8Array(32),
			}),
			...[4, 8, 16, 3].map((length) =>
				meshFrames.encode({ kind: 'Refuse', ref: new Uint8Array(length), code: 'not-now', retryAfterMs: 0 }),
			),
		])
			network.inject(x, b, bytes);
		network.run(1_000);
		expect(network.sent.length).toBe(answers);
		expect(b.engine.ledger(network.now()).map((entry) => entry.carriedForMe)).toEqual([0, 0]);
	});
});

describe('too many asks', () => {
	test('are refused by rate, and keep nothing', () => {
		const { network, x, b, job } = attack();
		for (let i = 0; i < 2_000; i++) {
			const shortId = i.toString(16).padStart(16, '0');
			network.inject(
				x,
				b,
				meshFrames.encode({ kind: 'AskForFavour', askId: i, topic: job.core.topic, size: 300, shortId }),
			);
		}
		const refused = network.frames('Refuse').map(({ frame }) => frame.code);
		expect(network.frames('AskForFavourReply').length).toBeLessThanOrEqual(32);
		expect(new Set(refused)).toEqual(new Set(['too-fast']));
		expect(b.tables.tab().routes).toEqual([]);
	});
});

describe('a reply', () => {
	/** A with a job, whom X may send any reply. */
	function customer() {
		const network = new Network({ parameters });
		const [a, x] = [network.add('A').open('/'), network.add('X').open('/')];
		network.link(a, x);
		const { msgId } = a.do('post', { topic: '/drive' as Topic, message: 'Job', expiresInMs: 3_600_000 });
		network.run(3_000);
		const { core: coreBytes } = a.tables.persona().jobs[0]!;
		const broadcast = network.frames('Broadcast')[0]!.frame;
		expect(toHex(broadcast.core)).toBe(toHex(coreBytes));
		const job = a.engine.jobs()[0]!;
		const { replyKey, thankYouKey } = readCore(coreBytes);
		const w = worker(msgId);
		const address = { ...w.inetAddr, relays: [relay] };
		const seal = (change: Partial<Parameters<typeof sealReply>[0]> = {}) =>
			sealReply({
				coreBytes,
				msgId,
				replyKey,
				reply: 'Me',
				inetAddr: address,
				ephemeral: w.keys.ephemeral,
				replier: w.keys.replier,
				nonce: bytesOf('nonce'),
				...change,
			});
		const secret = thankYouSecret(w.keys.ephemeral, thankYouKey, msgId)!;
		const request = (change: Partial<MeshFrameOf<'ReplyRequest'>> = {}): Bytes =>
			meshFrames.encode({
				kind: 'ReplyRequest',
				msgId,
				ephemeralKey: w.ephemeralKey,
				paymentHash: paymentHashOf(secret),
				hops: 0,
				sealed: seal(),
				...change,
			});
		const send = (bytes: Bytes) => {
			network.inject(x, a, bytes);
			const code = network.frames('Refuse').at(-1)?.frame.code;
			network.run(60_000);
			return code;
		};
		return { network, a, x, job, coreBytes, address, seal, request, send, w, replyKey };
	}

	test('that is right in every way is opened and called', () => {
		const { network, a, request, send } = customer();
		expect(send(request())).toBeUndefined();
		expect(a.job().offers).toHaveLength(1);
		expect(network.dialled[0]).toMatchObject({ kind: 'call', relays: [relay] });
	});

	test.each<[string, RefusalCode, (scene: ReturnType<typeof customer>) => Bytes]>([
		[
			'sealed bytes changed',
			'bad-reply',
			({ request, seal }) => request({ sealed: seal().map((byte, i) => (i === 99 ? byte ^ 1 : byte)) }),
		],
		['another payment hash', 'bad-reply', ({ request }) => request({ paymentHash: new Uint8Array(32) })],
		[
			'an ephemeral key that is no point',
			'bad-reply',
			({ request }) => request({ ephemeralKey: new Uint8Array(33).fill(7) }),
		],
		[
			'another worker’s ephemeral key',
			'bad-reply',
			({ request, job }) => request({ ephemeralKey: worker(job.msgId, 'Mallory').ephemeralKey }),
		],
		[
			'other text of the job',
			'bad-reply',
			({ request, seal, coreBytes }) =>
				request({
					sealed: seal({
						coreBytes: coreBytes.map((byte, i) => (i === coreBytes.length - 1 ? byte ^ 1 : byte)),
					}),
				}),
		],
		['a price to be locked', 'no-wallet', ({ request }) => request({ lockMsat: 1_000 })],
		['an invoice', 'no-wallet', ({ request }) => request({ invoice: 'lnbc1' })],
		['a job nobody posted', 'unknown-job', ({ request }) => request({ msgId: '00'.repeat(32) as never })],
	])('with %s is refused as %s, and nothing is listed or dialled', (_, code, make) => {
		const scene = customer();
		expect(scene.send(make(scene))).toBe(code);
		expect(scene.a.job().offers).toEqual([]);
		expect(scene.network.dialled).toEqual([]);
		expect(scene.a.tables.persona().receivedOffers).toEqual([]);
	});

	test('that somebody garbled on the way is taken when the right one comes by rendezvous', () => {
		const { a, request, seal, send, w, replyKey } = customer();
		const garbled = seal().map((byte, i) => (i === 99 ? byte ^ 1 : byte));
		expect(send(request({ sealed: garbled }))).toBe('bad-reply');
		a.dispatch({ kind: 'note', to: replyKey, from: w.inetAddr.key, body: request() });
		expect(a.job().offers).toMatchObject([{ text: 'Me', replyId: w.replyId }]);
	});

	test('made for another job’s text is reported to the person', () => {
		const scene = customer();
		const { coreBytes, seal, request, send, a } = scene;
		const other = coreBytes.map((byte, i) => (i === coreBytes.length - 1 ? byte ^ 1 : byte));
		send(request({ sealed: seal({ coreBytes: other }) }));
		send(request({ sealed: seal({ coreBytes: other }) }));
		expect(a.engine.activity().filter((entry) => entry.cause?.code === 'job-differs')).toHaveLength(1);
	});

	test.each([
		['http', 'http://evil.example/'],
		['a file', 'file:///etc/passwd'],
		['a script', 'javascript:alert(1)'],
		['a query', 'wss://evil.example/?x=1'],
		['in the local network', 'ws://192.168.0.1:8080/'],
	])('whose address is %s is refused', (_, url) => {
		const { network, a, address, request, send, coreBytes, job, w, replyKey } = customer();
		expect(() => encodeRecord(inetAddr, { ...address, relays: [url] })).toThrow(/relay URL/);
		// The encoder would not write it, so the letters of a right one are exchanged for it.
		const hostile = encodeRecord(inetAddr, { ...address, relays: [`wss://${'r'.repeat(url.length - 6)}`] });
		hostile.set(utf8(url), 32 + 1 + 2);
		const offer = { reply: 'Me', inetAddr: hostile };
		const digest = taggedHash('sweet/1/reply', hexBytes(job.msgId), w.ephemeralKey, replyDigestOf(offer));
		const plain = encodeRecord(sealedReply, {
			...offer,
			msgId: job.msgId,
			core: coreBytes,
			replierKey: publicKey(w.keys.replier),
			signature: sign(digest, w.keys.replier),
		});
		const padded = new Uint8Array(2_048);
		new DataView(padded.buffer).setUint16(0, plain.length);
		padded.set(plain, 2);
		const sealed = encrypt(padded, conversationKey(w.keys.ephemeral, replyKey)!, bytesOf('nonce'));
		expect(send(request({ sealed }))).toBe('bad-reply');
		expect(network.dialled).toEqual([]);
		expect(a.job().offers).toEqual([]);
		expect(a.tables.persona().receivedOffers).toEqual([]);
	});

	test.each(['wss://tracker.example', 'ws://127.0.0.1:9999'])(
		'naming the relay %s dials nobody there',
		(url) => {
			const { network, a, address, seal, request, send } = customer();
			send(request({ sealed: seal({ inetAddr: { ...address, relays: [url] } }) }));
			expect(a.received()).toMatchObject({ state: 'unreachable', cause: { code: 'worker-unreachable' } });
			expect(network.dialled).toEqual([]);
		},
	);

	test('comes in no great number', () => {
		const { network, a, x, request, seal } = customer();
		const forged = request({ paymentHash: new Uint8Array(32), sealed: seal() });
		for (let i = 0; i < 200; i++) network.inject(x, a, forged);
		const codes = network.frames('Refuse').map(({ frame }) => frame.code);
		expect(codes.filter((code) => code === 'bad-reply')).toHaveLength(32);
		expect(codes.filter((code) => code === 'too-fast')).toHaveLength(168);
		expect(a.job().offers).toEqual([]);
	});
});
