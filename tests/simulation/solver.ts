import type { Bytes } from '#lib/core/brand.ts';
import { sha256 } from '#lib/core/crypto/hash.ts';
import {
	atMost,
	largestDigest,
	nonceAt,
	preimageOf,
	proofOf,
	putNonce,
	subPuzzles,
} from '#lib/pow/scheme.ts';

/** The plainest solver there is, for tiny complexities: tries 0, 1, 2 ... for each sub-puzzle. */
export function solve(seed: Bytes, complexity: number): { readonly proof: Bytes; readonly hashes: number } {
	const limit = largestDigest(complexity);
	let hashes = 0;
	const solutions = Array.from({ length: subPuzzles }, (_, index) => {
		const preimage = preimageOf(seed, index);
		for (let nonce = 0; ; nonce++) {
			putNonce(preimage, nonceAt, nonce);
			hashes += 1;
			if (atMost(sha256(preimage), limit)) return { index, nonce };
		}
	});
	return { proof: proofOf(solutions), hashes };
}
