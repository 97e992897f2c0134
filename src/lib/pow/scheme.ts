import type { Bytes, Hex, Millis } from '#lib/core/brand.ts';
import { concat, hexBytes, utf8 } from '#lib/core/bytes.ts';
import { tagHasher } from '#lib/core/crypto/hash.ts';
import { Writer } from '#lib/core/wire/cursor.ts';

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

// Pure: a solver's bundle, which derives no seeds, leaves it and its hash out.
const seedHash = /* @__PURE__ */ tagHasher('sweetgossip/pow/seed');

/** Seed of all sub-puzzles (32 bytes): a tagged hash over the terms, each with its length before it. */
export function powSeed(terms: PowTerms): Bytes {
	const out = new Writer();
	const field = (bytes: Uint8Array) => {
		out.u16(bytes.length);
		out.bytes(bytes);
	};
	const integer = (value: number) => {
		out.u16(8);
		out.u64(value);
	};
	field(utf8(terms.scheme));
	field(hexBytes(terms.favourNumber));
	integer(terms.favourTimestamp);
	integer(terms.complexity);
	integer(terms.expiresAt);
	field(hexBytes(terms.asker));
	field(hexBytes(terms.peer));
	field(utf8(terms.topic));
	field(terms.digest);
	return seedHash(out.done());
}

/** Preimage of sub-puzzle `index` with nonce 0: seed[32] || "sweetgossip/pow"[15] || index[1] || nonce[7]. */
export const preimageOf = (seed: Uint8Array, index: number): Bytes =>
	concat(seed, context, new Uint8Array([index]), new Uint8Array(nonceBytes));

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
