import { atMost } from './scheme.ts';
import { compress } from './sha256.ts';

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

/** The same by something that answers later. */
export type SlowScan = (...asked: Parameters<Scan>) => Promise<number>;

/** The plain kernel: one SHA-256 compression (FIPS 180-4, 6.2.2) a nonce. */
export const scan: Scan = (preimage, start, count, limit) => {
	const words = firstWords(preimage);
	const digest = new Int32Array(8);
	const limitTop = new DataView(limit.buffer, limit.byteOffset).getUint32(28, true);
	for (let nonce = start; nonce < start + count; nonce++) {
		// The nonce is bytes 48..54: word 12 and the upper three bytes of word 13, before the padding bit.
		words[12] = nonce / 0x100_0000;
		words[13] = ((nonce % 0x100_0000) << 8) | 0x80;
		compress(words, digest);
		// Nearly every nonce fails on the most significant word.
		if (swapped(digest[7] ?? 0) <= limitTop && atMost(bytesOf(digest), limit)) return nonce;
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

/** A word with its four bytes in reverse, unsigned. */
const swapped = (word: number): number =>
	((word << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24)) >>> 0;

function bytesOf(digest: Int32Array): Uint8Array {
	const view = new DataView(new ArrayBuffer(32));
	for (const [i, word] of digest.entries()) view.setInt32(4 * i, word);
	return new Uint8Array(view.buffer);
}
