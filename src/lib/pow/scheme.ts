import type { Bytes, Hex, Millis } from '#lib/core/brand.ts';
import { putHex, utf8 } from '#lib/core/bytes.ts';
import { tagHasher } from '#lib/core/crypto/hash.ts';

/**
 * Scheme `sha256`. A proof is 16 small puzzles instead of one large: the same expected work, but the slowest of
 * twenty runs takes 1.44 times the mean instead of 3 times. Complexity is the expected number of hashes of the
 * whole proof, so it is linear: twice the complexity, twice the work.
 */
export const powScheme = 'sha256';

/** Sub-puzzles of a proof. */
export const subPuzzles = 16;

/** A nonce is a big-endian 56-bit integer: with it the preimage is 55 bytes, exactly one SHA-256 block. */
export const nonceBytes = 7;

/** Bytes of a proof; one for complexity 0 is empty. */
export const proofBytes = subPuzzles * nonceBytes;

const context = utf8('sweetgossip/pow');
/** Where the nonce stands in a preimage: after seed, context and the sub-puzzle's number. */
export const nonceAt = 32 + context.length + 1;

/** What a proof pays for. Any change of any field makes another puzzle. */
export interface PowTerms {
	readonly scheme: string;
	/** 8 bytes. */
	readonly favourNumber: Hex;
	readonly favourTimestamp: Millis;
	readonly complexity: number;
	/** When the favour lapses, by the clock of who granted it. */
	readonly expiresAt: Millis;
	/** x-only keys of the two ends of the link. */
	readonly asker: Hex;
	readonly peer: Hex;
	readonly topic: string;
	/** SHA-256 of what is paid for, without the proof. */
	readonly digest: Bytes;
}

/** Bytes of the terms besides scheme, topic and digest: nine lengths, four integers, two keys. */
const fixedTerms = 9 * 2 + 4 * 8 + 2 * 32;

// Pure: a solver's bundle, which derives no seeds, leaves it and its hash out.
const seedHash = /* @__PURE__ */ tagHasher('sweetgossip/pow/seed');

/**
 * Seed of all sub-puzzles (32 bytes): a tagged hash over the terms, each with its length before it. Whoever sends junk
 * has it computed, so that it is written in one piece, without a copy of any part.
 */
export function powSeed(terms: PowTerms): Bytes {
	const scheme = utf8(terms.scheme);
	const topic = utf8(terms.topic);
	const { digest } = terms;
	const bytes = new Uint8Array(fixedTerms + scheme.length + topic.length + digest.length);
	const view = new DataView(bytes.buffer);
	let at = 0;
	const field = (value: Uint8Array) => {
		view.setUint16(at, value.length);
		bytes.set(value, at + 2);
		at += 2 + value.length;
	};
	const hex = (value: Hex, length: number) => {
		view.setUint16(at, length);
		if (value.length !== 2 * length || !putHex(bytes, at + 2, value)) throw new Error('not hex');
		at += 2 + length;
	};
	const integer = (value: number) => {
		view.setUint16(at, 8);
		view.setUint32(at + 2, Math.floor(value / 2 ** 32));
		view.setUint32(at + 6, value % 2 ** 32);
		at += 10;
	};
	field(scheme);
	hex(terms.favourNumber, 8);
	integer(terms.favourTimestamp);
	integer(terms.complexity);
	integer(terms.expiresAt);
	hex(terms.asker, 32);
	hex(terms.peer, 32);
	field(topic);
	field(digest);
	return seedHash(bytes);
}

/** Preimage of sub-puzzle `index` with nonce 0: seed[32] || "sweetgossip/pow"[15] || index[1] || nonce[7]. */
export function preimageOf(seed: Uint8Array, index: number): Bytes {
	const preimage = new Uint8Array(nonceAt + nonceBytes);
	preimage.set(seed);
	preimage.set(context, seed.length);
	preimage[nonceAt - 1] = index;
	return preimage;
}

/** How many digests there are. */
const digests = 1n << 256n;
const dividend = digests * BigInt(subPuzzles);

/**
 * The largest digest that solves a sub-puzzle, as 32 bytes little-endian: one less than floor(2^256 * 16 / complexity).
 * Complexity is an integer in 1..2^53-1; up to 16 every digest will do.
 */
export function largestDigest(complexity: number): Bytes {
	let rest = (complexity < subPuzzles ? digests : dividend / BigInt(complexity)) - 1n;
	const view = new DataView(new ArrayBuffer(32));
	for (let at = 0; at < 32; at += 8) {
		view.setBigUint64(at, BigInt.asUintN(64, rest), true);
		rest >>= 64n;
	}
	return new Uint8Array(view.buffer);
}

/** Whether `digest`, read as a little-endian integer, is at most `limit`. */
export function atMost(digest: Uint8Array, limit: Uint8Array): boolean {
	for (let i = 31; i >= 0; i--) {
		const difference = (digest[i] ?? 0) - (limit[i] ?? 0);
		if (difference !== 0) return difference < 0;
	}
	return true;
}

/**
 * Whether the most significant word of `digest` alone says that it solves no sub-puzzle of this complexity (an integer
 * in 1..2^53-1): the word times 2^224 is no less than 2^256 * 16 / complexity. Never true of a digest within
 * `largestDigest`: a quotient rounded to 53 bits does not fall under a 32-bit integer that the exact one reaches.
 */
export function isTooLarge(digest: Uint8Array, complexity: number): boolean {
	const byte = (at: number) => digest[at] ?? 0;
	const top = ((byte(31) << 24) | (byte(30) << 16) | (byte(29) << 8) | byte(28)) >>> 0;
	return top > (subPuzzles * 2 ** 32) / complexity;
}

/** A solved sub-puzzle. */
export interface Solution {
	readonly index: number;
	/** At most 2^53 - 1, though the format has room for 2^56 - 1. */
	readonly nonce: number;
}

/** Writes a nonce into a preimage or proof at `at`, big-endian. */
export function putNonce(bytes: Uint8Array, at: number, nonce: number): void {
	for (let i = nonceBytes - 1, rest = nonce; i >= 0; i--, rest = Math.floor(rest / 256))
		bytes[at + i] = rest % 256;
}

/** The proof of 16 solutions, in order of their index. */
export function proofOf(solutions: Iterable<Solution>): Bytes {
	const proof = new Uint8Array(proofBytes);
	for (const { index, nonce } of solutions) putNonce(proof, index * nonceBytes, nonce);
	return proof;
}
