import { describe, expect, it } from 'vitest';
import type { MsgId } from '#lib/core/brand.ts';
import { concat, hexBytes, toHex } from '#lib/core/bytes.ts';
import { conversationKey, encrypt } from '#lib/core/crypto/nip44.ts';
import { compressedKey, sign, verify, type SecretKey } from '#lib/core/crypto/schnorr.ts';
import { taggedHash } from '#lib/core/crypto/hash.ts';
import { encodeRecord } from '#lib/core/wire/record.ts';
import { inetAddr, meshFrames, sealedReply, type SealedReply } from '#lib/gossip/wire/frames.ts';
import { wireLimits } from '#lib/gossip/limits.ts';
import { openReply, replyDigestOf, sealReply } from '#lib/gossip/wire/sealed.ts';
import { paymentHashOf, replyIdOf, thankYouSecret } from '#lib/gossip/wire/thank-you.ts';
import vectors from '../vectors/thank-you.json' with { type: 'json' };
import { bytesOf, customerJob, worker } from '../kit/actors.ts';

const job = customerJob();
const bob = worker(job.msgId);
const nonce = bytesOf('nonce');

const offer = {
	coreBytes: job.bytes,
	msgId: job.msgId,
	replyKey: job.core.replyKey,
	reply: 'There in ten minutes',
	price: { amount: 40, unit: 'AUD' },
	inetAddr: bob.inetAddr,
	...bob.keys,
	nonce,
};

const open = (sealed: Uint8Array, changes: Partial<Parameters<typeof openReply>[0]> = {}) =>
	openReply({
		sealed,
		ephemeralKey: bob.ephemeralKey,
		replySecret: job.keys.reply,
		msgId: job.msgId,
		coreBytes: job.bytes,
		verifier: verify,
		...changes,
	});

/** What a dishonest worker would seal: any plaintext, rightly encrypted to the customer. */
function sealPlain(plain: Uint8Array): Uint8Array {
	return encrypt(plain, conversationKey(bob.keys.ephemeral, job.core.replyKey)!, nonce);
}

function padded(content: Uint8Array, size: number = wireLimits.sealedSizes[0]): Uint8Array {
	const out = new Uint8Array(size);
	new DataView(out.buffer).setUint16(0, content.length);
	out.set(content, 2);
	return out;
}

/** A reply with rightly signed but freely chosen fields. */
function forged(changes: Partial<SealedReply>): Uint8Array {
	const fields = {
		msgId: job.msgId,
		core: job.bytes,
		reply: 'hi',
		replierKey: bob.inetAddr.key,
		inetAddr: encodeRecord(inetAddr, bob.inetAddr),
		...changes,
	};
	const hash = taggedHash('sweet/1/reply', hexBytes(job.msgId), bob.ephemeralKey, replyDigestOf(fields));
	const signature = sign(hash, bob.keys.replier);
	return sealPlain(padded(encodeRecord(sealedReply, { signature, ...fields })));
}

