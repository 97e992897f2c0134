import { sha512 } from '@noble/hashes/sha2.js';
import { concat } from '#lib/core/bytes.ts';
import type { Bytes } from '#lib/core/brand.ts';
import { err, ok } from '#lib/core/result.ts';
import type { PowScheme } from '#lib/pow/schemes.ts';

/** Bytes of the one nonce. */
const nonceBytes = 8;

/** The first 32 bits of SHA-512 of seed and nonce, as a share of all there are. */
const drawn = (seed: Uint8Array, nonce: Uint8Array): number => {
	const digest = sha512(concat(seed, nonce));
	return new DataView(digest.buffer, digest.byteOffset).getUint32(0) / 2 ** 32;
};

/** A second scheme, as unlike `sha256` as the slot allows: one puzzle, another hash, a proof of eight bytes. */
export const sha512Scheme: PowScheme = {
	name: 'sha512',
	puzzles: 1,
	proofBytes: nonceBytes,
	verify(seed, complexity, proof) {
		const refuse = (code: 'bad-length' | 'bad-nonce') => err({ type: 'pow', code, detail: '' } as const);
		if (proof.length !== nonceBytes) return refuse('bad-length');
		return drawn(seed, proof) * complexity < 1 ? ok(1) : refuse('bad-nonce');
	},
};

export function solveSha512(seed: Uint8Array, complexity: number): { proof: Bytes; hashes: number } {
	const proof = new Uint8Array(nonceBytes);
	const view = new DataView(proof.buffer);
	for (let hashes = 1; ; hashes++) {
		view.setUint32(4, hashes);
		if (drawn(seed, proof) * complexity < 1) return { proof, hashes };
	}
}
