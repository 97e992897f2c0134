import type { Bytes } from '#lib/core/brand.ts';

/** 5-bit words to bytes; the bits left over at the end are dropped. */
export function wordsToBytes(words: readonly number[]): Bytes {
	const bytes = new Uint8Array(Math.floor((words.length * 5) / 8));
	let bits = 0;
	let have = 0;
	let at = 0;
	for (const word of words) {
		bits = ((bits << 5) | word) & 0xfff;
		have += 5;
		if (have < 8) continue;
		have -= 8;
		bytes[at++] = (bits >> have) & 0xff;
	}
	return bytes;
}

/** Bytes to 5-bit words, the last one filled up with zero bits. */
export function bytesToWords(bytes: Uint8Array): number[] {
	const words: number[] = [];
	let bits = 0;
	let have = 0;
	for (const byte of bytes) {
		bits = ((bits << 8) | byte) & 0x1fff;
		have += 8;
		while (have >= 5) {
			have -= 5;
			words.push((bits >> have) & 31);
		}
	}
	if (have > 0) words.push((bits << (5 - have)) & 31);
	return words;
}

/** A big-endian number; undefined when it is not safely countable. */
export function wordsToNumber(words: readonly number[]): number | undefined {
	const value = words.reduce((sum, word) => sum * 32 + word, 0);
	return Number.isSafeInteger(value) ? value : undefined;
}

/** A number in as few words as it needs, or in `length`. */
export function numberToWords(value: number, length = 0): number[] {
	const words: number[] = [];
	for (let rest = value; rest > 0; rest = Math.floor(rest / 32)) words.unshift(rest % 32);
	while (words.length < length) words.unshift(0);
	return words;
}