describe('a sealed reply', () => {
	const sealed = sealReply(offer);

	it('opens for the customer with everything the worker said', () => {
		expect(open(sealed)).toMatchObject({
			ok: true,
			value: {
				msgId: job.msgId,
				core: job.bytes,
				reply: offer.reply,
				priceAmount: 40,
				priceUnit: 'AUD',
				replierKey: bob.inetAddr.key,
				inetAddr: bob.inetAddr,
			},
		});
	});

	it('may name no price', () => {
		const { price, ...free } = offer;
		expect(price.amount).toBe(40);
		const opened = open(sealReply(free));
		expect(opened.ok && 'priceAmount' in opened.value).toBe(false);
	});

	it('has one of three sizes, whatever it says', () => {
		const sizes = new Set<number>();
		for (const letters of [0, 1, 100, 1_000, 2_000, 4_000, 4_096])
			sizes.add(sealReply({ ...offer, reply: 'x'.repeat(letters) }).length);
		expect([...sizes]).toEqual(wireLimits.sealedSizes.slice(0, 2).map((size) => size + 67));
	});

	it('of the longest job and the longest offer fits one frame', () => {
		const long = customerJob({ message: 'm'.repeat(wireLimits.messageBytes) });
		const largest = sealReply({
			...offer,
			...long,
			coreBytes: long.bytes,
			reply: 'r'.repeat(wireLimits.replyBytes),
			inetAddr: { ...bob.inetAddr, relays: Array.from({ length: 3 }, () => `wss://${'r'.repeat(122)}`) },
		});
		expect(largest.length).toBe(wireLimits.sealedSizes[2] + 67);
		const frame = meshFrames.encode({
			kind: 'ReplyRequest',
			msgId: long.msgId,
			ephemeralKey: bob.ephemeralKey,
			paymentHash: new Uint8Array(32),
			hops: 0,
			sealed: largest,
			invoice: 'l'.repeat(wireLimits.invoiceBytes),
		});
		expect(frame.length).toBeLessThanOrEqual(wireLimits.frameBytes);
	});

	it('opens for nobody else', () => {
		const mallory = customerJob({}, 'Mallory');
		const opened = open(sealed, { replySecret: mallory.keys.reply });
		expect(opened).toMatchObject({ ok: false, error: { type: 'reply', code: 'not-readable' } });
	});

	it('is refused with any byte changed', () => {
		for (let at = 0; at < sealed.length; at += 61) {
			const altered = sealed.slice();
			altered[at]! ^= 0x10;
			expect(open(altered)).toMatchObject({ ok: false, error: { code: 'not-readable' } });
		}
	});

	it.each([0, 1, 66, 2_048])('is refused when only %i bytes of it arrive', (length) => {
		expect(open(sealed.slice(0, length))).toMatchObject({ ok: false, error: { code: 'not-readable' } });
	});

	it('is refused under another ephemeral key', () => {
		const carol = worker(job.msgId, 'Carol');
		expect(open(sealed, { ephemeralKey: carol.ephemeralKey })).toMatchObject({
			error: { code: 'not-readable' },
		});
		for (const first of [0, 4, 5]) {
			const noKey = concat(new Uint8Array([first]), bob.ephemeralKey.subarray(1));
			expect(open(sealed, { ephemeralKey: noKey })).toMatchObject({ error: { code: 'not-readable' } });
		}
	});

	it('is refused under the mirror image of its ephemeral key, which opens but was not signed', () => {
		const mirrored = concat(new Uint8Array([bob.ephemeralKey[0]! ^ 1]), bob.ephemeralKey.subarray(1));
		expect(open(sealed, { ephemeralKey: mirrored })).toMatchObject({ error: { code: 'bad-signature' } });
	});

	it('is refused for another job of the same customer', () => {
		expect(open(sealed, { msgId: '00'.repeat(32) as MsgId })).toMatchObject({ error: { code: 'wrong-job' } });
	});

	it('is refused when the worker saw another text than the customer wrote', () => {
		const altered = customerJob({ message: 'Carry a suitcase, no questions' });
		expect(open(forged({ core: altered.bytes }))).toMatchObject({ error: { code: 'wrong-job' } });
	});

	it.each<[string, (reply: SealedReply) => Partial<SealedReply>]>([
		['its text', () => ({ reply: 'There tomorrow' })],
		['its price', () => ({ priceAmount: 400 })],
		['its currency', () => ({ priceUnit: 'USD' })],
		[
			'its address',
			() => ({ inetAddr: encodeRecord(inetAddr, { ...bob.inetAddr, relays: ['wss://evil'] }) }),
		],
		['who made it', () => ({ replierKey: worker(job.msgId, 'Carol').inetAddr.key })],
		['its signature', ({ signature }) => ({ signature: signature.map((byte) => byte ^ 1) })],
	])('is refused when its signature does not cover %s', (_, change) => {
		const opened = open(sealed);
		if (!opened.ok) throw new Error(opened.error.detail);
		const honest = { ...opened.value, inetAddr: encodeRecord(inetAddr, opened.value.inetAddr) };
		const plain = encodeRecord(sealedReply, { ...honest, ...change(honest) });
		expect(open(sealPlain(padded(plain)))).toMatchObject({ ok: false, error: { code: 'bad-signature' } });
	});

	it.each([
		['of no agreed size', () => sealPlain(padded(new Uint8Array(10), 2_047))],
		['shorter than it says', () => sealPlain(new Uint8Array(2_048).fill(0xff))],
		['not of zeros', () => sealPlain(padded(new Uint8Array(10)).with(2_047, 1))],
	])('is refused with padding %s', (_, sealedBadly) => {
		expect(open(sealedBadly())).toMatchObject({ ok: false, error: { code: 'bad-padding' } });
	});

	it('is refused when its content is no reply', () => {
		expect(open(sealPlain(padded(new Uint8Array(10))))).toMatchObject({ error: { code: 'malformed' } });
	});

	it.each([
		'http://192.168.1.1/',
		'ws://192.168.1.1/',
		'ws://router.local',
		'ws://127.0.0.1.evil.example',
		'ws://localhost@evil.example',
		'https://example.com',
		'file:///etc/passwd',
		'javascript:alert(1)',
		'wss://',
		'wss:///path',
		'wss://relay.example/?token=1',
		'wss://relay.example/#a',
		'wss://user:password@relay.example',
		'wss://relay example',
		'WSS://RELAY.EXAMPLE',
		' wss://relay.example',
		'//relay.example',
		'',
	])('is refused when it wants to be called through %j', (relay) => {
		// Written by hand: our own encoder would not send it.
		const text = new TextEncoder().encode(relay);
		const address = concat(
			hexBytes(bob.inetAddr.key),
			new Uint8Array([1, 0, text.length]),
			text,
			new Uint8Array(16),
		);
		expect(open(forged({ inetAddr: address }))).toMatchObject({ ok: false, error: { code: 'bad-address' } });
	});

	it('is refused when it names more relays than three', () => {
		const many = concat(hexBytes(bob.inetAddr.key), new Uint8Array([4]), new Uint8Array(24));
		expect(open(forged({ inetAddr: many }))).toMatchObject({ error: { code: 'bad-address' } });
	});
});

