import { scan as plainScan, type Scan } from './kernel.ts';
import { runRounds } from './sha256.ts';

/** Words of the block before the one whose upper 24 bits a kernel counts through: rounds that it need not repeat. */
export const fixedWords = 13;
/** Words of SHA-256's state. */
export const stateWords = 8;
/** Nonces in that word: its low byte is padding. */
const noncesInWord = 0x100_0000;

/** A generated kernel (pow/generator), whatever it runs on. */
export interface BlockSearch {
	/** Filled in before a search: the state after 13 rounds, then the 13 words. */
	readonly given: Int32Array;
	/**
	 * Tries at least `count` nonces from `first` on in word 13.
	 *
	 * @param limit most significant word of the largest digest that will do, as a little-endian integer.
	 * @returns index of the first whose digest's most significant word is at most `limit`, or -1. One of `count` or
	 * more is none.
	 */
	readonly search: (first: number, count: number, limit: number) => number;
}

/** Makes a `Scan` of a kernel: gives it blocks, and confirms what it finds with the plain kernel. */
export function scanWith({ given, search }: BlockSearch): Scan {
	const state = given.subarray(0, stateWords);
	const words = given.subarray(stateWords);
	return (preimage, start, count, limit) => {
		const view = new DataView(preimage.buffer, preimage.byteOffset);
		const limitTop = new DataView(limit.buffer, limit.byteOffset).getUint32(28, true);
		for (let i = 0; i < fixedWords - 1; i++) words[i] = view.getInt32(4 * i);
		const end = start + count;
		let nonce = start;
		while (nonce < end) {
			words[fixedWords - 1] = nonce / noncesInWord;
			runRounds(words, fixedWords, state);
			const first = nonce % noncesInWord;
			const stretch = Math.min(end - nonce, noncesInWord - first);
			const index = search(first, stretch, limitTop);
			if (index < 0 || index >= stretch) nonce += stretch;
			else if (plainScan(preimage, nonce + index, 1, limit) < 0) nonce += index + 1;
			else return nonce + index;
		}
		return -1;
	};
}
