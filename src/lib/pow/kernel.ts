import { atMost } from './scheme.ts';

/**
 * Searches `count` nonces from `start` for one whose digest is at most `limit`.
 *
 * The seam of the inner loop: any other kernel has this signature and finds the same nonces.
 *
 * @param preimage 55 bytes with any nonce (pow/scheme.ts).
 * @param limit 32 bytes, little-endian (`largestDigest`).
 * @returns the first such nonce, or -1.
 */
export type Scan = (preimage: Uint8Array, start: number, count: number, limit: Uint8Array) => number;

/** The plain kernel: one SHA-256 compression (FIPS 180-4, 6.2.2) a nonce. */
export const scan: Scan = (preimage, start, count, limit) => {
	const words = firstWords(preimage);
	const digest = new Uint8Array(32);
	const digestView = new DataView(digest.buffer);
	const limitTop = new DataView(limit.buffer, limit.byteOffset).getUint32(28, true);
	for (let nonce = start; nonce < start + count; nonce++) {
		// The nonce is bytes 48..54: word 12 and the upper three bytes of word 13, before the padding bit.
		words[12] = nonce / 0x100_0000;
		words[13] = ((nonce % 0x100_0000) << 8) | 0x80;
		compress(words, digestView);
		// Nearly every nonce fails on the most significant word.
		if (digestView.getUint32(28, true) <= limitTop && atMost(digest, limit)) return nonce;
	}
	return -1;
};

/** The padded block of a 55-byte message as 16 words, with room for the schedule's 64. */
function firstWords(preimage: Uint8Array): Int32Array {
	const block = new Uint8Array(64);
	block.set(preimage.subarray(0, 55));
	const view = new DataView(block.buffer);
	view.setUint8(55, 0x80);
	view.setUint32(60, 55 * 8);
	const words = new Int32Array(64);
	for (let i = 0; i < 16; i++) words[i] = view.getInt32(4 * i);
	return words;
}

/** First 32 bits of the fractions of a root of the first primes: SHA-256's constants (FIPS 180-4, 4.2.2 and 5.3.3). */
function fractions(count: number, root: (n: number) => number): Int32Array {
	const primes: number[] = [];
	for (let n = 2; primes.length < count; n++) if (primes.every((prime) => n % prime !== 0)) primes.push(n);
	return Int32Array.from(primes, (prime) => (root(prime) % 1) * 0x1_0000_0000);
}

const roundConstants = fractions(64, Math.cbrt);
const [h0 = 0, h1 = 0, h2 = 0, h3 = 0, h4 = 0, h5 = 0, h6 = 0, h7 = 0] = fractions(8, Math.sqrt);

/** Hashes the one block in `words[0..15]` into `digest`; the rest of `words` is scratch. */
function compress(words: Int32Array, digest: DataView): void {
	for (let i = 16; i < 64; i++) {
		const w15 = words[i - 15] ?? 0;
		const w2 = words[i - 2] ?? 0;
		const s0 = ((w15 >>> 7) | (w15 << 25)) ^ ((w15 >>> 18) | (w15 << 14)) ^ (w15 >>> 3);
		const s1 = ((w2 >>> 17) | (w2 << 15)) ^ ((w2 >>> 19) | (w2 << 13)) ^ (w2 >>> 10);
		words[i] = (words[i - 16] ?? 0) + s0 + (words[i - 7] ?? 0) + s1;
	}
	let a = h0;
	let b = h1;
	let c = h2;
	let d = h3;
	let e = h4;
	let f = h5;
	let g = h6;
	let h = h7;
	for (let i = 0; i < 64; i++) {
		const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
		const t1 = (h + s1 + (g ^ (e & (f ^ g))) + (roundConstants[i] ?? 0) + (words[i] ?? 0)) | 0;
		const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
		const t2 = s0 + ((a & b) ^ (c & (a ^ b)));
		h = g;
		g = f;
		f = e;
		e = (d + t1) | 0;
		d = c;
		c = b;
		b = a;
		a = (t1 + t2) | 0;
	}
	digest.setInt32(0, a + h0);
	digest.setInt32(4, b + h1);
	digest.setInt32(8, c + h2);
	digest.setInt32(12, d + h3);
	digest.setInt32(16, e + h4);
	digest.setInt32(20, f + h5);
	digest.setInt32(24, g + h6);
	digest.setInt32(28, h + h7);
}