describe('a thank-you secret', () => {
	const { t, e, msgId, secret, paymentHash } = vectors;

	it('is the same for customer and worker', () => {
		const customers = thankYouSecret(
			hexBytes(t) as SecretKey,
			compressedKey(hexBytes(e) as SecretKey),
			msgId as MsgId,
		);
		const workers = thankYouSecret(
			hexBytes(e) as SecretKey,
			compressedKey(hexBytes(t) as SecretKey),
			msgId as MsgId,
		);
		expect(toHex(customers!)).toBe(secret);
		expect(workers).toEqual(customers);
		expect(toHex(paymentHashOf(customers!))).toBe(paymentHash);
	});

	it('is another for each reply and each job', () => {
		const carol = worker(job.msgId, 'Carol');
		const secrets = [bob, carol].map(({ ephemeralKey }) =>
			toHex(thankYouSecret(job.keys.thankYou, ephemeralKey, job.msgId)!),
		);
		const elsewhere = thankYouSecret(job.keys.thankYou, bob.ephemeralKey, 'ab'.repeat(32) as MsgId);
		expect(new Set([...secrets, toHex(elsewhere!)]).size).toBe(3);
	});

	it('does not exist with a key off the curve', () => {
		for (const key of [
			new Uint8Array(33),
			new Uint8Array(33).fill(0xff),
			new Uint8Array(0),
			new Uint8Array(65).fill(4),
		])
			expect(thankYouSecret(job.keys.thankYou, key, job.msgId)).toBeUndefined();
	});

	it('belongs to a reply named after its ephemeral key', () => {
		expect(replyIdOf(bob.ephemeralKey)).toMatch(/^[0-9a-f]{32}$/);
		expect(replyIdOf(worker(job.msgId, 'Carol').ephemeralKey)).not.toBe(bob.replyId);
	});
});
