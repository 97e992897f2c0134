import { describe, expect, it } from 'vitest';
import { hexBytes, toHex } from '#lib/core/bytes.ts';
import { sha256 } from '#lib/core/crypto/hash.ts';
import { scan } from '#lib/pow/kernel.ts';
import {
	atMost,
	isTooLarge,
	largestDigest,
	nonceAt,
	powSeed,
	preimageOf,
	proofBytes,
	proofOf,
	putNonce,
	subPuzzles,
} from '#lib/pow/scheme.ts';
import { verifyProof } from '#lib/pow/verify.ts';
import vectors from '../vectors/pow.json' with { type: 'json' };

const seed = hexBytes(vectors.seed);
const proof = hexBytes(vectors.proof);
const { complexity } = vectors.terms;

describe('scheme sha256', () => {
	it('makes the seed of the vector', () => {
		expect(toHex(powSeed({ ...vectors.terms, digest: hexBytes(vectors.terms.digest) }))).toBe(vectors.seed);
	});

	it('lays out a preimage in one SHA-256 block', () => {
		expect(toHex(preimageOf(seed, 0))).toBe(vectors.preimage0);
		const last = preimageOf(seed, 15);
		expect(last.length).toBe(55);
		putNonce(last, nonceAt, 0x01020304050607);
		expect(toHex(last)).toBe(vectors.preimage15WithNonce);
	});

	it.each(vectors.largestDigests)('solves complexity $complexity with digests up to …', (vector) => {
		expect(toHex(largestDigest(vector.complexity))).toBe(vector.largestDigest);
	});

	it.each([
		1,
		15,
		16,
		17,
		3_000,
		2 ** 16,
		2 ** 22 + 1,
		2 ** 34 - 1,
		2 ** 36,
		2 ** 36 + 1,
		2 ** 52,
		2 ** 53 - 1,
	])('tells by one word what is too large for complexity %d, and nothing else', (work) => {
		const limit = largestDigest(work);
		expect(isTooLarge(limit, work)).toBe(false);
		const view = new DataView(limit.buffer);
		const top = view.getUint32(28, true);
		if (top === 0xffff_ffff) return;
		view.setUint32(28, top + 2, true);
		expect(isTooLarge(limit, work)).toBe(true);
	});

	it('reads digests as little-endian integers', () => {
		const limit = largestDigest(32);
		const half = new Uint8Array(32).fill(0xff).with(31, 0x7f);
		expect(atMost(half, limit)).toBe(true);
		expect(atMost(new Uint8Array(32).with(31, 0x80), limit)).toBe(false);
		expect(atMost(new Uint8Array(32).fill(0xff).with(31, 0), limit)).toBe(true);
	});

	it('shares the work among 16 puzzles: each is expected to take a sixteenth', () => {
		const tried = vectors.firstNonces.reduce((sum, nonce) => sum + nonce + 1, 0);
		expect(tried / complexity).toBeGreaterThan(0.4);
		expect(tried / complexity).toBeLessThan(2);
	});
});

describe('the plain kernel', () => {
	it('finds exactly the nonces a plain SHA-256 finds', () => {
		const limit = largestDigest(complexity);
		vectors.firstNonces.forEach((nonce, index) => {
			expect(scan(preimageOf(seed, index), 0, 1_000, limit)).toBe(nonce);
			expect(scan(preimageOf(seed, index), 0, nonce, limit)).toBe(-1);
			expect(scan(preimageOf(seed, index), nonce, 1, limit)).toBe(nonce);
		});
	});

	it.each([0, 0xff_ffff - 20, 2 ** 32 - 20, 2 ** 36, 2 ** 48 + 0xff_fff0, 2 ** 53 - 100])(
		'agrees with SHA-256 around nonce %i',
		(start) => {
			const limit = largestDigest(16 * 8);
			const preimage = preimageOf(seed, 7);
			const hits = [];
			for (let nonce = start; nonce < start + 64; nonce++) {
				putNonce(preimage, nonceAt, nonce);
				if (atMost(sha256(preimage), limit)) hits.push(nonce);
			}
			const found = [];
			for (let next = scan(preimage, start, 64, limit); next >= 0;) {
				found.push(next);
				next = scan(preimage, next + 1, start + 63 - next, limit);
			}
			expect(found).toEqual(hits);
			expect(hits.length).toBeGreaterThan(0);
		},
	);
});

describe('checking a proof', () => {
	it('takes 16 hashes', () => {
		expect(verifyProof(seed, complexity, proof)).toEqual({ ok: true, value: subPuzzles });
	});

	it('accepts it for less work than was done, not for more', () => {
		expect(verifyProof(seed, complexity / 2, proof).ok).toBe(true);
		expect(verifyProof(seed, complexity * 1_024, proof)).toMatchObject({
			ok: false,
			error: { type: 'pow', code: 'bad-nonce' },
		});
	});

	it('wants nothing for complexity 0, and nothing else', () => {
		expect(verifyProof(seed, 0, new Uint8Array(0))).toEqual({ ok: true, value: 0 });
		expect(verifyProof(seed, 0, proof)).toMatchObject({ error: { code: 'bad-length' } });
	});

	it.each([0, 1, 111, 113, 224])('refuses %i bytes', (length) => {
		expect(verifyProof(seed, complexity, new Uint8Array(length))).toMatchObject({
			error: { code: 'bad-length' },
		});
	});

	it.each([-1, 0.5, Number.NaN, Infinity, 2 ** 53])('refuses complexity %d', (absurd) => {
		expect(verifyProof(seed, absurd, proof)).toMatchObject({ error: { code: 'bad-complexity' } });
	});

	it.each([1, 15, 16])('accepts anything of the right length for complexity %i', (little) => {
		expect(verifyProof(seed, little, new Uint8Array(proofBytes)).ok).toBe(true);
	});

	it('refuses nonces in another order', () => {
		const nonces = vectors.firstNonces.map((nonce, index) => ({ index: 15 - index, nonce }));
		expect(verifyProof(seed, complexity, proofOf(nonces))).toMatchObject({ error: { code: 'bad-nonce' } });
	});
});
