import { scan as plainScan, type Scan, type SlowScan } from './kernel.ts';
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

/** Makes a `Scan` of a kernel. */
export function scanWith({ given, search }: BlockSearch): Scan {
	return (...asked) => {
		const asking = questions(given, ...asked);
		let step = asking.next();
		while (!step.done) step = asking.next(search(...step.value));
		return step.value;
	};
}

/** A kernel that answers later, such as a graphics card. */
export interface SlowBlockSearch {
	readonly given: Int32Array;
	readonly search: (...asked: Question) => Promise<number>;
}

/** Like `scanWith`; one scan at a time. */
export function slowScanWith({ given, search }: SlowBlockSearch): SlowScan {
	return async (...asked) => {
		const asking = questions(given, ...asked);
		let step = asking.next();
		while (!step.done) step = asking.next(await search(...step.value));
		return step.value;
	};
}

/** first, count and limit, as in `BlockSearch`. */
type Question = Parameters<BlockSearch['search']>;

/**
 * Gives a kernel its blocks and asks it about one stretch of nonces after another. What it finds is confirmed with the
 * plain kernel. @returns the nonce, or -1.
 */
function* questions(
	given: Int32Array,
	...[preimage, start, count, limit]: Parameters<Scan>
): Generator<Question, number, number> {
	const state = given.subarray(0, stateWords);
	const words = given.subarray(stateWords);
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
		const index = yield [first, stretch, limitTop];
		if (index < 0 || index >= stretch) nonce += stretch;
		else if (plainScan(preimage, nonce + index, 1, limit) < 0) nonce += index + 1;
		else return nonce + index;
	}
	return -1;
}
