import { sha256 } from '@noble/hashes/sha2.js';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { scanWith, type BlockSearch } from '#lib/pow/block-search.ts';
import { scan as plainScan, type Scan } from '#lib/pow/kernel.ts';
import { atMost, nonceAt, putNonce } from '#lib/pow/scheme.ts';
import { kernels } from '../kit/kernels.ts';

const seed = 5;
const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const edges = [0, 0xff, 0x80, 0x7f].map((value) => new Uint8Array(55).fill(value));
const preimages = fc.oneof(bytes(55), fc.constantFrom(...edges));
const wordEnds = [0, 1, 2 ** 24 - 3, 2 ** 24, 2 ** 32 - 2, 2 ** 48 - 5, 2 ** 53 - 40];
const nonces = fc.oneof(fc.constantFrom(...wordEnds), fc.integer({ min: 0, max: 2 ** 53 - 40 }));

function digest(preimage: Uint8Array, nonce: number): Uint8Array {
	const message = preimage.slice();
	putNonce(message, nonceAt, nonce);
	return sha256(message);
}

/** The search spelled out over @noble/hashes. */
const reference: Scan = (preimage, start, count, limit) => {
	for (let nonce = start; nonce < start + count; nonce++)
		if (atMost(digest(preimage, nonce), limit)) return nonce;
	return -1;
};

const topOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset).getUint32(28, true);

function limitWithTop(top: number): Uint8Array {
	const limit = new Uint8Array(32).fill(0xff);
	new DataView(limit.buffer).setUint32(28, top, true);
	return limit;
}

describe.each(Object.entries(kernels))('the kernel in %s', (_, make) => {
	let kernel: BlockSearch;
	let scan: Scan;
	beforeAll(async () => {
		kernel = await make();
		scan = scanWith(kernel);
	});

	test('computes the digest of @noble/hashes to the bit', () => {
		const bounded = (preimage: Uint8Array, nonce: number, limit: number) => {
			scan(preimage, nonce, 1, new Uint8Array(32));
			return kernel.search(nonce % 2 ** 24, 1, limit) === 0;
		};
		fc.assert(
			fc.property(preimages, nonces, (preimage, nonce) => {
				const top = topOf(digest(preimage, nonce));
				expect(bounded(preimage, nonce, top)).toBe(true);
				if (top > 0) expect(bounded(preimage, nonce, top - 1)).toBe(false);
			}),
			{ seed, numRuns: 300 },
		);
	});

	test('finds the nonces that @noble/hashes finds, and no others', () => {
		const tops = fc.oneof(
			fc.constantFrom(0, 2 ** 24, 2 ** 28, 2 ** 31, 2 ** 32 - 1),
			fc.integer({ min: 0, max: 2 ** 32 - 1 }),
		);
		fc.assert(
			fc.property(preimages, nonces, fc.integer({ min: 0, max: 40 }), tops, (preimage, start, count, top) => {
				const limit = limitWithTop(top);
				expect(scan(preimage, start, count, limit)).toBe(reference(preimage, start, count, limit));
			}),
			{ seed, numRuns: 300 },
		);
	});

	test('goes on after a digest that only begins within the limit', () => {
		const preimage = new Uint8Array(55).fill(7);
		// The limit just below the best of a hundred digests: its top word is still that digest's.
		const found = Array.from({ length: 100 }, (_, nonce) => digest(preimage, nonce));
		const best = found.reduce((least, one) => (atMost(one, least) ? one : least));
		const limit = best.slice();
		limit[0] = (limit[0] ?? 0) - 1;
		expect(best[0]).toBeGreaterThan(0);
		expect(scan(preimage, 0, 100, best)).toBe(found.indexOf(best));
		expect(scan(preimage, 0, 100, limit)).toBe(-1);
	});

	test('finds what the plain kernel finds far into a word and across its end', () => {
		const preimage = new Uint8Array(55).fill(3);
		const limit = limitWithTop(2 ** 17);
		const start = 7 * 2 ** 24 - 30_000;
		const nonce = plainScan(preimage, start, 200_000, limit);
		expect(nonce).toBeGreaterThan(start);
		expect(scan(preimage, start, 200_000, limit)).toBe(nonce);
	});
});

test('the plain kernel finds what @noble/hashes finds', () => {
	fc.assert(
		fc.property(preimages, nonces, fc.integer({ min: 0, max: 40 }), (preimage, start, count) => {
			const limit = limitWithTop(2 ** 28);
			expect(plainScan(preimage, start, count, limit)).toBe(reference(preimage, start, count, limit));
		}),
		{ seed, numRuns: 300 },
	);
});
