import { sha256 } from '#lib/core/crypto/hash.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import {
	atMost,
	isTooLarge,
	largestDigest,
	nonceAt,
	nonceBytes,
	preimageOf,
	proofBytes,
	putNonce,
	subPuzzles,
	type Solution,
} from './scheme.ts';

export interface PowError {
	readonly type: 'pow';
	readonly code: 'bad-length' | 'bad-complexity' | 'bad-nonce';
	readonly detail: string;
}

const refuse = (code: PowError['code'], detail: string) => err({ type: 'pow', code, detail } as const);

/**
 * Checks a proof with at most 16 plain SHA-256, stopping at the first bad nonce: junk costs one hash.
 *
 * @returns the hashes spent on checking.
 */
export function verifyProof(
	seed: Uint8Array,
	complexity: number,
	proof: Uint8Array,
): Result<number, PowError> {
	if (!Number.isSafeInteger(complexity) || complexity < 0)
		return refuse('bad-complexity', `${complexity} is no number of hashes`);
	const expected = complexity === 0 ? 0 : proofBytes;
	if (proof.length !== expected) return refuse('bad-length', `${proof.length} bytes, not ${expected}`);
	if (complexity === 0) return ok(0);

	let limit: Uint8Array | undefined;
	const preimage = preimageOf(seed, 0);
	for (let index = 0; index < subPuzzles; index++) {
		preimage[nonceAt - 1] = index;
		preimage.set(proof.subarray(index * nonceBytes, (index + 1) * nonceBytes), nonceAt);
		const digest = sha256(preimage);
		// The exact limit takes arithmetic that junk does not deserve.
		if (isTooLarge(digest, complexity) || !atMost(digest, (limit ??= largestDigest(complexity))))
			return refuse('bad-nonce', `sub-puzzle ${index}`);
	}
	return ok(subPuzzles);
}

/** Whether a nonce solves its sub-puzzle; for what was stored by an earlier life of this program. */
export function isSolved(seed: Uint8Array, complexity: number, { index, nonce }: Solution): boolean {
	const preimage = preimageOf(seed, index);
	putNonce(preimage, nonceAt, nonce);
	return atMost(sha256(preimage), largestDigest(complexity));
}
